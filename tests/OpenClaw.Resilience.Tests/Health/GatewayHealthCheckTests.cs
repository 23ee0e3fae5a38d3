using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Health;

/// <summary>Live, ready and working are three things.</summary>
public sealed class GatewayHealthCheckTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_gateway_that_answers_is_healthy()
    {
        (GatewayPipeline pipeline, ScriptedHandler gateway) = Create(ScriptedHandler.Answer(200));
        await pipeline.ExecuteAsync(_ => Task.FromResult(1));

        HealthCheckResult result = await CheckAsync(pipeline);

        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal(("yes", "yes", "succeed"), (result.Data["live"], result.Data["ready"], result.Data["calls"]));
        Assert.Equal(["/healthz", "/readyz"], gateway.Requests.Select(request => request.Message.RequestUri!.AbsolutePath));
    }

    [Fact]
    public async Task A_gateway_that_drains_is_live_and_not_ready()
    {
        (GatewayPipeline pipeline, _) = Create(ScriptedHandler.Answer(200), ScriptedHandler.Answer(503));

        HealthCheckResult result = await CheckAsync(pipeline);

        Assert.Equal((HealthStatus.Degraded, "yes", "no"), (result.Status, result.Data["live"], result.Data["ready"]));
    }

    [Fact]
    public async Task A_gateway_that_is_gone_is_asked_once()
    {
        (GatewayPipeline pipeline, ScriptedHandler gateway) = Create(ScriptedHandler.Throw(Gateways.Refused));

        HealthCheckResult result = await CheckAsync(pipeline);

        Assert.Equal((HealthStatus.Unhealthy, "no", "no"), (result.Status, result.Data["live"], result.Data["ready"]));
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task A_gateway_that_hangs_does_not_hang_the_check()
    {
        (GatewayPipeline pipeline, _) = Create(ScriptedHandler.Hang());
        Task<HealthCheckResult> check = CheckAsync(pipeline);
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(HealthStatus.Unhealthy, (await check).Status);
    }

    [Fact]
    public async Task A_green_gateway_whose_provider_fails_is_degraded_and_then_unhealthy()
    {
        (GatewayPipeline pipeline, _) = Create(ScriptedHandler.Answer(200));
        await FailAsync(pipeline);
        HealthCheckResult first = await CheckAsync(pipeline);
        await FailAsync(pipeline);
        HealthCheckResult second = await CheckAsync(pipeline);

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Unhealthy), (first.Status, second.Status));
        Assert.Contains("502", Assert.IsType<string>(first.Data["calls"]), StringComparison.Ordinal);
        Assert.Equal("Open", second.Data["circuit"]);
    }

    [Fact]
    public async Task What_the_caller_cancelled_says_nothing()
    {
        (GatewayPipeline pipeline, _) = Create(ScriptedHandler.Answer(200));
        using var cancellation = new CancellationTokenSource();
        Task call = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);

        Assert.Equal((HealthStatus.Healthy, "none yet"), ((await CheckAsync(pipeline)).Status, (await CheckAsync(pipeline)).Data["calls"]));
    }

    [Fact]
    public async Task A_lockout_is_unhealthy_and_says_for_how_long()
    {
        (GatewayPipeline pipeline, _) = Create(ScriptedHandler.Answer(200));
        pipeline.State.LockOut(TimeSpan.FromMinutes(3));

        HealthCheckResult result = await CheckAsync(pipeline);

        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("00:03:00", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_address_only_the_calls_count()
    {
        HealthCheckResult result = await CheckAsync(Gateways.OpenClaw(_time));

        Assert.Equal((HealthStatus.Healthy, "not asked", "not asked"), (result.Status, result.Data["live"], result.Data["ready"]));
    }

    [Fact]
    public async Task It_is_made_by_dependency_injection_and_its_registration_says_how_bad_it_is()
    {
        string name = $"gateway-{Guid.NewGuid():N}";
        var services = new ServiceCollection();
        services.AddOpenClawGateway(name, options =>
        {
            options.ProbeUri = new Uri("http://gateway/readyz");
            options.ProbeClient = new HttpClient(new ScriptedHandler(ScriptedHandler.Throw(Gateways.Refused)));
        });
        services.AddHealthChecks().AddCheck<GatewayHealthCheck>("gateway", HealthStatus.Degraded);
        using ServiceProvider provider = services.BuildServiceProvider();

        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, report.Entries["gateway"].Status);
    }

    private static Task<HealthCheckResult> CheckAsync(GatewayPipeline pipeline) => new GatewayHealthCheck(pipeline).CheckHealthAsync(new HealthCheckContext());

    private static Task FailAsync(GatewayPipeline pipeline)
        => Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Status(502)));

    private (GatewayPipeline Pipeline, ScriptedHandler Gateway) Create(params Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>[] script)
    {
        var gateway = new ScriptedHandler(script);
        return (Gateways.OpenClaw(_time, options =>
        {
            options.MinimumThroughput = 2;
            options.ProbeUri = new Uri("http://gateway/readyz");
            options.ProbeClient = new HttpClient(gateway);
        }), gateway);
    }
}
