using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class RetryBudgetTests
{
    [Fact]
    public async Task All_calls_inside_share_the_retries()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time);
        var budget = new RetryBudget(maxRetries: 3);
        int attempts = 0;

        using (budget.Enter())
        {
            for (int call = 0; call < 10; call++)
            {
                await FailAsync(pipeline, time, () => attempts++);
            }
        }

        Assert.Equal(13, attempts);
        Assert.Equal((3, 0), (budget.Spent, budget.Remaining));
    }

    [Fact]
    public async Task Outside_of_the_scope_calls_retry_as_ever()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time);
        using (new RetryBudget(0).Enter())
        {
        }

        int attempts = 0;
        await FailAsync(pipeline, time, () => attempts++);

        Assert.Equal(3, attempts);
        Assert.Null(RetryBudget.Current);
    }

    [Fact]
    public async Task Nothing_is_taken_when_there_is_no_retry()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time);
        var budget = new RetryBudget(10);
        using (budget.Enter())
        {
            await pipeline.ExecuteAsync(_ => Task.FromResult(1));
            await Assert.ThrowsAsync<ArgumentException>(() => pipeline.ExecuteAsync<int>(_ => throw new ArgumentException("bug")));
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Status(502)));
            Assert.Equal(0, budget.Spent);
            await FailAsync(pipeline, time, () => { });
        }

        Assert.Equal(2, budget.Spent);
    }

    [Fact]
    public async Task A_retry_takes_from_all_budgets_around_or_from_none()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time);
        var run = new RetryBudget(10);
        var step = new RetryBudget(1);
        int attempts = 0;
        using (run.Enter())
        using (step.Enter())
        {
            Assert.Same(step, RetryBudget.Current);
            await FailAsync(pipeline, time, () => attempts++);
        }

        Assert.Equal(2, attempts);
        Assert.Equal((1, 1), (run.Spent, step.Spent));
    }

    [Fact]
    public async Task An_outer_budget_that_is_empty_gives_the_inner_one_its_retry_back()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time);
        var run = new RetryBudget(1, spent: 1);
        var step = new RetryBudget(5);
        int attempts = 0;
        using (run.Enter())
        using (step.Enter())
        {
            await FailAsync(pipeline, time, () => attempts++);
        }

        Assert.Equal(1, attempts);
        Assert.Equal(0, step.Spent);
    }

    [Fact]
    public async Task A_budget_entered_twice_pays_once()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time);
        var budget = new RetryBudget(10);
        using (budget.Enter())
        using (budget.Enter())
        {
            await FailAsync(pipeline, time, () => { });
        }

        Assert.Equal(2, budget.Spent);
    }

    [Fact]
    public async Task Parallel_branches_share_the_budget_of_the_flow_they_come_from()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, options => options.MaxConcurrentCalls = 20);
        var budget = new RetryBudget(7);
        int attempts = 0;
        Task all;
        using (budget.Enter())
        {
            all = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Assert.ThrowsAsync<HttpRequestException>(
                () => pipeline.ExecuteAsync<int>(_ => throw Refused())))));
        }

        await time.SkipWaitsAsync(all, TimeSpan.FromSeconds(5));
        await all;

        Assert.Equal(27, attempts);
        Exception Refused()
        {
            Interlocked.Increment(ref attempts);
            return Gateways.Refused();
        }
    }

    [Fact]
    public async Task What_an_awaited_method_enters_does_not_reach_its_caller()
    {
        await EnterAsync();
        Assert.Null(RetryBudget.Current);

        static async Task EnterAsync()
        {
            IDisposable scope = new RetryBudget(1).Enter();
            await Task.Yield();
            Assert.NotNull(RetryBudget.Current);
            GC.KeepAlive(scope);
        }
    }

    [Fact]
    public void Retries_given_back_are_never_more_than_those_spent()
    {
        var budget = new RetryBudget(5, spent: 2);
        budget.GiveBack();
        Assert.Equal((1, 4), (budget.Spent, budget.Remaining));
        budget.GiveBack(100);
        Assert.Equal((0, 5), (budget.Spent, budget.Remaining));
    }

    [Fact]
    public void A_resumed_budget_may_be_overdrawn_but_has_no_negative_rest()
    {
        var budget = new RetryBudget(2, spent: 7);
        Assert.Equal(0, budget.Remaining);
        Assert.False(budget.TryTake());
    }

    [Fact]
    public void Concurrent_takers_get_exactly_what_there_is()
    {
        var budget = new RetryBudget(500);
        int taken = 0;
        Parallel.For(0, 2000, _ => Interlocked.Add(ref taken, budget.TryTake() ? 1 : 0));
        Assert.Equal(500, taken);
    }

    [Fact]
    public void Negative_numbers_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryBudget(1).GiveBack(-1));
    }

    private static async Task FailAsync(GatewayPipeline pipeline, VirtualTime time, Action onAttempt)
    {
        Task call = pipeline.ExecuteAsync<int>(_ =>
        {
            onAttempt();
            throw Gateways.Refused();
        });
        await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }
}
