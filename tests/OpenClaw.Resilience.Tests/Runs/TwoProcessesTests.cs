namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Two and more real processes want one run.</summary>
public sealed class TwoProcessesTests : IDisposable
{
    private static readonly RunId Run = RunId.Create("shared");

    private readonly TemporaryDirectory _directory = new();

    private AgentRunOptions Options =>
        new() { Store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = _directory.Path }) };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_run_held_by_another_process_is_refused_and_that_process_named()
    {
        using WorkerProcess holder = await HoldAsync();

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => AgentRun.ResumeAsync(Run, Options));

        Assert.Equal(CheckpointConflict.Held, conflict.Conflict);
        Assert.Contains($"process {holder.Id}", conflict.Message, StringComparison.Ordinal);
        Assert.NotNull(conflict.HeldSince);
    }

    [Fact]
    public async Task A_killed_holder_loses_the_run_at_once()
    {
        using WorkerProcess holder = await HoldAsync();

        await holder.KillAsync();

        await using AgentRun run = await AgentRun.ResumeAsync(Run, Options);
        Assert.True(run.Recovery.IsResumed);
    }

    [Fact]
    public async Task A_paused_holder_keeps_the_run_and_pruning_leaves_it()
    {
        if (OperatingSystem.IsWindows())
        {
            // There is no signal that pauses a process.
            return;
        }

        using WorkerProcess holder = await HoldAsync();
        holder.Signal("STOP");
        try
        {
            await Assert.ThrowsAsync<CheckpointConflictException>(() => AgentRun.ResumeAsync(Run, Options));
            Assert.Equal(0, await Options.Store!.PruneAsync(DateTimeOffset.MaxValue, includeStale: true));
        }
        finally
        {
            holder.Signal("CONT");
        }
    }

    [Fact]
    public async Task The_lock_holds_also_where_the_frameworks_own_locks_are_switched_off()
    {
        var environment = new Dictionary<string, string> { ["DOTNET_SYSTEM_IO_DISABLEFILELOCKING"] = "1" };
        using WorkerProcess holder = WorkerProcess.Start(environment, "hold", _directory.Path, Run.Value);
        Assert.Equal("held", await holder.ReadLineAsync());

        using WorkerProcess other = WorkerProcess.Start(environment, "hold", _directory.Path, Run.Value);

        Assert.Contains(nameof(CheckpointConflictException), await other.ExpectFailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_runs_of_one_process_exclude_each_other_too()
    {
        await using AgentRun first = await AgentRun.ResumeAsync(Run, Options);

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => AgentRun.ResumeAsync(Run, Options));

        Assert.Contains($"process {Environment.ProcessId}", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_take_turns_do_every_step_once()
    {
        const int Steps = 60;
        string log = _directory.File("effects.log");
        File.WriteAllText(log, "");
        WorkerProcess[] workers = [.. Enumerable.Range(0, 3).Select(_ => WorkerProcess.Start("compete", _directory.Path, Run.Value, log, $"{Steps}"))];
        foreach (WorkerProcess worker in workers)
        {
            await worker.ExpectSuccessAsync();
            worker.Dispose();
        }

        FileCheckpointStore store = (FileCheckpointStore)Options.Store!;
        List<StepRecord> journal = await store.InspectAsync(Run);
        EffectLogChecker checker = EffectLogChecker.Check(File.ReadLines(log), journal, generation: 1);

        Assert.Empty(checker.Violations);
        Assert.Equal((Steps, 0), (checker.Acknowledged, checker.InDoubt));
        Assert.Equal(Steps, journal.Count(record => record.Kind == StepRecordKind.StepStarted));
    }

    [Theory]
    [InlineData(null, "D E A")]
    [InlineData("Throw", "D E A")]
    [InlineData("RunAgain", "E A")]
    public async Task The_operator_decides_about_a_step_in_doubt_by_the_environment(string? value, string events)
    {
        await LeaveInDoubtAsync();
        string log = _directory.File("effects.log");

        using WorkerProcess worker = WorkerProcess.Start(With(value), "compete", _directory.Path, Run.Value, log, "1");
        await worker.ExpectSuccessAsync();

        Assert.Equal(events, string.Join(' ', File.ReadLines(log).Select(line => line[0])));
    }

    [Fact]
    public async Task A_decision_that_is_not_understood_stops_the_program()
    {
        await LeaveInDoubtAsync();

        using WorkerProcess worker = WorkerProcess.Start(With("maybe"), "compete", _directory.Path, Run.Value, _directory.File("effects.log"), "1");

        Assert.Contains("OPENCLAW_ON_IN_DOUBT is 'maybe'", await worker.ExpectFailureAsync(), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> With(string? value) => value is null ? [] : new() { ["OPENCLAW_ON_IN_DOUBT"] = value };

    private async Task LeaveInDoubtAsync()
    {
        ICheckpointStore store = Options.Store!;
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));
        await store.AppendAsync(lease, Records.Started(1, "act"));
        await store.ReleaseAsync(lease);
    }

    private async Task<WorkerProcess> HoldAsync()
    {
        WorkerProcess holder = WorkerProcess.Start("hold", _directory.Path, Run.Value);
        Assert.Equal("held", await holder.ReadLineAsync());
        return holder;
    }
}
