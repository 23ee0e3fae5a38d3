using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class ConcurrencyTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_hundred_callers_never_exceed_the_limit_and_all_finish()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int now = 0;
        int most = 0;

        int[] results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => pipeline.ExecuteAsync(async _ =>
        {
            int running = Interlocked.Increment(ref now);
            InterlockedMax(ref most, running);
            await Task.Yield();
            await Task.Delay(1, CancellationToken.None);
            Interlocked.Decrement(ref now);
            return i;
        })))).WaitAsync(VirtualTime.Patience);

        Assert.Equal(Enumerable.Range(0, 100), results);
        Assert.InRange(most, 2, 5);
        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task A_full_queue_rejects_at_once()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 1));
        var running = new TaskCompletionSource<int>();
        Task<int> first = pipeline.ExecuteAsync(_ => running.Task);
        Task<int> second = pipeline.ExecuteAsync(_ => Task.FromResult(2));

        var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(3)));
        Assert.Equal(RejectionReason.QueueFull, rejected.Reason);
        Assert.Null(rejected.RetryAfter);
        Assert.False(GatewayFailure.Classify(rejected).MayHaveRun);

        running.SetResult(1);
        Assert.Equal(1, await first);
        Assert.Equal(2, await second);
        Assert.Equal(1, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task Without_a_queue_only_free_permits_count()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        var running = new TaskCompletionSource<int>();
        Task<int> first = pipeline.ExecuteAsync(_ => running.Task);

        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(2)));

        running.SetResult(1);
        await first;
        Assert.Equal(3, await pipeline.ExecuteAsync(_ => Task.FromResult(3)));
    }

    [Fact]
    public async Task The_queue_is_served_in_order()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        var gate = new TaskCompletionSource();
        var order = new List<int>();
        Task blocker = pipeline.ExecuteAsync(_ => gate.Task);
        Task[] waiting = [.. Enumerable.Range(0, 20).Select(i => pipeline.ExecuteAsync(_ =>
        {
            order.Add(i);
            return Task.CompletedTask;
        }))];

        gate.SetResult();
        await Task.WhenAll([blocker, .. waiting]).WaitAsync(VirtualTime.Patience);

        Assert.Equal(Enumerable.Range(0, 20), order);
    }

    [Fact]
    public async Task A_caller_can_leave_the_queue()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        var running = new TaskCompletionSource<int>();
        Task<int> first = pipeline.ExecuteAsync(_ => running.Task);
        using var caller = new CancellationTokenSource();
        int ran = 0;
        Task<int> second = pipeline.ExecuteAsync(_ => Task.FromResult(++ran), caller.Token);

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => second);
        Assert.Equal(caller.Token, exception.CancellationToken);
        Assert.Equal(0, ran);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Cancelled, false), (failure.Kind, failure.MayHaveRun));
        running.SetResult(1);
        await first;
        Assert.Equal((1, 0), (pipeline.State.FreePermits, pipeline.State.QueuedCalls));
    }

    [Fact]
    public async Task The_deadline_counts_in_the_queue()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options =>
        {
            options.MaxConcurrentCalls = 1;
            options.CallTimeout = TimeSpan.FromMinutes(1);
        });
        var running = new TaskCompletionSource<int>();
        Task<int> first = pipeline.ExecuteAsync(_ => running.Task);
        _time.Advance(TimeSpan.FromSeconds(30));
        Task<int> second = pipeline.ExecuteAsync(_ => Task.FromResult(2));
        running.SetResult(1);
        await first;
        Assert.Equal(2, await second);

        Task<int> blocker = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, CancellationToken.None).ContinueWith(_ => 1, token));
        Task<int> waiting = pipeline.ExecuteAsync(_ => Task.FromResult(2));
        _time.Advance(TimeSpan.FromMinutes(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => waiting);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("waited for a free permit", exception.Message, StringComparison.Ordinal);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, false), (failure.Kind, failure.MayHaveRun));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocker);
    }

    [Fact]
    public async Task A_storm_of_cancellations_leaves_all_permits_free()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxQueuedCalls = 1000);
        for (int round = 0; round < 20; round++)
        {
            using var caller = new CancellationTokenSource();
            Task[] calls = [.. Enumerable.Range(0, 100).Select(i => Task.Run(() => pipeline.ExecuteAsync(
                async token =>
                {
                    await Task.Yield();
                    if (i % 3 == 0)
                    {
                        await Task.Delay(Timeout.Infinite, token);
                    }
                },
                caller.Token)))];
            await Task.Delay(round % 3, CancellationToken.None);
            await caller.CancelAsync();
            try
            {
                await Task.WhenAll(calls).WaitAsync(VirtualTime.Patience);
            }
            catch (OperationCanceledException)
            {
                Assert.All(calls, call => Assert.True(call.IsCompletedSuccessfully || call.IsCanceled));
            }
        }

        Assert.Equal((5, 0), (pipeline.State.FreePermits, pipeline.State.QueuedCalls));
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task The_permit_is_held_while_a_retry_waits()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options =>
        {
            options.MaxConcurrentCalls = 1;
            options.Random = () => 1;
        });
        int attempts = 0;
        Task<int> first = pipeline.ExecuteAsync(_ => attempts++ == 0 ? throw Gateways.Refused() : Task.FromResult(1));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(0, pipeline.State.FreePermits);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await first);
        Assert.Equal(1, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_failing_call_gives_its_permit_back()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        for (int i = 0; i < 10; i++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.ExecuteAsync<int>(_ => null!));
            await Assert.ThrowsAsync<FormatException>(() => pipeline.ExecuteAsync<int>(_ => throw new FormatException()));
        }

        Assert.Equal(1, pipeline.State.FreePermits);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen = Volatile.Read(ref target);
        while (value > seen)
        {
            seen = Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
