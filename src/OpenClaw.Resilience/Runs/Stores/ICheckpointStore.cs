namespace OpenClaw.Resilience;

/// <summary>Stores runs as append-only logs. Every append names the version it expects and is made under a fencing token.</summary>
/// <remarks>
/// <para>The contract, for those who write a store:</para>
/// <list type="bullet">
/// <item>A run has generations. Only the last one is open; <see cref="StepRecordKind.RunCompleted"/> closes it, and the next acquisition
/// begins another.</item>
/// <item>One lease is valid at a time: the one with the highest token. Whoever took the run later has fenced off everyone before, whatever
/// their clocks say.</item>
/// <item>An append is atomic: after a failure, or a crash at any instant, the record is there as a whole or not at all.</item>
/// <item>A durable record (<see cref="StepRecord.IsDurable"/>) and all before it are on durable storage when <see cref="AppendAsync"/>
/// returns.</item>
/// <item>An append that has begun is not torn by cancellation. When its outcome is unknown (a lost connection) it throws what it likes but
/// <see cref="CheckpointConflictException"/>; the caller then reads on from the version it knew to learn whether the record is
/// there.</item>
/// <item>Members may be called at the same time for different runs. For one lease the caller makes one append after the other.</item>
/// </list>
/// </remarks>
public interface ICheckpointStore
{
    /// <summary>Takes a run: its unfinished generation, or a new one when there is none.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="owner">Who takes it, for the message that others get.</param>
    /// <param name="duration">How long the lease lasts without renewal, where leases expire.</param>
    /// <param name="cancellationToken">Gives up before the run is taken.</param>
    /// <exception cref="CheckpointConflictException">Someone else holds the run (<see cref="CheckpointConflict.Held"/>).</exception>
    /// <exception cref="CheckpointCorruptedException">What is stored can't be read, and cutting off an incomplete end doesn't
    /// help.</exception>
    /// <exception cref="CheckpointVersionException">It was written in a newer format than this library knows.</exception>
    /// <exception cref="CheckpointStoreException">The store can't be reached or written.</exception>
    Task<RunLease> AcquireAsync(RunId runId, string owner, TimeSpan duration, CancellationToken cancellationToken = default);

    /// <summary>Extends a lease by its duration from now. Never called for a lease without <see cref="RunLease.Duration"/>.</summary>
    /// <exception cref="CheckpointConflictException">Someone else has taken the run
    /// (<see cref="CheckpointConflict.FencedOff"/>).</exception>
    Task RenewAsync(RunLease lease, CancellationToken cancellationToken = default);

    /// <summary>Reads the records of the lease's generation in order, from the given sequence number to the last one appended.</summary>
    /// <exception cref="CheckpointConflictException">Someone else has taken the run, or the lease was released
    /// (<see cref="CheckpointConflict.FencedOff"/>).</exception>
    IAsyncEnumerable<StepRecord> ReadAsync(RunLease lease, long fromSequence = 0, CancellationToken cancellationToken = default);

    /// <summary>Appends a record whose <see cref="StepRecord.Sequence"/> is the number of records there are, or changes nothing.</summary>
    /// <exception cref="CheckpointConflictException">Someone else has taken the run, or the lease was released
    /// (<see cref="CheckpointConflict.FencedOff"/>), or the log isn't where the record expects it
    /// (<see cref="CheckpointConflict.Version"/>).</exception>
    /// <exception cref="InvalidOperationException">The generation is complete.</exception>
    /// <exception cref="CheckpointStoreException">The record could not be written.</exception>
    Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default);

    /// <summary>Gives the run back. Does nothing when it was given back or taken over already.</summary>
    Task ReleaseAsync(RunLease lease);

    /// <summary>Deletes generations that were completed before the given time; never one of a run that someone holds.</summary>
    /// <param name="endedBefore">Only generations completed before this instant are deleted.</param>
    /// <param name="includeStale">Also delete unfinished generations whose last record is older than <paramref name="endedBefore"/>: they
    /// can't be resumed any more.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>How many generations were deleted.</returns>
    Task<int> PruneAsync(DateTimeOffset endedBefore, bool includeStale = false, CancellationToken cancellationToken = default);
}
