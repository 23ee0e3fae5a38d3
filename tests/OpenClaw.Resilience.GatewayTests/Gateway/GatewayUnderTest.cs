using System.Net;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>A gateway for a collection of tests, with the model provider behind it. Started by the first test that needs it.</summary>
/// <param name="signInLimit">The gateway's <c>auth.rateLimit</c>; null is its default, from which loopback is exempt.</param>
public abstract class GatewayUnderTest(object? signInLimit) : IAsyncDisposable
{
    private GatewayHost? _host;

    internal ModelProvider Provider => _host!.Provider;

    internal GatewayProcess Process => _host!.Process;

    internal Uri Address => _host!.Address;

    internal Uri SocketAddress => new UriBuilder(Address) { Scheme = "ws" }.Uri;

    internal string Token => _host!.Token;

    /// <summary>Starts the gateway if it is not running, and waits until it answers.</summary>
    public async Task EnsureRunningAsync() => await (await HostAsync()).EnsureRunningAsync();

    /// <summary>Sees to it that nobody listens at <see cref="Address"/>.</summary>
    public async Task EnsureAwayAsync() => await (await HostAsync()).EnsureAwayAsync();

    /// <summary>Starts a new life of the gateway without waiting for it.</summary>
    public async Task StartAsync() => await (await HostAsync()).StartAsync();

    /// <summary>The status of a probe, or null when nobody answers.</summary>
    public Task<HttpStatusCode?> ProbeAsync(string path) => _host!.ProbeAsync(path);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    private async Task<GatewayHost> HostAsync()
    {
        if (_host is null)
        {
            GatewayInstallation installation = RequiredGateway.Find();
            ModelProvider provider = await ModelProvider.StartAsync();
            _host = new GatewayHost(installation, GatewayFolder.WithAllAgents(provider.Port, signInLimit), provider);
        }

        return _host;
    }
}
