using OpenClaw.Resilience.Tests.Support;
using Polly.Telemetry;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>The events that a listener of Polly's kind gets from all layers.</summary>
public sealed class TelemetryTests
{
    private readonly VirtualTime _time = new();
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task A_retry_is_told()
    {
        GatewayPipeline pipeline = Create();
        int attempts = 0;
        Task<int> call = pipeline.ExecuteAsync(_ => ++attempts == 1 ? throw Gateways.Refused() : Task.FromResult(1));
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await call;

        Assert.Contains("Retry/OnRetry", _recorder.Events);
    }

    [Fact]
    public async Task A_full_queue_is_told()
    {
        GatewayPipeline pipeline = Create(options => (options.MaxConcurrentCalls, options.MaxQueuedCalls) = (1, 0));
        var gate = new TaskCompletionSource();
        Task running = pipeline.ExecuteAsync(_ => gate.Task);
        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.CompletedTask));
        gate.SetResult();
        await running;

        Assert.Contains("Concurrency/OnConcurrencyRejected", _recorder.Events);
    }

    [Fact]
    public async Task A_time_out_is_told()
    {
        GatewayPipeline pipeline = Create();
        Task call = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token));
        _time.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);

        Assert.Contains("Attempt/OnAttemptTimeout", _recorder.Events);
    }

    [Fact]
    public async Task The_circuit_and_a_lockout_are_told()
    {
        GatewayPipeline pipeline = Create(options => options.MinimumThroughput = 2);
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
        }

        Assert.Contains("CircuitBreaker/OnCircuitOpened", _recorder.Events);
        _time.Advance(TimeSpan.FromSeconds(15));
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(429, """{"error":{"type":"rate_limited"}}""")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/");
        using HttpResponseMessage response = await pipeline.SendAsync(client, request);
        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.SendAsync(client, request));

        Assert.Contains("Admission/OnLockout", _recorder.Events);
        Assert.Contains("Admission/OnLockoutRejected", _recorder.Events);
    }

    private GatewayPipeline Create(Action<GatewayOptions>? configure = null) => Gateways.OpenClaw(_time, options =>
    {
        options.TelemetryListener = _recorder;
        configure?.Invoke(options);
    });

    private sealed class Recorder : TelemetryListener
    {
        public List<string> Events { get; } = [];

        public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
        {
            lock (Events)
            {
                Events.Add($"{args.Source.StrategyName}/{args.Event.EventName}");
            }
        }
    }
}
