namespace OpenClaw.Resilience;

/// <summary>Appends to a run one record after the other, and finds out what became of an append whose outcome it doesn't know.</summary>
internal sealed class RunLog(ICheckpointStore store, RunLease lease, long version) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly object _behindLock = new();
    private readonly List<StepRecord> _arrivedLate = [];
    private long _version = version;
    private Task _behind = Task.CompletedTask;
    private StepRecord? _uncertain;

    public RunLease Lease => lease;

    /// <summary>Appends the record at the end of the log.</summary>
    /// <remarks>Not cancellable: an append that has begun is finished, and one that waits its turn is the result of work done.</remarks>
    /// <returns>The record with its sequence number.</returns>
    public async Task<StepRecord> AppendAsync(StepRecord draft)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await ResolveAsync().ConfigureAwait(false);
            if (_arrivedLate.Find(late => late == draft with { Sequence = late.Sequence }) is { } arrived)
            {
                return arrived;
            }

            StepRecord record = draft with { Sequence = _version };
            _uncertain = record;
            await store.AppendAsync(lease, record, CancellationToken.None).ConfigureAwait(false);
            _uncertain = null;
            _version++;
            return record;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Appends a record that nobody waits for and that the run can do without. It is in the log before all that is appended later.
    /// </summary>
    public void AppendBehind(StepRecord draft)
    {
        lock (_behindLock)
        {
            Task append = AppendAsync(draft);
            _behind = _behind.IsCompleted ? append : Task.WhenAll(_behind, append);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task behind;
        lock (_behindLock)
        {
            behind = _behind;
        }

        // What failed is gone or in the log: the next append, or the next process, finds out which.
        await behind.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _turn.Dispose();
    }

    /// <summary>Learns whether the last append, when it threw, has reached the log all the same.</summary>
    private async Task ResolveAsync()
    {
        if (_uncertain is null)
        {
            return;
        }

        bool arrived = false;
        await foreach (StepRecord record in store.ReadAsync(lease, _version).ConfigureAwait(false))
        {
            if (arrived || record != _uncertain)
            {
                throw new CheckpointConflictException(
                    lease.RunId, CheckpointConflict.Version, $"Someone else has written record {record.Sequence} of run '{lease.RunId}'.");
            }

            arrived = true;
        }

        if (arrived)
        {
            _arrivedLate.Add(_uncertain);
            _version++;
        }

        _uncertain = null;
    }
}
