using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.DependencyInjection;

/// <summary>Gateways from dependency injection. Each test has a gateway of its own, since pipelines belong to the process.</summary>
public sealed class OpenClawServicesTests
{
    private readonly string _name = $"gateway-{Guid.NewGuid():N}";

    [Fact]
    public void The_injected_pipeline_is_the_processs_own()
    {
        using ServiceProvider services = Build(services => services.AddOpenClawGateway(_name, options => options.MaxConcurrentCalls = 3));

        GatewayPipeline pipeline = services.GetRequiredService<GatewayPipeline>();
        Assert.Same(GatewayPipeline.For(_name), pipeline);
        Assert.Same(pipeline, services.GetRequiredKeyedService<GatewayPipeline>(_name));
        Assert.Equal(3, pipeline.State.Options.MaxConcurrentCalls);
        Assert.Equal(_name, pipeline.Name);
    }

    [Fact]
    public void A_pipeline_that_was_used_before_takes_the_options_over()
    {
        GatewayPipeline early = GatewayPipeline.For(_name);
        using ServiceProvider services = Build(services => services.AddOpenClawGateway(_name, options => options.MaxRetries = 0));

        Assert.Same(early, services.GetRequiredService<GatewayPipeline>());
        Assert.Equal(0, early.State.Options.MaxRetries);
    }

    [Fact]
    public void Several_registrations_of_one_gateway_add_up()
    {
        using ServiceProvider services = Build(services =>
        {
            services.AddOpenClawGateway(_name, options => options.MaxRetries = 1);
            services.AddOpenClawGateway(_name, options => options.MaxConcurrentCalls = 7);
        });

        GatewayOptions options = services.GetRequiredService<GatewayPipeline>().State.Options;
        Assert.Equal((1, 7), (options.MaxRetries, options.MaxConcurrentCalls));
        Assert.Single(services.GetServices<GatewayPipeline>());
    }

    [Fact]
    public void Several_gateways_are_told_apart_by_name_and_the_first_is_the_default()
    {
        string provider = _name + "-provider";
        using ServiceProvider services = Build(services =>
        {
            services.AddOpenClawGateway(_name);
            services.AddModelProviderGateway(provider, options => options.MaxConcurrentCalls = 9);
        });

        Assert.Equal(_name, services.GetRequiredService<GatewayPipeline>().Name);
        GatewayOptions options = services.GetRequiredKeyedService<GatewayPipeline>(provider).State.Options;
        Assert.Equal((GatewayKind.ModelProvider, 5, 9), (options.Gateway, options.MaxRetries, options.MaxConcurrentCalls));
    }

    [Fact]
    public void A_changed_configuration_is_in_use_for_the_next_call()
    {
        IConfigurationRoot configuration = Configure(("OpenClaw:MaxRetries", "1"));
        using ServiceProvider services = Build(services => services.AddOpenClawGateway(_name).Bind(configuration.GetSection("OpenClaw")));
        GatewayPipeline pipeline = services.GetRequiredService<GatewayPipeline>();
        Assert.Equal(1, pipeline.State.Options.MaxRetries);

        Change(configuration, "OpenClaw:MaxRetries", "0");

        Assert.Equal(0, pipeline.State.Options.MaxRetries);
        Assert.Equal(_name, pipeline.State.Options.Name);
    }

    [Theory]
    [InlineData("11", "GatewayOptions.MaxRetries")]
    [InlineData("many", "OpenClaw:MaxRetries")]
    public void A_change_that_is_not_valid_is_logged_and_ignored(string value, string named)
    {
        IConfigurationRoot configuration = Configure(("OpenClaw:MaxRetries", "1"));
        var log = new LogRecorder();
        using ServiceProvider services = Build(services =>
        {
            services.AddLogging(logging => logging.ClearProviders().AddProvider(log));
            services.AddOpenClawGateway(_name).Bind(configuration.GetSection("OpenClaw"));
        });
        GatewayPipeline pipeline = services.GetRequiredService<GatewayPipeline>();

        Change(configuration, "OpenClaw:MaxRetries", value);

        Assert.Equal(1, pipeline.State.Options.MaxRetries);
        string line = Assert.Single(log.Lines, line => line.StartsWith("Error 9", StringComparison.Ordinal));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lockout_outlasts_a_change_of_the_options()
    {
        IConfigurationRoot configuration = Configure(("OpenClaw:MaxRetries", "1"));
        using ServiceProvider services = Build(services => services.AddOpenClawGateway(_name).Bind(configuration.GetSection("OpenClaw")));
        GatewayPipeline pipeline = services.GetRequiredService<GatewayPipeline>();
        pipeline.State.LockOut(TimeSpan.FromMinutes(3));

        Change(configuration, "OpenClaw:MaxRetries", "0");

        Assert.InRange(pipeline.State.LockoutRemaining!.Value, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task A_wrong_option_is_found_when_the_host_starts()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddOpenClawGateway(_name, options => options.FailureRatio = 2).ValidateOnStart();
        using IHost host = builder.Build();

        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(_name, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("FailureRatio", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_the_factory_is_protected_and_keeps_no_limit_of_its_own()
    {
        var time = new VirtualTime();
        var server = new ScriptedHandler(ScriptedHandler.Throw(Gateways.Refused), ScriptedHandler.Answer(200, "hello"));
        using ServiceProvider services = Build(services =>
        {
            services.AddOpenClawGateway(_name, options => options.TimeProvider = time);
            services.AddHttpClient("agent").ConfigurePrimaryHttpMessageHandler(() => server).AddOpenClawResilience(_name);
        });
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("agent");
        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);

        Task<string> call = client.GetStringAsync(new Uri("http://gateway/models"));
        await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        Assert.Equal("hello", await call);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(5, services.GetRequiredService<GatewayPipeline>().State.FreePermits);
    }

    [Fact]
    public async Task A_turn_that_may_have_run_is_not_sent_again_by_the_handler()
    {
        var server = new ScriptedHandler(ScriptedHandler.Throw(Gateways.Reset));
        using ServiceProvider services = Build(services => services.AddHttpClient("agent").ConfigurePrimaryHttpMessageHandler(() => server).AddOpenClawResilience(_name));
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("agent");

        using var content = new StringContent("{}");
        var failure = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.PostAsync(new Uri("http://gateway/v1/chat/completions"), content));

        Assert.True(GatewayFailure.Classify(failure).MayHaveRun);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_wrapped_call_over_a_protected_client_is_one_call()
    {
        var server = new ScriptedHandler(ScriptedHandler.Throw(Gateways.Refused));
        var time = new VirtualTime();
        using ServiceProvider services = Build(services =>
        {
            services.AddOpenClawGateway(_name, options => (options.TimeProvider, options.MaxConcurrentCalls, options.MinimumThroughput) = (time, 1, 100));
            services.AddHttpClient("agent").ConfigurePrimaryHttpMessageHandler(() => server).AddOpenClawResilience(_name);
        });
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("agent");

        Task<string> call = GatewayPipeline.For(_name).ExecuteAsync(token => client.GetStringAsync(new Uri("http://gateway/"), token));
        await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<HttpRequestException>(() => call);

        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public void A_synchronous_call_of_a_protected_client_is_protected_too()
    {
        var server = new ScriptedHandler(ScriptedHandler.Answer(200, "hello"));
        using ServiceProvider services = Build(services => services.AddHttpClient("agent").ConfigurePrimaryHttpMessageHandler(() => server).AddOpenClawResilience(_name));
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("agent");

        using var request = new HttpRequestMessage(HttpMethod.Get, "http://gateway/");
        using HttpResponseMessage response = client.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream(TestContext.Current.CancellationToken));
        Assert.Equal("hello", reader.ReadToEnd());
    }

    private static ServiceProvider Build(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection();
        register(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private static IConfigurationRoot Configure(params (string Key, string Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();

    private static void Change(IConfigurationRoot configuration, string key, string value)
    {
        configuration[key] = value;
        configuration.Reload();
    }
}
