using System.Net.WebSockets;

namespace OpenClaw.Resilience;

/// <content>Opening sockets.</content>
public sealed partial class GatewayPipeline
{
    // Twice of it without an answer, and the connection counts as dead. The gateway itself sends a tick every 15 to 30 s.
    private static readonly TimeSpan SocketKeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Opens a WebSocket. Each attempt has a socket of its own, since a socket object connects only once, and the limit
    /// <see cref="GatewayOptions.HandshakeTimeout"/>. Connecting changes nothing at the gateway, so a failed attempt is always safe to repeat.
    /// </summary>
    /// <param name="uri">The gateway's address.</param>
    /// <param name="configure">Sets headers and other options of each attempt's socket. Keep-alive is on already: a ping every 15 s, and the
    /// connection is dead when none is answered for 15 s (from .NET 9).</param>
    /// <param name="cancellationToken">The caller's token: ends the connecting, not the connection.</param>
    /// <returns>The open socket. The caller disposes of it.</returns>
    /// <exception cref="WebSocketException">The last attempt failed; after the handshake limit with a <see cref="TimeoutException"/> inside.</exception>
    /// <exception cref="GatewayRejectedException">The connection was not tried: open circuit, full queue, or lockout.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Task<ClientWebSocket> ConnectAsync(Uri uri, Action<ClientWebSocketOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return ExecuteAsync(token => ConnectOnceAsync(uri, configure, token), CallEffect.None, cancellationToken);
    }

    private async Task<ClientWebSocket> ConnectOnceAsync(Uri uri, Action<ClientWebSocketOptions>? configure, CancellationToken token)
    {
        TimeSpan limit = State.Options.HandshakeTimeout;
        using var deadline = Deadline.After(limit, State.Options.TimeProvider, token);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.KeepAliveInterval = SocketKeepAlive;
#if NET9_0_OR_GREATER
            socket.Options.KeepAliveTimeout = SocketKeepAlive;
#endif
            // The headers of a refusal, which an exception of the socket does not carry.
            socket.Options.CollectHttpResponseDetails = true;
            configure?.Invoke(socket.Options);
            await socket.ConnectAsync(uri, deadline.Token).ConfigureAwait(false);
            return socket;
        }
        catch (Exception exception)
        {
            Exception? late = exception is OperationCanceledException && deadline.HasElapsed && !token.IsCancellationRequested
                ? HandshakeTimedOut(limit, exception)
                : null;
            CallScope call = CallFrame.Current!.Call;
            call.TransportFailure = call.JudgeHandshake(late ?? exception, socket.HttpResponseHeaders);
            socket.Dispose();
            if (late is not null)
            {
                throw late;
            }

            throw;
        }
    }

    private static WebSocketException HandshakeTimedOut(TimeSpan limit, Exception exception)
    {
        var timeout = new TimeoutException($"The gateway accepted the connection and did not finish the WebSocket handshake within {limit}.", exception);
        return new WebSocketException(WebSocketError.Faulted, timeout.Message, timeout);
    }
}
