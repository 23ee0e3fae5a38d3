namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A store that shows what is appended to it and fails or waits where a test says so.</summary>
internal sealed class ScriptedStore(ICheckpointStore inner) : ICheckpointStore
{
    private readonly object _lock = new();
    private readonly List<StepRecord> _appended = [];

    /// <summary>Runs before a record reaches the store.</summary>
    public Func<StepRecord, Task> BeforeAppend { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs when it is there, before the caller is told.</summary>
    public Func<StepRecord, Task> AfterAppend { get; set; } = _ => Task.CompletedTask;

    public Func<Task> BeforeRenew { get; set; } = () => Task.CompletedTask;

    public Func<Task> BeforeRelease { get; set; } = () => Task.CompletedTask;

    public int Renewals { get; private set; }

    /// <summary>Every record that reached the store, over all processes and generations.</summary>
    public IReadOnlyList<StepRecord> Appended
    {
        get
        {
            lock (_lock)
            {
                return [.. _appended];
            }
        }
    }

    public Task<RunLease> AcquireAsync(RunId runId, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        inner.AcquireAsync(runId, owner, duration, cancellationToken);

    public async Task RenewAsync(RunLease lease, CancellationToken cancellationToken = default)
    {
        await BeforeRenew();
        await inner.RenewAsync(lease, cancellationToken);
        Renewals++;
    }

    public IAsyncEnumerable<StepRecord> ReadAsync(RunLease lease, long fromSequence = 0, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(lease, fromSequence, cancellationToken);

    public async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        await BeforeAppend(record);
        await inner.AppendAsync(lease, record, cancellationToken);
        lock (_lock)
        {
            _appended.Add(record);
        }

        await AfterAppend(record);
    }

    public async Task ReleaseAsync(RunLease lease)
    {
        await BeforeRelease();
        await inner.ReleaseAsync(lease);
    }

    public Task<int> PruneAsync(DateTimeOffset endedBefore, bool includeStale = false, CancellationToken cancellationToken = default) =>
        inner.PruneAsync(endedBefore, includeStale, cancellationToken);
}
