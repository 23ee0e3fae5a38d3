using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience.RunWorker;

/// <summary>
/// Passes everything on; the bugs override one thing each. Records are numbered anew, for a bug changes how many there are.
/// </summary>
internal abstract class BuggyStore(ICheckpointStore inner) : ICheckpointStore
{
    /// <summary>Where the next record goes.</summary>
    protected long Next { get; set; }

    public Task<RunLease> AcquireAsync(RunId runId, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        inner.AcquireAsync(runId, owner, duration, cancellationToken);

    public Task RenewAsync(RunLease lease, CancellationToken cancellationToken = default) => inner.RenewAsync(lease, cancellationToken);

    public async IAsyncEnumerable<StepRecord> ReadAsync(
        RunLease lease, long fromSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<StepRecord> records = [];
        await foreach (StepRecord record in inner.ReadAsync(lease, fromSequence, cancellationToken))
        {
            records.Add(record);
        }

        Next = records.Count;
        foreach (StepRecord record in Seen(records))
        {
            yield return record;
        }
    }

    public abstract Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default);

    public Task ReleaseAsync(RunLease lease) => inner.ReleaseAsync(lease);

    public Task<int> PruneAsync(DateTimeOffset endedBefore, bool includeStale = false, CancellationToken cancellationToken = default) =>
        inner.PruneAsync(endedBefore, includeStale, cancellationToken);

    protected virtual IEnumerable<StepRecord> Seen(List<StepRecord> records) => records;

    protected Task AppendInnerAsync(RunLease lease, StepRecord record) => inner.AppendAsync(lease, record with { Sequence = Next++ });
}

/// <summary>Acknowledges results and writes them some results later.</summary>
internal sealed class AckBeforeAppendStore(ICheckpointStore inner) : BuggyStore(inner)
{
    // More than are under way at once, so that whenever the process dies some of those held back were acknowledged.
    private const int HeldBack = 5;

    private readonly Queue<StepRecord> _pending = new();

    public override async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        if (record.Kind is not (StepRecordKind.StepCompleted or StepRecordKind.RunCompleted))
        {
            await AppendInnerAsync(lease, record);
            return;
        }

        _pending.Enqueue(record);
        while (_pending.Count > (record.Kind == StepRecordKind.RunCompleted ? 0 : HeldBack))
        {
            await AppendInnerAsync(lease, _pending.Dequeue());
        }
    }
}

/// <summary>Writes each result twice.</summary>
internal sealed class DuplicateAppendStore(ICheckpointStore inner) : BuggyStore(inner)
{
    public override async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        await AppendInnerAsync(lease, record);
        if (record.Kind == StepRecordKind.StepCompleted)
        {
            await AppendInnerAsync(lease, record);
        }
    }
}

/// <summary>Forgets the last result when a run is opened, and its mark with it.</summary>
internal sealed class LostTailStore(ICheckpointStore inner) : BuggyStore(inner)
{
    public override Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default) => AppendInnerAsync(lease, record);

    protected override IEnumerable<StepRecord> Seen(List<StepRecord> records)
    {
        string? lost = records.FindLast(record => record.Kind == StepRecordKind.StepCompleted)?.Step;
        return records.Where(record => record.Step.Length == 0 || record.Step != lost);
    }
}

/// <summary>Drops start marks, so that a step which was cut off is repeated without a word.</summary>
internal sealed class LostMarksStore(ICheckpointStore inner) : BuggyStore(inner)
{
    public override Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default) =>
        record.Kind == StepRecordKind.StepStarted ? Task.CompletedTask : AppendInnerAsync(lease, record);
}
