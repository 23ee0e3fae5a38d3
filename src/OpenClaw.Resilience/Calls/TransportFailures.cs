using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using static OpenClaw.Resilience.FailureClass;
using static OpenClaw.Resilience.FailureKind;
using static OpenClaw.Resilience.Ran;

namespace OpenClaw.Resilience;

/// <summary>What the errors of the transport mean: no answer came, so the question is whether anything had been sent.</summary>
internal static class TransportFailures
{
    public static readonly FailureVerdict NotConnected = new(Transient, Infrastructure, No, Advice.NotConnected);
    public static readonly FailureVerdict Handshake = new(Transient, Infrastructure, No, Advice.Handshake);
    public static readonly FailureVerdict TimedOut = new(Transient, Infrastructure, Maybe, Advice.TimedOut);
    public static readonly FailureVerdict EndedEarly = new(Truncated, Infrastructure, Maybe, Advice.EndedEarly);
    public static readonly FailureVerdict Unfinished = new(Truncated, Infrastructure, Maybe, Advice.Unfinished);
    public static readonly FailureVerdict Lost = new(Transient, Infrastructure, Maybe, Advice.Lost);
    public static readonly FailureVerdict CancelledByCaller = new(Cancelled, Infrastructure, Maybe, Advice.Cancelled);
    public static readonly FailureVerdict NotGateway = new(Permanent, Agent, Maybe, Advice.Bug);
    public static readonly FailureVerdict RejectedElsewhere = new(Transient, Infrastructure, Maybe, Advice.RejectedElsewhere);
    private static readonly FailureVerdict Proxy = new(Transient, Infrastructure, No, Advice.Proxy);
    private static readonly FailureVerdict Version = new(Permanent, Infrastructure, No, Advice.HttpVersion);
    private static readonly FailureVerdict Garbage = new(Transient, Infrastructure, Maybe, Advice.Garbage);
    private static readonly FailureVerdict TooLarge = new(Permanent, Infrastructure, Maybe, Advice.ClientLimit);
    private static readonly FailureVerdict Credential = new(Permanent, Infrastructure, No, Advice.Credential);
    private static readonly FailureVerdict NoWebSocket = new(Transient, Infrastructure, No, Advice.NoWebSocket);
    private static readonly FailureVerdict WebSocketMismatch = new(Permanent, Infrastructure, No, Advice.WebSocketProtocol);

    /// <summary>Null when the error says nothing and an inner exception must tell.</summary>
    public static FailureVerdict? Find(HttpRequestError error) => error switch
    {
        // The runtime uses these three, and the tunnel, only before it has a connection to send on.
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => NotConnected,
        HttpRequestError.SecureConnectionError => Handshake,
        HttpRequestError.ProxyTunnelError => Proxy,
        HttpRequestError.ResponseEnded => EndedEarly,
        HttpRequestError.HttpProtocolError => Lost,
        HttpRequestError.InvalidResponse => Garbage,
        HttpRequestError.VersionNegotiationError => Version,
        HttpRequestError.UserAuthenticationError => Credential,
        HttpRequestError.ConfigurationLimitExceeded => TooLarge,
        _ => null,
    };

    public static FailureVerdict Find(SocketError error) => error switch
    {
        // Only these are never said of a connection that was open: "unreachable" and "timed out" are.
        SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.NoRecovery
            => NotConnected,
        SocketError.TimedOut => TimedOut,
        _ => Lost,
    };

    /// <summary>Null when an inner exception must tell.</summary>
    public static FailureVerdict? Find(WebSocketError error) => error switch
    {
        WebSocketError.NotAWebSocket => NoWebSocket,
        WebSocketError.HeaderError or WebSocketError.UnsupportedVersion or WebSocketError.UnsupportedProtocol => WebSocketMismatch,
        WebSocketError.ConnectionClosedPrematurely => EndedEarly,
        WebSocketError.Success or WebSocketError.Faulted => null,
        _ => Lost,
    };

    /// <summary>Null when an inner exception must tell.</summary>
    public static FailureVerdict? Find(WebExceptionStatus status) => status switch
    {
        WebExceptionStatus.NameResolutionFailure or WebExceptionStatus.ConnectFailure => NotConnected,
        WebExceptionStatus.ProxyNameResolutionFailure => Proxy,
        WebExceptionStatus.SecureChannelFailure or WebExceptionStatus.TrustFailure => Handshake,
        WebExceptionStatus.Timeout => TimedOut,
        WebExceptionStatus.RequestCanceled => CancelledByCaller,
        WebExceptionStatus.UnknownError or WebExceptionStatus.ProtocolError => null,
        _ => Lost,
    };
}
