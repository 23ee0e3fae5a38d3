namespace OpenClaw.Resilience.Chaos;

/// <summary>What the schedules did: a checker that never saw a retry has proven nothing about retries.</summary>
internal sealed class Totals
{
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>A digest of all courses: the same seeds must give the same one.</summary>
    public ulong Digest { get; private set; } = 14695981039346656037;

    public void Count(string what, int by = 1) => _counts[what] = _counts.GetValueOrDefault(what) + by;

    public void Add(CallRecord call)
    {
        Count("calls");
        Count($"{call.Shape} calls");
        Count("attempts", call.Attempts.Count);
        Count("retries", Math.Max(0, call.Attempts.Count - 1));
        Count(call.Exception switch
        {
            null => "results",
            GatewayRejectedException rejected => $"rejected:{rejected.Reason}",
            OperationCanceledException { InnerException: TimeoutException } => "timed out",
            OperationCanceledException => "cancelled",
            _ => "failed",
        });
        Count("retries on a budget", call.Budgets.Count > 0 ? Math.Max(0, call.Attempts.Count - 1) : 0);
        foreach (char c in call.ToString())
        {
            Digest = (Digest ^ c) * 1099511628211;
        }
    }

    public override string ToString() => $"{string.Join(", ", _counts.Select(pair => $"{pair.Value} {pair.Key}"))}; digest {Digest:x}";
}
