using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>An open circuit that is closed by a probe.</summary>
public sealed class RecoveryProbeTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task The_first_good_probe_closes_the_circuit()
    {
        (GatewayPipeline pipeline, ScriptedHandler gateway) = Create(
            ScriptedHandler.Throw(Gateways.Refused), ScriptedHandler.Answer(503), ScriptedHandler.Answer(200));
        await OpenAsync(pipeline, Gateways.Refused);

        for (int probe = 1; probe <= 3; probe++)
        {
            Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
            await ProbeAsync(gateway, probe);
        }

        await Gateways.EventuallyAsync(() => pipeline.State.Circuit == CircuitState.Closed);
        Assert.Equal(1, await pipeline.ExecuteAsync(_ => Task.FromResult(1)));
        Assert.Equal(0, _time.ActiveTimers);
        Assert.All(gateway.Requests, request => Assert.Equal("/readyz", request.Message.RequestUri!.AbsolutePath));
    }

    [Fact]
    public async Task A_probe_that_hangs_is_given_up()
    {
        (GatewayPipeline pipeline, ScriptedHandler gateway) = Create(ScriptedHandler.Hang(), ScriptedHandler.Answer(200));
        await OpenAsync(pipeline, Gateways.Refused);
        await ProbeAsync(gateway, 1);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));
        await ProbeAsync(gateway, 2);

        await Gateways.EventuallyAsync(() => pipeline.State.Circuit == CircuitState.Closed);
    }

    [Fact]
    public async Task A_gateway_that_answers_with_failures_is_not_probed_for_the_probe_would_not_see_them()
    {
        (GatewayPipeline pipeline, ScriptedHandler gateway) = Create(ScriptedHandler.Answer(200));
        await OpenAsync(pipeline, () => Gateways.Status(502));

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
        Assert.Equal(0, _time.ActiveTimers);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task A_circuit_that_opens_again_at_once_waits_for_its_break()
    {
        (GatewayPipeline pipeline, ScriptedHandler gateway) = Create(ScriptedHandler.Answer(200));
        await OpenAsync(pipeline, Gateways.Reset);
        await ProbeAsync(gateway, 1);
        await Gateways.EventuallyAsync(() => pipeline.State.Circuit == CircuitState.Closed);

        await OpenAsync(pipeline, Gateways.Reset);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_probed()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => (options.MinimumThroughput, options.MaxRetries) = (2, 0));
        await OpenAsync(pipeline, Gateways.Refused);

        Assert.Equal(0, _time.ActiveTimers);
    }

    [Theory]
    [InlineData("readyz")]
    [InlineData("ws://gateway/")]
    public void An_address_that_cannot_be_asked_is_refused(string address)
    {
        var refusal = Assert.ThrowsAny<ArgumentException>(() => new GatewayPipeline(new GatewayOptions { ProbeUri = new Uri(address, UriKind.RelativeOrAbsolute) }));
        Assert.Contains("GatewayOptions.ProbeUri", refusal.Message, StringComparison.Ordinal);
    }

    private (GatewayPipeline Pipeline, ScriptedHandler Gateway) Create(params Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>[] script)
    {
        var gateway = new ScriptedHandler(script);
        return (Gateways.OpenClaw(_time, options =>
        {
            options.MinimumThroughput = 2;
            options.MaxRetries = 0;
            options.ProbeUri = new Uri("http://gateway/readyz");
            options.ProbeClient = new HttpClient(gateway);
        }), gateway);
    }

    private static async Task OpenAsync(GatewayPipeline pipeline, Func<Exception> failure)
    {
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw failure()));
        }

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
    }

    private async Task ProbeAsync(ScriptedHandler gateway, int count)
    {
        await _time.WaitForTimerAsync(Interval);
        _time.Advance(Interval);
        await Gateways.EventuallyAsync(() => gateway.Requests.Count == count);
    }
}
