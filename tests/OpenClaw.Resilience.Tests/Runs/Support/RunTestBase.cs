namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>An agent program on a store in memory, whose process a test can end and start again.</summary>
public abstract class RunTestBase
{
    private readonly ManualClock _storeClock = new();

    protected RunTestBase() => Store = new ScriptedStore(new InMemoryCheckpointStore(_storeClock));

    protected static RunId Run { get; } = RunId.From("test", 1);

    private protected ScriptedStore Store { get; }

    /// <summary>The clock of the process that runs now.</summary>
    private protected ManualClock Clock { get; private set; } = new();

    protected AgentRunOptions Options => new() { Store = Store, TimeProvider = Clock, OnInDoubt = InDoubtAction.Throw };

    protected Task<AgentRun> ResumeAsync() => AgentRun.ResumeAsync(Run, Options);

    /// <summary>The process dies: nothing is given back, its clock stands still, its lease runs out.</summary>
    protected void Crash()
    {
        DateTimeOffset now = Clock.GetUtcNow();
        Clock = new ManualClock();
        Clock.Advance(now - Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        _storeClock.Advance(TimeSpan.FromMinutes(5));
    }

    /// <summary>A process starts the step and dies in the middle of it.</summary>
    protected async Task CrashInAsync(StepName step, StepOptions? options = null)
    {
        AgentRun run = await ResumeAsync();
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource<string>();
        _ = run.StepAsync(
            step,
            (_, _) =>
            {
                started.SetResult();
                return never.Task;
            },
            options ?? new StepOptions());
        await started.Task;
        Crash();
    }

    /// <summary>A step that must not run.</summary>
    protected static Task<T> MustNotRun<T>(StepContext step, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"Step '{step.Key}' was executed.");

    protected static Func<StepContext, CancellationToken, Task<T>> Returns<T>(T value) => (_, _) => Task.FromResult(value);
}
