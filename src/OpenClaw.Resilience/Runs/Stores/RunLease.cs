namespace OpenClaw.Resilience;

/// <summary>The right to write to one generation of a run. Stores derive from it to keep what they need for the run.</summary>
/// <param name="runId">The run.</param>
/// <param name="owner">Who holds it, for messages.</param>
/// <param name="generation">Which generation of the run: 1 for the first, the next one after a completed one.</param>
/// <param name="fencingToken">Grows with every acquisition of the run; a store refuses writes under an older one.</param>
public class RunLease(RunId runId, string owner, int generation, long fencingToken)
{
    /// <summary>The run.</summary>
    public RunId RunId { get; } = runId;

    /// <summary>Who holds it, for messages.</summary>
    public string Owner { get; } = owner;

    /// <summary>Which generation of the run the lease is for.</summary>
    public int Generation { get; } = generation;

    /// <summary>Grows with every acquisition of the run.</summary>
    public long FencingToken { get; } = fencingToken;

    /// <summary>
    /// How long the lease lasts without <see cref="ICheckpointStore.RenewAsync"/>; null when it lasts as long as the process that holds it.
    /// </summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>What the store had to repair to open the run; null when nothing.</summary>
    public JournalRepair? Repair { get; init; }
}
