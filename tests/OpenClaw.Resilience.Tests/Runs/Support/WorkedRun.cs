namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A run that processes of their own work on while something is done to them, and the judgement of what they left.</summary>
/// <param name="place">The store's directory, or the connection string of its database.</param>
/// <param name="store">That store, opened by this process.</param>
/// <param name="log">A new file for what the workers did.</param>
internal sealed class WorkedRun(string place, ICheckpointStore store, string log) : IDisposable
{
    private readonly EffectLogTail _tail = new(log);

    public RunId Id { get; } = RunId.Create("worked");

    public string Bug { get; init; } = "none";

    /// <summary>Takes the run from a worker that was killed. A lock ends with its process; a lease would have to run out.</summary>
    public Func<Task> FreeAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>How many steps were executed so far.</summary>
    public int Executions => _tail.Executions();

    /// <param name="through">Another way to the same place, such as a proxy.</param>
    public WorkerProcess StartWorker(string? through = null) => WorkerProcess.Start("work", through ?? place, Id.Value, log, Bug);

    public WorkerProcess StartSharingWorker(TimeSpan lease) =>
        WorkerProcess.Start("share", place, Id.Value, log, Bug, $"{lease.TotalMilliseconds:F0}");

    /// <summary>Waits until so many more steps were executed: a slow machine only makes that longer.</summary>
    public async Task WaitForStepsAsync(int steps, params WorkerProcess[] workers)
    {
        int target = Executions + steps;
        while (Executions < target)
        {
            await ExpectRunningAsync(workers);
            await Task.Delay(1);
        }
    }

    public static async Task ExpectRunningAsync(params WorkerProcess[] workers)
    {
        foreach (WorkerProcess worker in workers)
        {
            if (await worker.FailureAsync() is var state and not "is running")
            {
                throw new InvalidOperationException($"The worker {state}");
            }
        }
    }

    /// <summary>Judges what was left, when no worker runs any more.</summary>
    /// <param name="ownersWerePaused">See <see cref="EffectLogChecker.Check"/>.</param>
    public async Task<EffectLogChecker> JudgeAsync(bool ownersWerePaused = false)
    {
        await FreeAsync();
        RunLease lease = await store.AcquireAsync(Id);
        List<StepRecord> journal = await store.ReadAllAsync(lease);
        await store.ReleaseAsync(lease);
        return EffectLogChecker.Check(File.ReadLines(log), journal, lease.Generation, ownersWerePaused);
    }

    public void Dispose() => _tail.Dispose();
}
