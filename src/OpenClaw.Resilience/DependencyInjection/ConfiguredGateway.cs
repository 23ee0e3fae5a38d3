using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OpenClaw.Resilience;

/// <summary>A pipeline and the options that it follows.</summary>
/// <remarks>
/// Asks the options' factory itself and not <see cref="IOptionsMonitor{TOptions}"/>, which throws on the thread that has seen the change: a typing
/// error in a configuration file would end the process.
/// </remarks>
internal sealed class ConfiguredGateway : IDisposable
{
    private readonly IOptionsFactory<GatewayOptions> _factory;
    private readonly ILoggerFactory _loggers;
    private readonly List<IDisposable> _watches = [];
    private readonly object _lock = new();

    public ConfiguredGateway(IServiceProvider services, string name)
    {
        _factory = services.GetRequiredService<IOptionsFactory<GatewayOptions>>();
        _loggers = services.GetRequiredService<ILoggerFactory>();
        Pipeline = GatewayPipeline.For(name);
        Pipeline.Reconfigure(Create());
        foreach (IOptionsChangeTokenSource<GatewayOptions> source in services.GetServices<IOptionsChangeTokenSource<GatewayOptions>>())
        {
            if (source.Name is null || source.Name == name)
            {
                _watches.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
            }
        }
    }

    public GatewayPipeline Pipeline { get; }

    public void Dispose() => _watches.ForEach(static watch => watch.Dispose());

    private void Reload()
    {
        lock (_lock)
        {
            try
            {
                Pipeline.Reconfigure(Create());
            }
            catch (Exception exception)
            {
                Pipeline.State.Log.OptionsRefused(Pipeline.Name, exception.Message);
            }
        }
    }

    private GatewayOptions Create()
    {
        GatewayOptions options = _factory.Create(Pipeline.Name);
        options.LoggerFactory ??= _loggers;
        return options;
    }
}
