using System.Runtime.CompilerServices;
using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>Turns of one session run one after the other, and keep nobody else waiting.</summary>
public sealed class SessionTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Turns_of_one_session_run_one_at_a_time_in_order_of_arrival()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var gates = Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource()).ToArray();
        var started = new List<int>();
        Task[] turns = [.. gates.Select((gate, i) => pipeline.ForSession("a").ExecuteAsync(_ =>
        {
            started.Add(i);
            return gate.Task;
        }))];

        for (int i = 0; i < turns.Length; i++)
        {
            await Gateways.EventuallyAsync(() => started.Count > i);
            Assert.Equal(Enumerable.Range(0, i + 1), started);
            gates[i].SetResult();
            await turns[i];
        }

        AssertIdle(pipeline);
    }

    [Fact]
    public async Task Waiting_turns_hold_no_permit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (2, 50));
        var busy = new TaskCompletionSource();
        Task[] turns = [.. Enumerable.Range(0, 10).Select(_ => pipeline.ForSession("a").ExecuteAsync(_ => busy.Task))];

        Assert.Equal((1, 0, 9), (pipeline.State.FreePermits, pipeline.State.QueuedCalls, pipeline.State.Sessions.WaitingCalls));
        Assert.Equal(1, await pipeline.ForSession("b").ExecuteAsync(_ => Task.FromResult(1)));
        Assert.Equal(2, await pipeline.ExecuteAsync(_ => Task.FromResult(2)));

        busy.SetResult();
        await Task.WhenAll(turns).WaitAsync(VirtualTime.Patience);
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task Other_spellings_other_gateways_and_no_session_are_other_queues()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var busy = new TaskCompletionSource();
        Task turn = pipeline.ForSession("a").ExecuteAsync(_ => busy.Task);

        await pipeline.ForSession("A").ExecuteAsync(_ => Task.CompletedTask);
        await pipeline.ForSession("a").ForSession("b").ExecuteAsync(_ => Task.CompletedTask);
        await Gateways.OpenClaw(_time).ForSession("a").ExecuteAsync(_ => Task.CompletedTask);
        Task same = pipeline.ForSession("b").ForSession("a").ExecuteAsync(_ => Task.CompletedTask);

        Assert.False(same.IsCompleted);
        busy.SetResult();
        await Task.WhenAll(turn, same);
    }

    [Fact]
    public async Task A_call_inside_of_a_turn_is_part_of_it()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        GatewayPipeline session = pipeline.ForSession("a");

        int same = await session.ExecuteAsync(token => session.ExecuteAsync(_ => Task.FromResult(1), token));
        int other = await session.ExecuteAsync(token => pipeline.ForSession("b").ExecuteAsync(inner => session.ExecuteAsync(_ => Task.FromResult(2), inner), token));

        Assert.Equal((1, 2), (same, other));
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task Calls_that_hold_permits_never_wait_for_a_session()
    {
        // The holder of the session waits for a permit, and the holders of all permits would wait for the session.
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 2);
        var inside = new TaskCompletionSource();
        Task[] outer = [.. Enumerable.Range(0, 2).Select(_ => pipeline.ExecuteAsync(async token =>
        {
            await inside.Task;
            await pipeline.ForSession("a").ExecuteAsync(_ => Task.CompletedTask, token);
        }))];
        Task turn = pipeline.ForSession("a").ExecuteAsync(_ => Task.CompletedTask);

        inside.SetResult();

        await Task.WhenAll([.. outer, turn]).WaitAsync(VirtualTime.Patience);
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task A_full_queue_rejects_and_says_why()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxQueuedCalls = 1);
        var busy = new TaskCompletionSource();
        int ran = 0;
        Task first = pipeline.ForSession("secret-name").ExecuteAsync(_ => busy.Task);
        Task second = pipeline.ForSession("secret-name").ExecuteAsync(_ => Task.FromResult(++ran));

        var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ForSession("secret-name").ExecuteAsync(_ => Task.FromResult(++ran)));

        Assert.Equal(RejectionReason.SessionQueueFull, rejected.Reason);
        Assert.DoesNotContain("secret-name", rejected.Message, StringComparison.Ordinal);
        Assert.True(GatewayFailure.TryGet(rejected, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, false), (failure.Kind, failure.MayHaveRun));
        Assert.Equal(0, ran);
        await pipeline.ForSession("other").ExecuteAsync(_ => Task.CompletedTask);
        busy.SetResult();
        await Task.WhenAll(first, second);
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task A_caller_can_leave_the_queue()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var caller = new CancellationTokenSource();
        var busy = new TaskCompletionSource();
        var order = new List<int>();
        Task first = pipeline.ForSession("a").ExecuteAsync(_ => busy.Task);
        Task second = pipeline.ForSession("a").ExecuteAsync(_ => Add(2), caller.Token);
        Task third = pipeline.ForSession("a").ExecuteAsync(_ => Add(3));

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => second);
        Assert.Equal(caller.Token, exception.CancellationToken);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Cancelled, false), (failure.Kind, failure.MayHaveRun));
        Assert.Equal(1, pipeline.State.Sessions.WaitingCalls);
        busy.SetResult();
        await Task.WhenAll(first, third);
        Assert.Equal([3], order);
        AssertIdle(pipeline);

        Task Add(int turn)
        {
            order.Add(turn);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task The_limit_of_the_call_counts_in_the_queue()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.CallTimeout = TimeSpan.FromMinutes(1));
        using var first = new CancellationTokenSource();
        Task turn = pipeline.ForSession("a").ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), first.Token);
        _time.Advance(TimeSpan.FromSeconds(30));
        // Another turn has the session when the first ends.
        Task second = pipeline.ForSession("a").ExecuteAsync(token => Task.Delay(Timeout.Infinite, token));
        Task third = pipeline.ForSession("a").ExecuteAsync(_ => Task.CompletedTask);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turn);
        await Gateways.EventuallyAsync(() => pipeline.State.FreePermits == 4);

        _time.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => third);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("waited for its session and exceeded CallTimeout", exception.Message, StringComparison.Ordinal);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, false), (failure.Kind, failure.MayHaveRun));
        AssertIdle(pipeline);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_has_its_session_until_it_ends_or_is_disposed(bool toTheEnd)
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        IAsyncEnumerator<int> stream = pipeline.ForSession("a").ExecuteStreamingAsync(NumbersAsync).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        Task<int> next = pipeline.ForSession("a").ExecuteAsync(_ => Task.FromResult(1));
        Assert.True(await stream.MoveNextAsync());
        Assert.Equal((false, 1), (next.IsCompleted, pipeline.State.Sessions.WaitingCalls));

        if (toTheEnd)
        {
            Assert.False(await stream.MoveNextAsync());
        }
        else
        {
            await stream.DisposeAsync();
        }

        Assert.Equal(1, await next);
        await stream.DisposeAsync();
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task A_stream_that_nobody_disposes_gives_its_session_back_at_the_limit_of_the_call()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.CallTimeout = TimeSpan.FromMinutes(5));
        IAsyncEnumerator<int> stream = pipeline.ForSession("a").ExecuteStreamingAsync(NumbersAsync).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        _time.Advance(TimeSpan.FromMinutes(1));
        Task<int> next = pipeline.ForSession("a").ExecuteAsync(_ => Task.FromResult(1));

        _time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(1, await next);
        await stream.DisposeAsync();
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task A_retry_keeps_the_session()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int attempts = 0;
        Task<int> first = pipeline.ForSession("a").ExecuteAsync(_ => ++attempts == 1 ? throw Gateways.Refused() : Task.FromResult(1));
        Task<int> second = pipeline.ForSession("a").ExecuteAsync(_ => Task.FromResult(attempts));

        Assert.False(second.IsCompleted);
        await _time.SkipWaitsAsync(first, TimeSpan.FromSeconds(5));

        Assert.Equal((1, 2), (await first, await second));
    }

    [Fact]
    public async Task A_turn_that_fails_or_is_refused_gives_its_session_back()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 2);
        GatewayPipeline session = pipeline.ForSession("a");
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => session.ExecuteAsync(_ => throw Gateways.Reset()));
        }

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
        await Assert.ThrowsAsync<GatewayRejectedException>(() => session.ExecuteAsync(_ => Task.CompletedTask));
        Assert.Equal(0, pipeline.State.Sessions.BusySessions);
    }

    [Fact]
    public async Task A_session_stays_busy_when_the_options_change()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        GatewayPipeline session = pipeline.ForSession("a");
        var busy = new TaskCompletionSource();
        Task first = session.ExecuteAsync(_ => busy.Task);

        pipeline.Reconfigure(new GatewayOptions { TimeProvider = _time, MaxConcurrentCalls = 1 });
        Task<long> second = session.ExecuteAsync(_ => Task.FromResult(pipeline.State.FreePermits));

        Assert.False(second.IsCompleted);
        busy.SetResult();
        await first;
        Assert.Equal(0, await second);
        AssertIdle(pipeline, permits: 1);
    }

    [Fact]
    public void Synchronous_turns_wait_with_their_threads()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        int now = 0;
        int most = 0;
        int sum = 0;

        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => pipeline.ForSession("a").Execute(_ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            Thread.SpinWait(1000);
            sum += i;
            Interlocked.Decrement(ref now);
        }));

        Assert.Equal((1, 780), (most, sum));
        Assert.Equal([1, 2], pipeline.ForSession("a").ExecuteStreaming(_ => Enumerable.Range(1, 2)));
        AssertIdle(pipeline);
    }

    [Fact]
    public async Task Nobody_needs_a_thread_of_the_pool_to_get_the_session_on()
    {
        var sessions = new SessionQueue();
        using var caller = new CancellationTokenSource();
        using IDisposable? first = await sessions.EnterAsync("a", 2, CancellationToken.None);
        Task<IDisposable?> second = sessions.EnterAsync("a", 2, caller.Token).AsTask();
        Task<IDisposable?> third = sessions.EnterAsync("a", 2, caller.Token).AsTask();
        using (var gone = new CancellationTokenSource())
        {
            await gone.CancelAsync();
            Assert.Null(await sessions.EnterAsync("a", 2, gone.Token));
        }

        // Callers that block may hold all threads of the pool.
        first!.Dispose();

        Assert.True(second.IsCompletedSuccessfully);
        (await second)!.Dispose();
        Assert.True(third.IsCompletedSuccessfully);
        await caller.CancelAsync();
        (await third)!.Dispose();
        Assert.Equal((0, 0), (sessions.BusySessions, sessions.WaitingCalls));
    }

    [Fact]
    public async Task Who_comes_cancelled_does_not_wait()
    {
        var sessions = new SessionQueue();
        using IDisposable? first = await sessions.EnterAsync("a", 2, CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sessions.EnterAsync("a", 2, new CancellationToken(canceled: true)).AsTask());

        Assert.Equal((1, 0), (sessions.BusySessions, sessions.WaitingCalls));
    }

    [Fact]
    public async Task A_hundred_thousand_sessions_leave_nothing_behind()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        for (int i = 0; i < 100_000; i++)
        {
            await pipeline.ForSession($"user-{i}").ExecuteAsync(_ => Task.CompletedTask);
        }

        AssertIdle(pipeline);
    }

    [Fact]
    public async Task A_storm_of_turns_and_cancellations_never_doubles_a_session_and_leaves_nothing()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxQueuedCalls = 1000);
        int[] inside = new int[7];
        int doubled = 0;
        for (int round = 0; round < 20; round++)
        {
            using var caller = new CancellationTokenSource();
            Task[] calls = [.. Enumerable.Range(0, 100).Select(i => Task.Run(() => pipeline.ForSession($"{i % inside.Length}").ExecuteAsync(
                async token =>
                {
                    if (Interlocked.Increment(ref inside[i % inside.Length]) > 1)
                    {
                        Interlocked.Increment(ref doubled);
                    }

                    try
                    {
                        await Task.Yield();
                        if (i % 13 == 0)
                        {
                            await Task.Delay(Timeout.Infinite, token);
                        }
                    }
                    finally
                    {
                        Interlocked.Decrement(ref inside[i % inside.Length]);
                    }
                },
                i % 2 == 0 || i % 13 == 0 ? caller.Token : CancellationToken.None)))];
            await Task.Delay(round % 3, CancellationToken.None);
            await caller.CancelAsync();
            await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(VirtualTime.Patience);
            Assert.All(calls, call => Assert.True(call.IsCompletedSuccessfully || call.IsCanceled));
        }

        Assert.Equal(0, doubled);
        AssertIdle(pipeline);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void A_session_has_a_name(string? session)
        => Assert.ThrowsAny<ArgumentException>(() => Gateways.OpenClaw(_time).ForSession(session!));

    private static void AssertIdle(GatewayPipeline pipeline, int permits = 0)
    {
        Assert.Equal((0, 0), (pipeline.State.Sessions.BusySessions, pipeline.State.Sessions.WaitingCalls));
        Assert.Equal(permits > 0 ? permits : pipeline.State.Options.MaxConcurrentCalls, pipeline.State.FreePermits);
    }

    private static async IAsyncEnumerable<int> NumbersAsync([EnumeratorCancellation] CancellationToken token)
    {
        for (int i = 0; i < 2; i++)
        {
            await Task.Yield();
            token.ThrowIfCancellationRequested();
            yield return i;
        }
    }
}
