using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenClaw.Resilience;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers gateways with dependency injection.</summary>
public static class OpenClawServices
{
    /// <summary>
    /// Registers the pipeline of a gateway: as <see cref="GatewayPipeline"/>, and keyed by its name. It is the process's pipeline of that name,
    /// so code that uses <see cref="GatewayPipeline.Shared"/> or <see cref="GatewayPipeline.For(string)"/> shares permits and circuit with
    /// code that has it injected, and these options count for both. May be called several times for one name: the configurations add up.
    /// </summary>
    /// <remarks>
    /// Options bound to a configuration are watched: a valid change is in use for the next call, one that is not is logged and ignored. A value that
    /// is out of range when the pipeline is first used makes that throw; the returned builder's <c>ValidateOnStart</c> finds it at start.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="name">The gateway's name. Default: the name of <see cref="GatewayPipeline.Shared"/>.</param>
    /// <param name="configure">Changes the numbers of <see cref="GatewayOptions.ForOpenClaw"/>, or nothing.</param>
    /// <returns>The builder of the options, for example to bind them: <c>.BindConfiguration("OpenClaw")</c>.</returns>
    public static OptionsBuilder<GatewayOptions> AddOpenClawGateway(
        this IServiceCollection services, string name = GatewayPipeline.DefaultName, Action<GatewayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        OptionsBuilder<GatewayOptions> options = services.AddOptions<GatewayOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        if (services.Any(service => service.ServiceType == typeof(GatewayRegistration) && ((GatewayRegistration)service.ImplementationInstance!).Name == name))
        {
            return options;
        }

        services.AddLogging();
        services.AddSingleton(new GatewayRegistration(name));
        services.AddSingleton<IValidateOptions<GatewayOptions>>(new GatewayOptionsValidation(name));
        services.AddKeyedSingleton(name, static (provider, key) => new ConfiguredGateway(provider, (string)key!));
        services.AddKeyedSingleton(name, static (provider, key) => provider.GetRequiredKeyedService<ConfiguredGateway>(key).Pipeline);
        // The first gateway is the one that is meant when no name is given.
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<GatewayPipeline>(name));
        return options;
    }

    /// <summary>
    /// Registers the pipeline of a model provider or of a server compatible with one: as
    /// <see cref="AddOpenClawGateway"/>, with the numbers of <see cref="GatewayOptions.ForModelProvider"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The provider's name.</param>
    /// <param name="configure">Changes the numbers, or nothing.</param>
    /// <returns>The builder of the options.</returns>
    public static OptionsBuilder<GatewayOptions> AddModelProviderGateway(
        this IServiceCollection services, string name, Action<GatewayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.AddOptions<GatewayOptions>(name).Configure(static options => options.UseModelProvider());
        return services.AddOpenClawGateway(name, configure);
    }

    /// <summary>
    /// Protects all requests of a client by a gateway's pipeline, and leaves the time limits to it: the client's own
    /// <see cref="HttpClient.Timeout"/> becomes infinite. Add it last, so that it is the innermost handler and sees what goes over the wire.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="gateway">The gateway's name; it is registered when it is not yet. Default: the name of
    /// <see cref="GatewayPipeline.Shared"/>.</param>
    public static IHttpClientBuilder AddOpenClawResilience(this IHttpClientBuilder builder, string gateway = GatewayPipeline.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOpenClawGateway(gateway);
        return builder
            .ConfigureHttpClient(static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .AddHttpMessageHandler(provider => new GatewayHandler(provider.GetRequiredKeyedService<GatewayPipeline>(gateway)));
    }

    /// <summary>
    /// Registers a <see cref="DrainCoordinator"/>: when the host stops, runs that have it in their options end between two steps, before anything is
    /// cancelled.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="gateway">The gateway that the steps call; it is registered when it is not yet. Default: the name of
    /// <see cref="GatewayPipeline.Shared"/>.</param>
    public static IServiceCollection AddOpenClawDrain(this IServiceCollection services, string gateway = GatewayPipeline.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOpenClawGateway(gateway);
        services.TryAddSingleton(provider => new DrainCoordinator(provider.GetRequiredKeyedService<GatewayPipeline>(gateway)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DrainCoordinator>(
            static provider => provider.GetRequiredService<DrainCoordinator>()));
        return services;
    }

    private sealed record GatewayRegistration(string Name);
}
