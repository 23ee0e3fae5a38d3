namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Shorthands for tests of stores.</summary>
internal static class StoreExtensions
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    public static Task<RunLease> AcquireAsync(this ICheckpointStore store, RunId runId, string owner = "tester") =>
        store.AcquireAsync(runId, owner, Duration);

    public static async Task<List<StepRecord>> ReadAllAsync(this ICheckpointStore store, RunLease lease, long from = 0)
    {
        List<StepRecord> records = [];
        await foreach (StepRecord record in store.ReadAsync(lease, from))
        {
            records.Add(record);
        }

        return records;
    }

    /// <summary>What the open generation of a run holds, read by someone who takes the run and gives it back.</summary>
    public static async Task<List<StepRecord>> InspectAsync(this ICheckpointStore store, RunId runId)
    {
        RunLease lease = await store.AcquireAsync(runId);
        List<StepRecord> records = await store.ReadAllAsync(lease);
        await store.ReleaseAsync(lease);
        return records;
    }
}
