using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>Pipelines on a virtual clock, and the failures that clients throw.</summary>
internal static class Gateways
{
    /// <summary>An OpenClaw pipeline whose circuit does not open by itself.</summary>
    public static GatewayPipeline OpenClaw(VirtualTime time, Action<GatewayOptions>? configure = null)
        => Create(GatewayOptions.ForOpenClaw(), time, configure);

    /// <summary>A provider pipeline whose circuit does not open by itself.</summary>
    public static GatewayPipeline Provider(VirtualTime time, Action<GatewayOptions>? configure = null)
        => Create(GatewayOptions.ForModelProvider(), time, configure);

    public static HttpRequestException Refused()
        => new(HttpRequestError.ConnectionError, "Connection refused", new SocketException((int)SocketError.ConnectionRefused));

    public static HttpRequestException NoSuchHost()
        => new(HttpRequestError.NameResolutionError, "No such host", new SocketException((int)SocketError.HostNotFound));

    public static HttpRequestException Reset()
        => new(
            HttpRequestError.Unknown,
            "An error occurred while sending the request.",
            new IOException("reset", new SocketException((int)SocketError.ConnectionReset)));

    public static HttpRequestException Status(int status) => new("failed", null, (HttpStatusCode)status);

    public static TaskCanceledException ClientTimeout() => new("timed out", new TimeoutException());

    /// <summary>Waits until a condition holds that other threads bring about.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(VirtualTime.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static GatewayPipeline Create(GatewayOptions options, VirtualTime time, Action<GatewayOptions>? configure)
    {
        options.TimeProvider = time;
        options.MinimumThroughput = 10_000;
        configure?.Invoke(options);
        return new GatewayPipeline(options);
    }
}
