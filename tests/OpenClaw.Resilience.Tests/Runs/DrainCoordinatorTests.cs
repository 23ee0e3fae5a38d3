using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Runs that end between two steps, or wait until the gateway is back.</summary>
public sealed class DrainCoordinatorTests : RunTestBase
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);

    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_step_that_runs_finishes_and_no_other_starts()
    {
        var coordinator = new DrainCoordinator();
        AgentRun run = await ResumeAsync(coordinator);
        var work = new TaskCompletionSource<string>();
        Task<string> running = run.StepAsync("act", (_, _) => work.Task);

        Task drained = coordinator.DrainAsync();
        RunDrainedException refusal = await Assert.ThrowsAsync<RunDrainedException>(() => run.StepAsync("next", MustNotRun<int>));
        Assert.False(drained.IsCompleted);
        work.SetResult("done");

        Assert.Equal("done", await running);
        Assert.Equal(coordinator.Draining, refusal.CancellationToken);
        Assert.Contains("'next'", refusal.Message, StringComparison.Ordinal);
        Assert.False(drained.IsCompleted);
        await run.DisposeAsync();
        await drained;
        await using AgentRun next = await ResumeAsync();
        Assert.Equal(1, next.Recovery.StepsRestored);
        Assert.Empty(next.Recovery.InDoubt);
    }

    [Fact]
    public async Task No_run_is_opened_any_more()
    {
        var coordinator = new DrainCoordinator();
        await coordinator.DrainAsync();

        await Assert.ThrowsAsync<RunDrainedException>(() => ResumeAsync(coordinator));

        Assert.Empty(Store.Appended);
    }

    [Fact]
    public async Task The_wait_for_runs_can_be_given_up()
    {
        var coordinator = new DrainCoordinator();
        await using AgentRun run = await ResumeAsync(coordinator);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => coordinator.DrainAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_run_that_could_not_be_opened_is_not_waited_for()
    {
        var coordinator = new DrainCoordinator();
        Store.BeforeAppend = _ => throw new CheckpointStoreException("disk full");

        await Assert.ThrowsAsync<CheckpointStoreException>(() => ResumeAsync(coordinator));

        await coordinator.DrainAsync();
    }

    [Fact]
    public async Task A_task_that_is_drained_is_not_run_again()
    {
        var coordinator = new DrainCoordinator();
        AgentRunOptions options = new() { Store = Store, Drain = coordinator };
        int tasks = 0;

        await Assert.ThrowsAsync<RunDrainedException>(() => AgentRun.RunAsync(
            Run,
            async (run, token) =>
            {
                tasks++;
                coordinator.Drain();
                await run.StepAsync("act", MustNotRun<int>, token);
            },
            options));

        Assert.Equal(1, tasks);
        await coordinator.DrainAsync();
    }

    [Fact]
    public async Task A_host_drains_before_it_cancels_its_background_services()
    {
        var events = new List<string>();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenClawDrain("drain-in-a-host");
        builder.Services.AddSingleton(events);
        builder.Services.AddSingleton<ICheckpointStore>(Store);
        builder.Services.AddHostedService<SlowAgent>();
        using IHost host = builder.Build();
        await host.StartAsync();
        SlowAgent agent = host.Services.GetServices<IHostedService>().OfType<SlowAgent>().Single();
        await agent.Started.Task;

        Task stopping = host.StopAsync();
        agent.Work.SetResult(1);
        await stopping;

        Assert.Equal(["finished", "drained", "cancelled False"], events);
    }

    [Fact]
    public async Task On_SIGTERM_the_process_ends_between_two_steps()
    {
        if (OperatingSystem.IsWindows())
        {
            // There is no signal that asks another process to end.
            return;
        }

        using var directory = new TemporaryDirectory();
        using WorkerProcess worker = WorkerProcess.Start("drain", directory.Path, "drained");
        Assert.Equal("act", await worker.ReadLineAsync());
        await worker.WriteLineAsync("one");
        Assert.Equal("act#2", await worker.ReadLineAsync());

        // A signal takes its own way: the step may not end before the worker has heard it.
        worker.Signal("TERM");
        Assert.Equal("draining", await worker.ReadLineAsync());
        await worker.WriteLineAsync("two");

        await worker.ExpectSuccessAsync();
        AgentRunOptions options = new() { Store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = directory.Path }) };
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.Create("drained"), options);
        Assert.Equal(2, run.Recovery.StepsRestored);
        Assert.Empty(run.Recovery.InDoubt);
        Assert.Equal("one", await run.StepAsync("act", MustNotRun<string>));
        Assert.Equal("two", await run.StepAsync("act", MustNotRun<string>));
    }

    [Fact]
    public async Task While_the_gateway_is_away_steps_of_all_runs_wait_until_a_probe_says_that_it_is_back()
    {
        ScriptedHandler gateway = new(ScriptedHandler.Throw(Gateways.Refused), ScriptedHandler.Answer(503), ScriptedHandler.Answer(200));
        DrainCoordinator coordinator = Watch(gateway);
        await using AgentRun run = await ResumeAsync(coordinator);
        await Assert.ThrowsAsync<HttpRequestException>(() => run.StepAsync<int>("act", (_, _) => throw Gateways.Refused()));

        Task<int> waiting = run.StepAsync("other", Returns(1));
        for (int probe = 1; probe <= 3; probe++)
        {
            Assert.False(waiting.IsCompleted);
            await _time.WaitForTimerAsync(ProbeInterval);
            _time.Advance(ProbeInterval);
            await Gateways.EventuallyAsync(() => gateway.Requests.Count == probe);
        }

        Assert.Equal(1, await waiting);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task Steps_are_held_back_no_longer_than_the_limit()
    {
        ScriptedHandler gateway = new([.. Enumerable.Repeat(ScriptedHandler.Answer(503), 10)]);
        DrainCoordinator coordinator = Watch(gateway, TimeSpan.FromSeconds(3));
        await using AgentRun run = await ResumeAsync(coordinator);
        await Assert.ThrowsAsync<HttpRequestException>(() => run.StepAsync<int>("act", (_, _) => throw Gateways.Refused()));

        Task<int> waiting = run.StepAsync("other", Returns(1));
        await _time.WaitForTimerAsync(ProbeInterval);
        _time.Advance(ProbeInterval);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task A_step_that_waits_for_the_gateway_can_be_cancelled_and_drained()
    {
        DrainCoordinator coordinator = Watch(new ScriptedHandler());
        await using AgentRun run = await ResumeAsync(coordinator);
        await Assert.ThrowsAsync<HttpRequestException>(() => run.StepAsync<int>("act", (_, _) => throw Gateways.Refused()));
        using var cancelled = new CancellationTokenSource();
        Task cancelledStep = run.StepAsync("other", MustNotRun<int>, cancelled.Token);
        Task drainedStep = run.StepAsync("third", MustNotRun<int>);

        await cancelled.CancelAsync();
        Assert.IsNotType<RunDrainedException>(await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelledStep));
        coordinator.Drain();
        await Assert.ThrowsAsync<RunDrainedException>(() => drainedStep);
    }

    [Fact]
    public async Task A_failure_that_says_nothing_of_the_gateways_absence_holds_nothing_back()
    {
        DrainCoordinator coordinator = Watch(new ScriptedHandler());
        await using AgentRun run = await ResumeAsync(coordinator);
        await Assert.ThrowsAsync<HttpRequestException>(() => run.StepAsync<int>("act", (_, _) => throw Gateways.Status(429)));

        Assert.Equal(1, await run.StepAsync("other", Returns(1)));
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public void A_negative_limit_is_refused()
        => Assert.Throws<ArgumentOutOfRangeException>(() => new DrainCoordinator(GatewayPipeline.Shared, TimeSpan.FromTicks(-1)));

    private Task<AgentRun> ResumeAsync(DrainCoordinator coordinator)
        => AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, Drain = coordinator });

    private DrainCoordinator Watch(ScriptedHandler gateway, TimeSpan? longest = null)
        => new(
            new GatewayPipeline(new GatewayOptions
            {
                TimeProvider = _time,
                ProbeUri = new Uri("http://gateway/readyz"),
                ProbeInterval = ProbeInterval,
                ProbeClient = new HttpClient(gateway),
            }),
            longest);

    private sealed class SlowAgent(DrainCoordinator drain, ICheckpointStore store, List<string> events) : BackgroundService
    {
        public TaskCompletionSource Started { get; } = new();

        public TaskCompletionSource<int> Work { get; } = new();

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = store, Drain = drain }, stoppingToken);
            await run.StepAsync(
                "act",
                (_, _) =>
                {
                    Started.SetResult();
                    return Work.Task;
                },
                stoppingToken);
            events.Add("finished");
            try
            {
                await run.StepAsync("next", MustNotRun<int>, stoppingToken);
            }
            catch (RunDrainedException)
            {
                events.Add("drained");
            }

            events.Add($"cancelled {stoppingToken.IsCancellationRequested}");
        }
    }
}
