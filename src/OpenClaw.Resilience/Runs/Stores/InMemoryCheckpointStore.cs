using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience;

/// <summary>
/// Keeps runs in memory, for tests of agents: everything of the contract but durability. Leases expire, as in a store for several machines.
/// </summary>
/// <param name="timeProvider">The clock by which leases expire. Default: the system's.</param>
public sealed class InMemoryCheckpointStore(TimeProvider? timeProvider = null) : ICheckpointStore
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly object _lock = new();
    private readonly Dictionary<RunId, Run> _runs = [];

    /// <inheritdoc/>
    public Task<RunLease> AcquireAsync(RunId runId, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        lock (_lock)
        {
            Run run = Find(runId);
            if (run.Holder is { } holder && run.ExpiresAt > _time.GetUtcNow())
            {
                throw new CheckpointConflictException(runId, holder.Owner, run.HeldSince);
            }

            if (run.Generations[^1] is [.., { Kind: StepRecordKind.RunCompleted }])
            {
                run.Generations.Add([]);
            }

            run.HeldSince = _time.GetUtcNow();
            run.ExpiresAt = run.HeldSince + duration;
            int generation = run.FirstGeneration + run.Generations.Count - 1;
            run.Holder = new RunLease(runId, owner, generation, ++run.LastToken) { Duration = duration };
            return Task.FromResult(run.Holder);
        }
    }

    /// <inheritdoc/>
    public Task RenewAsync(RunLease lease, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            Held(lease).ExpiresAt = _time.GetUtcNow() + lease.Duration!.Value;
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StepRecord> ReadAsync(
        RunLease lease, long fromSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StepRecord[] records;
        lock (_lock)
        {
            records = [.. Held(lease).Generations[^1].Skip((int)fromSequence)];
        }

        foreach (StepRecord record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            List<StepRecord> log = Held(lease).Generations[^1];
            if (log is [.., { Kind: StepRecordKind.RunCompleted }])
            {
                throw new InvalidOperationException($"Run '{lease.RunId}' is complete; nothing can be appended to it.");
            }

            if (record.Sequence != log.Count)
            {
                throw new CheckpointConflictException(
                    lease.RunId, CheckpointConflict.Version,
                    $"Record {record.Sequence} of run '{lease.RunId}' can't be appended: the log has {log.Count} records.");
            }

            // The caller may reuse its buffers.
            log.Add(record with { Payload = record.Payload.ToArray(), InputDigest = record.InputDigest.ToArray() });
            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(RunLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        lock (_lock)
        {
            if (_runs.TryGetValue(lease.RunId, out Run? run) && run.Holder == lease)
            {
                run.Holder = null;
            }

            return Task.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public Task<int> PruneAsync(DateTimeOffset endedBefore, bool includeStale = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            int deleted = 0;
            foreach (Run run in _runs.Values)
            {
                bool held = run.Holder is not null && run.ExpiresAt > _time.GetUtcNow();
                deleted += held ? 0 : run.Prune(log => IsOver(log, endedBefore, includeStale));
            }

            return Task.FromResult(deleted);
        }
    }

    private static bool IsOver(List<StepRecord> log, DateTimeOffset endedBefore, bool includeStale) =>
        log is [.., var last] && last.At < endedBefore && (includeStale || last.Kind == StepRecordKind.RunCompleted);

    private Run Find(RunId runId)
    {
        if (!_runs.TryGetValue(runId, out Run? run))
        {
            _runs[runId] = run = new Run();
        }

        return run;
    }

    private Run Held(RunLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return _runs.TryGetValue(lease.RunId, out Run? run) && run.Holder == lease
            ? run
            : throw new CheckpointConflictException(
                lease.RunId, CheckpointConflict.FencedOff,
                $"Run '{lease.RunId}' was given back or taken over; the lease with token {lease.FencingToken} is no longer valid.");
    }

    private sealed class Run
    {
        public int FirstGeneration { get; private set; } = 1;

        public List<List<StepRecord>> Generations { get; } = [[]];

        public RunLease? Holder { get; set; }

        public DateTimeOffset HeldSince { get; set; }

        public DateTimeOffset ExpiresAt { get; set; }

        public long LastToken { get; set; }

        public int Prune(Predicate<List<StepRecord>> isOver)
        {
            int deleted = Generations.RemoveAll(isOver);
            FirstGeneration += deleted;
            if (Generations.Count == 0)
            {
                Generations.Add([]);
            }

            return deleted;
        }
    }
}
