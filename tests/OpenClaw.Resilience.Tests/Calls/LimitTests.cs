using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>Time limits, and the exceptions by which callers learn of them.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_cancelled_and_is_a_time_out()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = Minute);
        Task call = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token));
        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);

        _time.Advance(TimeSpan.FromTicks(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        var timeout = Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.IsAssignableFrom<OperationCanceledException>(timeout.InnerException);
        Assert.Contains("'default' got no answer within AttemptTimeout (60 s)", exception.Message, StringComparison.Ordinal);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, true), (failure.Kind, failure.MayHaveRun));
    }

    [Fact]
    public async Task A_call_without_effects_gets_another_attempt_after_a_time_out()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = Minute);
        int attempts = 0;
        Task<int> call = pipeline.ExecuteAsync(
            async token =>
            {
                if (attempts++ == 0)
                {
                    await Task.Delay(Timeout.Infinite, token);
                }

                return attempts;
            },
            CallEffect.None);

        await _time.SkipWaitsAsync(call, Minute);

        Assert.Equal(2, await call);
    }

    [Fact]
    public async Task The_deadline_bounds_all_attempts_together()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options =>
        {
            options.CallTimeout = 2 * Minute;
            options.Random = () => 1;
        });
        int attempts = 0;
        Task call = pipeline.ExecuteAsync(async token =>
        {
            if (attempts++ == 0)
            {
                throw Gateways.Refused();
            }

            await Task.Delay(Timeout.Infinite, token);
        });
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(2 * Minute - TimeSpan.FromTicks(1));
        Assert.False(call.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("CallTimeout (120 s)", exception.Message, StringComparison.Ordinal);
        Assert.Equal(2, attempts);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_deadline_that_is_reached_counts_as_a_failure_of_the_gateway()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.CallTimeout, options.MinimumThroughput) = (Minute, 2));
        for (int i = 0; i < 2; i++)
        {
            Task call = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), CallEffect.None);
            _time.Advance(Minute);
            await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        }

        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(1)));
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_tested_before_the_limits()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = Minute);
        using var caller = new CancellationTokenSource();
        Task call = pipeline.ExecuteAsync(
            async token =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, token);
                }
                catch (OperationCanceledException)
                {
                    await caller.CancelAsync();
                    throw;
                }
            },
            CallEffect.None,
            caller.Token);

        _time.Advance(Minute);

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(caller.Token, exception.CancellationToken);
        Assert.DoesNotContain("AttemptTimeout", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_has_cancelled_already_starts_nothing()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var cancelled = new CancellationToken(canceled: true);
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(200)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://gateway/");

        await Assert.ThrowsAsync<TaskCanceledException>(() => pipeline.ExecuteAsync(_ => Fail<int>(), cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => pipeline.ExecuteAsync(_ => (Task)Fail<int>(), cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => pipeline.SendAsync(client, request, cancelled));
        Assert.Throws<OperationCanceledException>(() => pipeline.Execute(_ => Fail<int>().Result, cancelled));
        Assert.Throws<OperationCanceledException>(() => pipeline.ExecuteStreaming<int>(_ => throw new InvalidOperationException(), cancelled).ToList());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int _ in pipeline.ExecuteStreamingAsync<int>(_ => throw new InvalidOperationException(), cancelled))
            {
            }
        });

        static Task<T> Fail<T>() => throw new InvalidOperationException("was called");
    }

    [Fact]
    public async Task A_callback_that_ignores_its_token_completes_normally()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = Minute);
        var slow = new TaskCompletionSource<int>();
        Task<int> call = pipeline.ExecuteAsync(_ => slow.Task);

        _time.Advance(2 * Minute);
        slow.SetResult(3);

        Assert.Equal(3, await call);
    }

    [Fact]
    public async Task Infinite_limits_start_no_timer()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(
            _time, options => options.CallTimeout = options.AttemptTimeout = Timeout.InfiniteTimeSpan);
        var pending = new TaskCompletionSource<int>();
        Task<int> call = pipeline.ExecuteAsync(_ => pending.Task);

        Assert.Equal(0, _time.ActiveTimers);
        pending.SetResult(1);
        await call;
    }

    [Fact]
    public async Task An_exception_of_a_cancelled_attempt_that_is_no_cancellation_keeps_its_type()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = Minute);
        var thrown = new IOException("aborted");
        Task call = pipeline.ExecuteAsync(async token =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                throw thrown;
            }
        });

        _time.Advance(Minute);

        Assert.Same(thrown, await Assert.ThrowsAsync<IOException>(() => call));
    }
}
