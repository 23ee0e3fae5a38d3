using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Resilience.Chaos;

/// <summary>When the turn of a call has run although the call failed.</summary>
internal enum TurnRan
{
    Never,

    /// <summary>Behind an OpenClaw gateway, which has called its model before it says so; a model provider says it before it starts.</summary>
    AtGateway,
    Always,
}

/// <summary>
/// What can go wrong, and what the model knows about it. Written down from what was observed of the gateway, on purpose not taken from the
/// library's own tables: they are what is checked.
/// </summary>
/// <param name="Name">For the report.</param>
/// <param name="Kind">How the library must call it.</param>
/// <param name="Ran">Whether the turn runs.</param>
/// <param name="Status">The status of the answer, or 0 when there is none.</param>
/// <param name="Body">The body of the answer.</param>
/// <param name="Asked">The wait that the answer asks for.</param>
/// <param name="Throw">Makes the exception when there is no answer.</param>
internal sealed record Fault(
    string Name, FailureKind Kind, TurnRan Ran, int Status = 0, string Body = "", TimeSpan? Asked = null, Func<Exception>? Throw = null)
{
    public static readonly Fault Locked = Answer(
        "lockout", FailureKind.Lockout, TurnRan.Never, 429, """{"error":{"message":"Too many failed authentication attempts","type":"rate_limited"}}""", TimeSpan.FromSeconds(20));

    /// <summary>The attempt ran into a limit of the library.</summary>
    public static readonly Fault Limit = new("limit", FailureKind.Transient, TurnRan.Always);

    /// <summary>A nested call was refused.</summary>
    public static readonly Fault Refusal = new("refusal", FailureKind.Transient, TurnRan.Never);

    /// <summary>The connection breaks within the answer.</summary>
    public static readonly Fault Cut = Thrown("cut", FailureKind.Truncated, TurnRan.Always, () => new HttpIOException(HttpRequestError.ResponseEnded, "cut"));

    /// <summary>An answer of events ends without its last one.</summary>
    public static readonly Fault Unfinished = new("unfinished", FailureKind.Truncated, TurnRan.Always);

    /// <summary>The gateway is another process than the one that the key was sent to; found out before anything is sent.</summary>
    public static readonly Fault Restarted = Thrown(
        "restarted", FailureKind.Transient, TurnRan.Never, () => new GatewaySocketClosedException(1012, "service restart", afterHello: true));

    /// <summary>The gateway was restarted while the call was under way.</summary>
    public static readonly Fault Killed = Thrown("killed", FailureKind.Transient, TurnRan.Always, Reset);

    public static readonly Fault[] Exceptions =
    [
        Thrown("refused", FailureKind.Transient, TurnRan.Never, () => new HttpRequestException(
            HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused))),
        Thrown("no such host", FailureKind.Transient, TurnRan.Never, () => new HttpRequestException(HttpRequestError.NameResolutionError, "no host")),
        Thrown("handshake", FailureKind.Transient, TurnRan.Never, () => new HttpRequestException(HttpRequestError.SecureConnectionError, "tls")),
        Thrown("reset", FailureKind.Transient, TurnRan.Always, Reset),
        Thrown("ended early", FailureKind.Truncated, TurnRan.Always, () => new HttpRequestException(HttpRequestError.ResponseEnded, "ended")),
        Thrown("client time-out", FailureKind.Transient, TurnRan.Always, () => new TaskCanceledException("slow", new TimeoutException())),
        Thrown("bug", FailureKind.Permanent, TurnRan.Always, () => new FormatException("not understood")),
    ];

    public static readonly Fault[] Answers =
    [
        Answer("drain", FailureKind.Transient, TurnRan.Never, 503, """{"error":{"message":"Gateway is draining","code":"gateway_unavailable"}}""", TimeSpan.FromSeconds(1)),
        Answer("throttled", FailureKind.Throttled, TurnRan.AtGateway, 429, """{"error":{"message":"slow down","type":"rate_limit_error"}}""", TimeSpan.FromSeconds(4)),
        Answer("throttled long", FailureKind.Throttled, TurnRan.AtGateway, 429, """{"error":{"message":"slow down","type":"rate_limit_error"}}""", TimeSpan.FromSeconds(90)),
        Answer("overloaded", FailureKind.Throttled, TurnRan.AtGateway, 529, """{"error":{"message":"busy","type":"overloaded_error"}}"""),
        Answer("bad gateway", FailureKind.Transient, TurnRan.Always, 502, """{"error":{"message":"upstream","type":"api_error"}}"""),
        Answer("gateway time-out", FailureKind.Transient, TurnRan.Always, 504),
        Answer("internal", FailureKind.Transient, TurnRan.Always, 500),
        Answer("bad request", FailureKind.Permanent, TurnRan.Never, 400, """{"error":{"message":"wrong","type":"invalid_request_error"}}"""),
        Answer("unauthorized", FailureKind.Permanent, TurnRan.Never, 401, """{"error":{"message":"no","type":"unauthorized"}}"""),
        Locked,
    ];

    public bool RanAt(GatewayKind gateway) => Ran == TurnRan.Always || (Ran == TurnRan.AtGateway && gateway == GatewayKind.OpenClaw);

    /// <summary>As a client throws that does not hand out responses. It has no place for headers.</summary>
    public Exception ToException() => Throw?.Invoke() ?? new HttpRequestException(Body, null, (HttpStatusCode)Status);

    private static Fault Answer(string name, FailureKind kind, TurnRan ran, int status, string body = "", TimeSpan? asked = null)
        => new(name, kind, ran, status, body, asked);

    private static Fault Thrown(string name, FailureKind kind, TurnRan ran, Func<Exception> create) => new(name, kind, ran, Throw: create);

    private static Exception Reset()
        => new HttpRequestException(HttpRequestError.Unknown, "reset", new IOException("reset", new SocketException((int)SocketError.ConnectionReset)));
}
