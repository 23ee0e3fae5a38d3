namespace OpenClaw.Resilience;

/// <summary>What earlier processes have recorded of a run's current generation.</summary>
internal sealed class RunHistory
{
    private readonly Dictionary<string, StepHistory> _steps = [];
    private readonly List<string> _order = [];

    /// <summary>The generation's random key; null when no process has opened the generation before.</summary>
    public ReadOnlyMemory<byte>? GenerationKey { get; private set; }

    /// <summary>The sequence number of the next record.</summary>
    public long Version { get; private set; }

    /// <summary>The retries spent, less those that finished steps gave back.</summary>
    public int RetriesSpent { get; private set; }

    /// <summary>What the steps have seen of their gateway sessions.</summary>
    public SessionLedger Sessions { get; } = new();

    /// <summary>The steps by key.</summary>
    public Dictionary<string, StepHistory> Steps => _steps;

    /// <summary>The keys in the order in which the steps first started.</summary>
    public IReadOnlyList<string> Order => _order;

    /// <exception cref="CheckpointVersionException">A record was written by a newer program, or by an older one whose results can't be
    /// migrated.</exception>
    public static async Task<RunHistory> ReadAsync(
        ICheckpointStore store, RunLease lease, ResultMigration migration, CancellationToken cancellationToken)
    {
        var history = new RunHistory();
        await foreach (StepRecord record in store.ReadAsync(lease, 0, cancellationToken).ConfigureAwait(false))
        {
            migration.Require(lease.RunId, record);
            history.Add(record);
        }

        return history;
    }

    public RunRecoveryReport Report(JournalRepair? repair) => new(
        GenerationKey is not null,
        _steps.Values.Count(step => step.Completed is not null),
        [.. _order.Select(key => _steps[key].InDoubt).OfType<InDoubtStep>()],
        repair);

    private void Add(StepRecord record)
    {
        Version = record.Sequence + 1;
        if (record.Kind == StepRecordKind.RunOpened)
        {
            GenerationKey ??= record.Payload;
        }

        RetriesSpent = record.Kind switch
        {
            StepRecordKind.RetrySpent => RetriesSpent + 1,
            StepRecordKind.StepCompleted => Math.Max(0, RetriesSpent - AgentRun.RetriesBackPerStep),
            _ => RetriesSpent,
        };

        if (record.Step.Length == 0)
        {
            return;
        }

        if (!_steps.TryGetValue(record.Step, out StepHistory? step))
        {
            _steps.Add(record.Step, step = new StepHistory(record.Step));
            _order.Add(record.Step);
        }

        step.Replay(record);
        Sessions.Learn(record);
    }
}
