namespace OpenClaw.Resilience.Chaos;

/// <summary>What a retry budget should have been charged, counted by those who made the calls.</summary>
internal sealed class BudgetBook(RetryBudget budget)
{
    private int _retries;
    private int _unmade;
    private int _givenBack;

    public RetryBudget Budget => budget;

    /// <summary>A call under the budget has ended.</summary>
    public void Charge(CallRecord call)
    {
        // Those of a nested call are its outer call's.
        if (call.Shape == Shape.Inner)
        {
            return;
        }

        int retries = Math.Max(0, call.Attempts.Count - 1);
        _retries += retries;
        // Paid for, but then refused or cancelled before it was made. A socket's retries include those that found no connection.
        _unmade += call.Shape == Shape.Socket ? call.State.Options.MaxRetries - retries
            : call.Exception is OperationCanceledException or GatewayRejectedException || call.IsAbandoned ? 1 : 0;
    }

    public void GiveBack()
    {
        int before = budget.Spent;
        budget.GiveBack();
        _givenBack += before - budget.Spent;
    }

    public IEnumerable<string> Check()
    {
        int paid = budget.Spent + _givenBack;
        if (paid < _retries || paid > _retries + _unmade)
        {
            yield return $"A budget was charged {paid} retries for {_retries}, and at most {_unmade} that were not made";
        }

        if (_retries > budget.MaxRetries + _givenBack)
        {
            yield return $"A budget of {budget.MaxRetries} and {_givenBack} given back allowed {_retries} retries";
        }
    }
}
