using System.Net;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>A gateway for a collection of tests, with the model provider behind it. Started by the first test that needs it.</summary>
/// <param name="signInLimit">The gateway's <c>auth.rateLimit</c>; null is its default, from which loopback is exempt.</param>
public abstract class GatewayUnderTest(object? signInLimit) : IAsyncDisposable
{
    private const int WarmUps = 3;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly HttpClient Probe = new();
    private ModelProvider? _provider;
    private GatewayFolder? _folder;
    private GatewayProcess? _process;
    private bool _isWarm;

    internal ModelProvider Provider => _provider!;

    internal GatewayProcess Process => _process!;

    internal Uri Address => new($"http://127.0.0.1:{_folder!.Port}/");

    internal Uri SocketAddress => new UriBuilder(Address) { Scheme = "ws" }.Uri;

    internal string Token => _folder!.Token;

    /// <summary>Starts the gateway if it is not running, and waits until it answers.</summary>
    public async Task EnsureRunningAsync()
    {
        if (_process is not { HasExited: false })
        {
            await StartAsync();
        }

        if (!_isWarm)
        {
            await EnsureReadyAsync();
            using var patience = new CancellationTokenSource(StartLimit);
            await WarmUpAsync(patience.Token);
            _isWarm = true;
        }
    }

    /// <summary>Waits until a gateway that was started says that it is ready.</summary>
    public async Task EnsureReadyAsync()
    {
        using var patience = new CancellationTokenSource(StartLimit);
        while (await ProbeAsync("readyz") != HttpStatusCode.OK)
        {
            Assert.False(Process.HasExited, $"The gateway has ended. The end of its log:\n{Process.Log}");
            Assert.False(patience.IsCancellationRequested, $"The gateway is not ready. The end of its log:\n{Process.Log}");
            await Task.Delay(ProbeInterval, CancellationToken.None);
        }
    }

    /// <summary>Sees to it that nobody listens at <see cref="Address"/>.</summary>
    public async Task EnsureAwayAsync()
    {
        await PrepareAsync();
        if (_process is { HasExited: false })
        {
            await _process.KillAsync();
        }
    }

    /// <summary>Ends the gateway's life and deletes what it had stored of its agents' sessions.</summary>
    public async Task LoseSessionsAsync()
    {
        await EnsureAwayAsync();
        _folder!.DeleteSessions();
    }

    /// <summary>Starts a new life of the gateway without waiting for it.</summary>
    public async Task StartAsync()
    {
        GatewayInstallation installation = await PrepareAsync();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _isWarm = false;
        _process = new GatewayProcess(installation, _folder!);
    }

    /// <summary>The status of a probe, or null when nobody answers.</summary>
    public async Task<HttpStatusCode?> ProbeAsync(string path)
    {
        try
        {
            using HttpResponseMessage response = await Probe.GetAsync(new Uri(Address, path));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }

        _folder?.Dispose();
    }

    private async Task<GatewayInstallation> PrepareAsync()
    {
        GatewayInstallation installation = GatewayInstallation.Require();
        _provider ??= await ModelProvider.StartAsync();
        _folder ??= new GatewayFolder(_provider.Port, signInLimit);
        return installation;
    }

    // The first turn of a life loads what all later ones use, which on a busy machine takes longer than a turn may.
    private async Task WarmUpAsync(CancellationToken patience)
    {
        Ending? ending = null;
        for (int attempt = 0; attempt < WarmUps; attempt++)
        {
            ending = await new Caller(this).AskUntil(Way.Raw, Provider.Script(Replies.Good).Prompt, CallEffect.Unknown, patience).Ending;
            if (ending.Failure is null)
            {
                return;
            }
        }

        Assert.Fail($"The gateway is ready but does not answer: {ending} The end of its log:\n{Process.Log}");
    }
}
