namespace OpenClaw.Resilience;

/// <summary>What to do about each sort of failure, for a log or a person.</summary>
internal static class Advice
{
    public const string Bug = "Not a failure of the gateway: the code around the call has failed.";
    public const string Cancelled = "The caller cancelled, which aborts the turn.";
    public const string Changed = "The credential was changed or revoked.";
    public const string ClientLimit = "The answer exceeds a limit of the client.";
    public const string Compact = "The conversation is too long for the model: compact it, then send it once more.";
    public const string Credential = "A credential is missing or wrong.";
    public const string Draining = "The gateway drains before a restart and admitted nothing: come back when /readyz answers 200.";
    public const string EndedEarly =
        "The connection ended before the answer did: a crash, or a proxy's limit. A restarted gateway may resume the turn by itself.";

    public const string EndpointOff = "The path does not exist: on an OpenClaw gateway the /v1 endpoints are off by default.";
    public const string Expired = "The session has expired: open a new one and resume from the last checkpoint.";
    public const string FixRequest = "The request is wrong: the same one fails again.";
    public const string Forbidden = "The credential lacks a scope, or a policy forbids the call.";
    public const string Garbage = "The answer is not valid HTTP.";
    public const string GatewayToken = "The gateway's token is missing or wrong.";
    public const string GoingAway = "The gateway goes away: reconnect.";
    public const string Handshake = "The TLS handshake failed: check the certificate and the port.";
    public const string HandshakeTimeout = "The gateway gave up the handshake after 15 s without a word: look at its load.";
    public const string HttpVersion = "The server does not speak the wanted HTTP version.";
    public const string LockedOut = "Locked out after failed sign-ins: correct the credential, then wait.";
    public const string Lost = "The connection broke. A restarted gateway may resume the turn by itself.";
    public const string MessageTooBig = "A message is too big.";
    public const string Method = "The endpoint is off or wants another method.";
    public const string NoModel = "The model or the resource does not exist.";
    public const string NoTool = "The tool does not exist or is not allowed here.";
    public const string NotConnected = "No connection: the gateway is not running, restarts (12 to 80 s), or cannot be reached from here.";
    public const string NotSupported = "The server does not support this.";
    public const string NoWebSocket = "The server did not open a WebSocket: it drains, or the path is wrong.";
    public const string Overloaded = "The model provider is overloaded. Wait 30 s or more.";
    public const string Policy = "Refused by authentication, pairing or policy: do not reconnect.";
    public const string ProtocolVersion = "The protocol versions do not match: do not reconnect.";
    public const string Provider = "The model provider failed, or a proxy lost the gateway.";
    public const string ProviderKey = "The model provider rejects its key; behind a gateway, the gateway's own token is fine.";
    public const string ProviderTimeout = "The model provider did not answer; a gateway has tried several times.";
    public const string Proxy = "The proxy on the way did not open a tunnel.";
    public const string Quota = "The model provider's account has no quota left.";
    public const string RateLimit = "The model provider's rate limit; a gateway has rotated keys and models already. Wait 30 s or more.";
    public const string Reconnect = "The connection was lost: reconnect, then ask what became of the calls under way.";
    public const string RejectedElsewhere = "Another resilience pipeline rejected a call.";
    public const string Restart = "The gateway stops or restarts: wait for the time that its shutdown event names.";
    public const string ServerFailed = "The server failed.";
    public const string SlowReader = "Messages were read too slowly: reconnect, read faster, subscribe to less.";
    public const string SlowRequest = "The request body arrived too slowly; nothing has run.";
    public const string Starting = "The gateway is starting.";
    public const string TimedOut = "No answer in time. Giving up has aborted the turn, but not what it had done by then.";
    public const string TooLarge = "The request is too large: a gateway accepts 20 MB.";
    public const string ToolBlocked = "The tool policy forbids this tool.";
    public const string ToolFailed = "The tool failed, perhaps after some of its effects.";
    public const string TrustedProxies = "Name the reverse proxy in gateway.trustedProxies.";
    public const string Unavailable = "Not available at the moment.";
    public const string UnexpectedStatus = "An unexpected status: the call may not have reached a gateway.";
    public const string Unfinished =
        "The stream ended without a finish reason: the gateway sent an error that the client library does not show, or the answer was cut.";

    public const string UnknownFailure = "Unknown failure. After a rejected provider key a gateway answers 500 for about a minute.";
    public const string WebSocketProtocol = "The server speaks another WebSocket protocol.";
}
