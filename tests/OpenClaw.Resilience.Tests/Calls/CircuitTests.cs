using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Calls;

public sealed class CircuitTests
{
    private const string LockedOut = """{"error":{"message":"Too many failed authentication attempts.","type":"rate_limited"}}""";
    private readonly VirtualTime _time = new();
    private int _attempts;

    [Fact]
    public async Task It_opens_in_the_middle_of_a_call_and_stops_its_retries()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);

        var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(() => RefuseAsync(pipeline));

        Assert.Equal(2, _attempts);
        Assert.Equal(RejectionReason.CircuitOpen, rejected.Reason);
        Assert.IsType<HttpRequestException>(rejected.InnerException);
    }

    [Fact]
    public async Task An_open_circuit_rejects_at_once_without_waiting_and_names_the_time()
    {
        GatewayPipeline pipeline = await OpenAsync();
        int before = _attempts;
        _time.Advance(TimeSpan.FromSeconds(5));

        Task call = pipeline.ExecuteAsync(Refused);

        var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(() => call);
        Assert.Equal(before, _attempts);
        Assert.Equal(TimeSpan.FromSeconds(10), rejected.RetryAfter);
        Assert.Null(rejected.StatusCode);
        Assert.True(GatewayFailure.TryGet(rejected, out GatewayFailure? failure));
        Assert.False(failure.MayHaveRun);
        Assert.Equal(TimeSpan.FromSeconds(10), failure.RetryAfter);
    }

    [Fact]
    public async Task Half_open_lets_one_call_through_and_closes_on_success()
    {
        GatewayPipeline pipeline = await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        var trial = new TaskCompletionSource<int>();
        Task<int> first = pipeline.ExecuteAsync(_ => trial.Task);

        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(1)));
        trial.SetResult(7);

        Assert.Equal(7, await first);
        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
        Assert.Equal(1, await pipeline.ExecuteAsync(_ => Task.FromResult(1)));
    }

    [Fact]
    public async Task Each_failed_trial_doubles_the_break_up_to_the_longest()
    {
        GatewayPipeline pipeline = await OpenAsync();
        double[] expected = [30, 60, 120, 120];
        TimeSpan open = TimeSpan.FromSeconds(15);
        foreach (double seconds in expected)
        {
            _time.Advance(open);
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
            open = Assert.NotNull((await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(Refused))).RetryAfter);
            Assert.Equal(seconds, open.TotalSeconds);
        }
    }

    [Fact]
    public async Task A_cancelled_trial_does_not_close_the_circuit()
    {
        GatewayPipeline pipeline = await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(15));
        using var caller = new CancellationTokenSource();
        Task trial = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trial);
        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_trial_that_is_cancelled_before_it_begins_does_not_close_the_circuit()
    {
        var log = new LogRecorder();
        using var caller = new CancellationTokenSource();
        log.OnLine = line =>
        {
            if (line.StartsWith("Information 5", StringComparison.Ordinal))
            {
                caller.Cancel();
            }
        };
        GatewayPipeline pipeline = await OpenAsync(options => options.LoggerFactory = log);
        _time.Advance(TimeSpan.FromSeconds(15));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pipeline.ExecuteAsync<int>(_ => throw new InvalidOperationException("not reached"), caller.Token));

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_bug_in_the_callback_during_the_trial_does_not_close_the_circuit()
    {
        GatewayPipeline pipeline = await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(15));

        await Assert.ThrowsAsync<ArgumentException>(() => pipeline.ExecuteAsync<int>(_ => throw new ArgumentException("bug")));

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
    }

    [Fact]
    public async Task The_callers_cancellation_never_opens_it()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        for (int i = 0; i < 50; i++)
        {
            using var caller = new CancellationTokenSource();
            Task call = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), caller.Token);
            await caller.CancelAsync();
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            Assert.Equal(caller.Token, exception.CancellationToken);
        }

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_client_that_answers_cancellation_with_a_transport_error_is_still_cancelled()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        for (int i = 0; i < 10; i++)
        {
            using var caller = new CancellationTokenSource();
            Task call = pipeline.ExecuteAsync<int>(
                _ =>
                {
                    _attempts++;
                    caller.Cancel();
                    throw Gateways.Reset();
                },
                CallEffect.None,
                caller.Token);
            await Assert.ThrowsAsync<HttpRequestException>(() => call);
        }

        Assert.Equal(10, _attempts);
        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(429, false)]
    [InlineData(408, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(529, true)]
    public async Task Only_failures_of_the_gateway_open_it(int status, bool opens)
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 4);
        for (int i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Status(status)));
        }

        Assert.Equal(opens ? CircuitState.Open : CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_failing_tool_does_not_open_it()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(500, """{"ok":false,"error":{"type":"tool_error","message":"x"}}"""));
        using var client = new HttpClient(transport);
        for (int i = 0; i < 10; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/tools/invoke");
            using HttpResponseMessage response = await pipeline.SendAsync(client, request);
        }

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_gateway_that_fails_every_second_time_opens_it()
    {
        GatewayPipeline pipeline = Pipeline();
        int calls = 0;
        await Assert.ThrowsAsync<GatewayRejectedException>(async () =>
        {
            while (calls < 200)
            {
                calls++;
                Task call = pipeline.ExecuteAsync(_ => _attempts++ % 2 == 0 ? throw Gateways.Refused() : Task.FromResult(1));
                await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
                await call;
            }
        });

        Assert.InRange(calls, 2, 4);
    }

    [Fact]
    public async Task Failures_that_are_long_past_are_forgotten()
    {
        GatewayPipeline pipeline = Pipeline();
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task A_lockout_rejects_all_calls_at_once_until_it_ends()
    {
        GatewayPipeline pipeline = Pipeline();
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(429, LockedOut, "8"), ScriptedHandler.Answer(200));
        using var client = new HttpClient(transport);

        using (HttpResponseMessage response = await PostAsync())
        {
            Assert.Equal(429, (int)response.StatusCode);
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        var rejected = await Assert.ThrowsAsync<GatewayRejectedException>(PostAsync);
        Assert.Equal((RejectionReason.Lockout, TimeSpan.FromSeconds(5)), (rejected.Reason, rejected.RetryAfter));
        Assert.Single(transport.Requests);

        _time.Advance(TimeSpan.FromSeconds(5));
        using HttpResponseMessage after = await PostAsync();
        Assert.Equal(200, (int)after.StatusCode);

        async Task<HttpResponseMessage> PostAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/v1/chat/completions");
            return await pipeline.SendAsync(client, request);
        }
    }

    [Theory]
    [InlineData(null, 5 * 60)]
    [InlineData("31536000", 60 * 60)]
    public async Task A_lockout_without_a_time_has_the_gateways_default_and_an_absurd_one_is_not_believed(string? retryAfter, int seconds)
    {
        GatewayPipeline pipeline = Pipeline();
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(429, LockedOut, retryAfter));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/v1/chat/completions");
        using HttpResponseMessage response = await pipeline.SendAsync(client, request);

        Assert.Equal(TimeSpan.FromSeconds(seconds), pipeline.State.LockoutRemaining);
    }

    [Fact]
    public async Task A_breaker_of_the_callbacks_own_is_not_mistaken_for_ours()
    {
        GatewayPipeline pipeline = Pipeline();

        await Assert.ThrowsAsync<BrokenCircuitException>(() => pipeline.ExecuteAsync<int>(_ => throw new BrokenCircuitException("theirs")));
    }

    [Fact]
    public async Task Rejections_are_neither_samples_nor_retried()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        for (int i = 0; i < 20; i++)
        {
            await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync<int>(
                _ => throw (++_attempts > 0 ? new GatewayRejectedException("of another gateway", RejectionReason.CircuitOpen) : null!), CallEffect.None));
        }

        Assert.Equal(20, _attempts);
        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    private GatewayPipeline Pipeline(Action<GatewayOptions>? configure = null) => Gateways.OpenClaw(_time, options =>
    {
        options.MinimumThroughput = 4;
        configure?.Invoke(options);
    });

    private async Task<GatewayPipeline> OpenAsync(Action<GatewayOptions>? configure = null)
    {
        GatewayPipeline pipeline = Pipeline(configure);
        for (int i = 0; i < 4; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
        }

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
        return pipeline;
    }

    private Task<int> Refused(CancellationToken token)
    {
        _attempts++;
        throw Gateways.Refused();
    }

    private async Task RefuseAsync(GatewayPipeline pipeline)
    {
        Task call = pipeline.ExecuteAsync(Refused);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await call;
    }
}
