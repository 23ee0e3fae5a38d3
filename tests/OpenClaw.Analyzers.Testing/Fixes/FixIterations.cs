namespace OpenClaw.Analyzers.Testing;

/// <summary>How many code actions are expected to be applied one after the other: exactly a number, or at most one.</summary>
internal readonly record struct FixIterations
{
    private FixIterations(int limit, bool isExact)
    {
        Limit = limit;
        IsExact = isExact;
    }

    /// <summary>The expected number, or the largest.</summary>
    public int Limit { get; }

    public bool IsExact { get; }

    /// <param name="number">The exact number if it is not negative, or else the largest with a minus sign. At most one means one.</param>
    public static FixIterations From(int number) => number switch
    {
        >= 0 => new(number, isExact: true),
        -1 => new(1, isExact: true),
        _ => new(-number, isExact: false),
    };

    /// <summary>Whether another action may be tried. One too many is tried, so that a test can say that it was offered.</summary>
    public bool AllowAnother(int applied) => applied <= Limit;

    /// <summary>What is wrong with a number of actions; <see langword="null"/> if nothing is.</summary>
    public string? Judge(int applied, bool wasStopped)
    {
        if (wasStopped || (!IsExact && applied > Limit))
        {
            return $"More code actions are offered, one after the other, than the expected {(IsExact ? "" : "at most ")}{Limit}. "
                + "Does the fix leave what it should mend?";
        }

        return applied == Limit || !IsExact
            ? null
            : Limit == 0
                ? "No code action is expected, but one is offered that changes nothing."
                : $"The number of code actions that were applied one after the other is {applied}; expected is {Limit}.";
    }
}
