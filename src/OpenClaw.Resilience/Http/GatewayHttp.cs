using System.Net.Sockets;

namespace OpenClaw.Resilience;

/// <summary>
/// HTTP clients for a gateway: few pooled connections that are renewed, a short limit for connecting, and no limit for the answer, which
/// a pipeline or a <see cref="Deadline"/> owns. Without one of these a call here can wait for ever.
/// </summary>
public static class GatewayHttp
{
    // More than a pipeline lets through by default, so that probes and streams need not wait for a connection.
    private const int MaxConnections = 20;

    private const int KeepAliveSeconds = 30;

    // Finds a gateway that has moved to another address.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    // A gateway that listens accepts at once; one that does not is better found soon.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    private static readonly Lazy<SocketsHttpHandler> SharedHandler = new(CreateHandler);
    private static readonly Lazy<HttpClient> SharedClient = new(static () => new UndisposableClient(SharedHandler.Value));

    /// <summary>The process's client. Disposing it does nothing, since others use it too.</summary>
    public static HttpClient Shared => SharedClient.Value;

    /// <summary>Creates a client over the connections of <see cref="Shared"/>; it may be disposed or not.</summary>
    /// <param name="baseAddress">The gateway's address, for relative request addresses. Should end with a slash.</param>
    public static HttpClient Create(Uri? baseAddress = null) => new(SharedHandler.Value, disposeHandler: false)
    {
        BaseAddress = baseAddress,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// Creates a handler with connections of its own: 20 for each server, renewed every 2 min, 5 s to connect and 10 s to connect and
    /// greet by TLS, and a sign of life on the wire every 30 s. The limit of the connection surfaces as a failed connection, not as a
    /// time-out, so that it is known that nothing was sent.
    /// </summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        MaxConnectionsPerServer = MaxConnections,
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = 2 * ConnectLimit,
        ConnectCallback = static (context, token) => ConnectAsync(
            (socket, limited) => socket.ConnectAsync(context.DnsEndPoint, limited), ConnectLimit, token),
    };

    internal static async ValueTask<Stream> ConnectAsync(
        Func<Socket, CancellationToken, ValueTask> connect, TimeSpan limit, CancellationToken token)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(token);
        timer.CancelAfter(limit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            KeepAlive(socket);
            await connect(socket, timer.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is OperationCanceledException && !token.IsCancellationRequested)
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            throw;
        }
    }

    // A turn can be silent for minutes: long enough for a firewall to forget the connection, or for a host to vanish unnoticed.
    private static void KeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveSeconds);
    }

    /// <summary>A client that survives a <c>using</c>.</summary>
    private sealed class UndisposableClient : HttpClient
    {
        public UndisposableClient(HttpMessageHandler handler)
            : base(handler, disposeHandler: false) => Timeout = System.Threading.Timeout.InfiniteTimeSpan;

        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
