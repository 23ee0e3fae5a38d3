using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>A gateway over all of its lives, with the model provider behind it. Knows nothing of tests, so that the demo runs on it too.</summary>
internal sealed class GatewayHost(GatewayInstallation installation, GatewayFolder folder, ModelProvider provider) : IAsyncDisposable
{
    private const int WarmUps = 3;
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly HttpClient Http = new();
    private GatewayProcess? _process;
    private bool _isWarm;

    public ModelProvider Provider => provider;

    public GatewayProcess Process => _process ?? throw new InvalidOperationException("The gateway was never started.");

    public Uri Address => new($"http://127.0.0.1:{folder.Port}/");

    public string Token => folder.Token;

    /// <summary>Starts the gateway if it is not running, and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It does not; the message holds the end of its log.</exception>
    public async Task EnsureRunningAsync(CancellationToken cancellationToken = default)
    {
        if (_process is not { HasExited: false })
        {
            await StartAsync();
        }

        if (_isWarm)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartLimit);
        while (await ProbeAsync("readyz") != HttpStatusCode.OK)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Process.HasExited || patience.IsCancellationRequested)
            {
                throw new InvalidOperationException(
                    $"The gateway {(Process.HasExited ? "has ended" : "is not ready")}. The end of its log:\n{Process.Log}");
            }

            await Task.Delay(ProbeInterval, cancellationToken);
        }

        await WarmUpAsync(patience.Token);
        _isWarm = true;
    }

    /// <summary>Sees to it that nobody listens at <see cref="Address"/>.</summary>
    public async Task EnsureAwayAsync()
    {
        if (_process is { HasExited: false })
        {
            await _process.KillAsync();
        }
    }

    /// <summary>Starts a new life of the gateway without waiting for it.</summary>
    public async Task StartAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _isWarm = false;
        _process = new GatewayProcess(installation, folder);
    }

    /// <summary>The status of a probe, or null when nobody answers.</summary>
    public async Task<HttpStatusCode?> ProbeAsync(string path)
    {
        try
        {
            using HttpResponseMessage response = await Http.GetAsync(new Uri(Address, path));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await provider.DisposeAsync();
        folder.Dispose();
    }

    // The first turn of a life loads what all later ones use, which on a busy machine takes longer than a turn may.
    private async Task WarmUpAsync(CancellationToken patience)
    {
        string answer = "";
        for (int attempt = 0; attempt < WarmUps; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "v1/chat/completions"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            request.Content = JsonContent.Create(new
            {
                model = GatewayFolder.MainModel,
                messages = new[] { new { role = "user", content = provider.Script(Replies.Good).Prompt } },
            });
            using HttpResponseMessage response = await Http.SendAsync(request, patience);
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            answer = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(patience)}";
        }

        throw new InvalidOperationException($"The gateway is ready but answers {answer} The end of its log:\n{Process.Log}");
    }
}
