using System.Net;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Tasks that are run again from their last finished step.</summary>
public sealed class AgentRunTaskTests : RunTestBase
{
    private readonly SkippingClock _clock = new();
    private readonly List<string> _executed = [];
    private int _tasks;

    private new AgentRunOptions Options => new() { Store = Store, TimeProvider = _clock, OnInDoubt = InDoubtAction.Throw, MaxRetries = 3 };

    [Fact]
    public async Task A_task_whose_call_was_refused_for_now_goes_on_after_its_last_finished_step()
    {
        string result = await AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 2, Refused), Options);

        Assert.Equal("plan, act", result);
        Assert.Equal(3, _tasks);
        Assert.Equal(["plan", "act", "act", "act"], _executed);
        Assert.Equal(2, _clock.Waits.Count);
        Assert.All(_clock.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_finished_task_completes_its_run()
    {
        await AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 0, Refused), Options);

        await using AgentRun next = await AgentRun.ResumeAsync(Run, Options);
        Assert.Equal(2, next.Generation);
    }

    [Fact]
    public async Task A_task_that_returns_nothing_is_run_and_completed_as_well()
    {
        await AgentRun.RunAsync(Run, (run, token) => run.StepAsync("act", (_, _) => Task.CompletedTask, token), Options);

        Assert.Equal(StepRecordKind.RunCompleted, Store.Appended[^1].Kind);
    }

    [Fact]
    public async Task The_wait_is_what_the_gateway_asks_for_where_that_is_longer()
    {
        await AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 1, () => Rejected(TimeSpan.FromSeconds(90))), Options);

        Assert.Equal([TimeSpan.FromSeconds(90)], _clock.Waits);
    }

    [Fact]
    public async Task A_gateway_that_asks_for_too_long_a_wait_ends_the_task()
    {
        await Assert.ThrowsAsync<GatewayRejectedException>(
            () => AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 1, () => Rejected(TimeSpan.FromMinutes(6))), Options));

        Assert.Empty(_clock.Waits);
        Assert.Equal(1, _tasks);
    }

    [Fact]
    public async Task A_permanent_failure_ends_the_task()
    {
        await Assert.ThrowsAsync<HttpRequestException>(
            () => AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 1, () => Status(HttpStatusCode.Unauthorized)), Options));

        Assert.Equal(1, _tasks);
    }

    [Fact]
    public async Task An_error_in_the_program_ends_the_task()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 1, () => new InvalidOperationException("bug")), Options));

        Assert.Equal(1, _tasks);
    }

    [Fact]
    public async Task A_call_that_may_have_run_ends_the_task_with_its_own_failure()
    {
        // Resuming would only turn it into a step in doubt.
        HttpRequestException failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 1, () => Status(HttpStatusCode.BadGateway)), Options));

        Assert.Equal(HttpStatusCode.BadGateway, failure.StatusCode);
        Assert.Equal(1, _tasks);
        Assert.Equal(["plan", "act"], _executed);
    }

    [Fact]
    public async Task A_call_that_may_have_run_is_run_again_where_the_program_allows_it()
    {
        AgentRunOptions options = new() { Store = Store, TimeProvider = _clock, OnInDoubt = InDoubtAction.RunAgain };

        await AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 1, () => Status(HttpStatusCode.BadGateway)), options);

        Assert.Equal(["plan", "act", "act"], _executed);
    }

    [Fact]
    public async Task A_result_that_could_not_be_stored_ends_the_task()
    {
        Store.BeforeAppend = record => record.Kind == StepRecordKind.StepCompleted
            ? throw new CheckpointStoreException("disk full")
            : Task.CompletedTask;

        await Assert.ThrowsAsync<CheckpointStoreException>(
            () => AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 0, Refused), Options));

        Assert.Equal(1, _tasks);
    }

    [Fact]
    public async Task Retries_of_the_task_are_limited_by_the_budget()
    {
        await Assert.ThrowsAsync<HttpRequestException>(
            () => AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 100, Refused), Options));

        Assert.Equal(1 + 3, _tasks);
    }

    [Fact]
    public async Task What_an_earlier_process_has_spent_stays_spent()
    {
        AgentRun run = await AgentRun.ResumeAsync(Run, Options);
        Assert.True(run.RetryBudget.TryTake());
        Assert.True(run.RetryBudget.TryTake());
        await run.DisposeAsync();

        await using AgentRun next = await AgentRun.ResumeAsync(Run, Options);

        Assert.Equal(1, next.RetryBudget.Remaining);
    }

    [Fact]
    public async Task A_finished_step_gives_one_back_in_this_process_and_the_next()
    {
        AgentRun run = await AgentRun.ResumeAsync(Run, Options);
        run.RetryBudget.TryTake();
        run.RetryBudget.TryTake();
        await run.StepAsync("act", Returns(1));
        Assert.Equal(2, run.RetryBudget.Remaining);
        await run.DisposeAsync();

        await using AgentRun next = await AgentRun.ResumeAsync(Run, Options);

        Assert.Equal(2, next.RetryBudget.Remaining);
    }

    [Fact]
    public async Task A_completed_run_has_its_whole_budget_again()
    {
        await AgentRun.RunAsync(Run, (run, _) => PlanAndActAsync(run, failures: 3, Refused), Options);

        await using AgentRun next = await AgentRun.ResumeAsync(Run, Options);

        Assert.Equal(3, next.RetryBudget.Remaining);
    }

    [Fact]
    public async Task Retries_of_calls_inside_a_step_are_taken_from_the_run()
    {
        await using AgentRun run = await AgentRun.ResumeAsync(Run, Options);
        int calls = 0;
        GatewayPipeline pipeline = new(new GatewayOptions { MaxRetries = 2, TimeProvider = _clock });

        await run.StepAsync("act", (_, token) => pipeline.ExecuteAsync(
            _ => ++calls < 3 ? Task.FromException<int>(Refused()) : Task.FromResult(calls), token));

        Assert.Equal(3, calls);
        Assert.Equal(2, Store.Appended.Count(record => record.Kind == StepRecordKind.RetrySpent));
        Assert.Equal(3 - 2 + 1, run.RetryBudget.Remaining);
    }

    [Fact]
    public async Task A_retry_that_an_outer_budget_refused_is_not_remembered()
    {
        await using AgentRun run = await AgentRun.ResumeAsync(Run, Options);
        var empty = new RetryBudget(0);
        GatewayPipeline pipeline = new(new GatewayOptions { MaxRetries = 2, TimeProvider = _clock });

        using (empty.Enter())
        {
            await Assert.ThrowsAsync<HttpRequestException>(
                () => run.StepAsync("act", (_, token) => pipeline.ExecuteAsync<int>(_ => throw Refused(), token)));
        }

        Assert.Equal(3, run.RetryBudget.Remaining);
        Assert.DoesNotContain(Store.Appended, record => record.Kind == StepRecordKind.RetrySpent);
    }

    [Fact]
    public async Task A_retry_that_could_not_be_remembered_disturbs_nothing()
    {
        await using AgentRun run = await AgentRun.ResumeAsync(Run, Options);
        Store.BeforeAppend = record => record.Kind == StepRecordKind.RetrySpent ? throw new IOException("gone") : Task.CompletedTask;

        Assert.True(run.RetryBudget.TryTake());

        Assert.Equal(1, await run.StepAsync("act", Returns(1)));
    }

    [Fact]
    public async Task Cancellation_ends_the_wait_and_leaves_the_run_to_the_next()
    {
        using var cancelled = new CancellationTokenSource();
        var clock = new VirtualTime();
        AgentRunOptions options = new() { Store = Store, TimeProvider = clock };
        Task task = AgentRun.RunAsync(
            Run, async (run, _) => await PlanAndActAsync(run, failures: 1, Refused), options, cancelled.Token);
        while (Store.Appended.All(record => record.Kind != StepRecordKind.RetrySpent))
        {
            await Task.Yield();
        }

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        await using AgentRun next = await AgentRun.ResumeAsync(Run, Options);
        Assert.Equal(1, next.Recovery.StepsRestored);
    }

    private static HttpRequestException Refused() => new(HttpRequestError.ConnectionError, "refused",
        new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));

    private static HttpRequestException Status(HttpStatusCode status) => new("no", null, status);

    private static GatewayRejectedException Rejected(TimeSpan wait) => new("not now", RejectionReason.CircuitOpen, wait);

    private async Task<string> PlanAndActAsync(AgentRun run, int failures, Func<Exception> failure)
    {
        _tasks++;
        string plan = await run.StepAsync("plan", (step, _) => Execute(step, fails: false, failure));
        return plan + ", " + await run.StepAsync("act", (step, _) => Execute(step, fails: step.Attempt <= failures, failure));
    }

    private Task<string> Execute(StepContext step, bool fails, Func<Exception> failure)
    {
        _executed.Add(step.Key);
        return fails ? Task.FromException<string>(failure()) : Task.FromResult(step.Key);
    }
}
