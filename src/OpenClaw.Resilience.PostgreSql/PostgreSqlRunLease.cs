namespace OpenClaw.Resilience;

/// <summary>A lease, and what the store knows of the last append under it.</summary>
/// <param name="runId">The run.</param>
/// <param name="owner">Who holds it.</param>
/// <param name="generation">Its generation.</param>
/// <param name="fencingToken">The token.</param>
/// <param name="key">The key of the run's row.</param>
internal sealed class PostgreSqlRunLease(RunId runId, string owner, int generation, long fencingToken, long key)
    : RunLease(runId, owner, generation, fencingToken)
{
    public long Key { get; } = key;

    /// <summary>Fences off appends of this lease that are still on their way: each one names the epoch in which it was sent.</summary>
    public long Epoch { get; set; }

    /// <summary>An append was sent, and nobody has said what became of it.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>One append, or one look at what became of it, at a time. Never waited on by its handle, so nothing is left to dispose
    /// of.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);
}
