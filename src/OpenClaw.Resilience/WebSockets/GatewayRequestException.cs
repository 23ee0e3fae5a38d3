namespace OpenClaw.Resilience;

/// <summary>A gateway has refused or failed a request that it received over a WebSocket.</summary>
public sealed class GatewayRequestException : Exception
{
    internal const string TurnFailed = "TURN_FAILED";

    /// <summary>The code that the gateway itself has for it elsewhere.</summary>
    internal const string TurnTimedOut = "AGENT_TIMEOUT";

    internal GatewayRequestException(string method, GatewayError error)
        : base($"The gateway answered '{method}' with {error.Code}{(error.DetailCode is null ? "" : $" ({error.DetailCode})")}: {error.Message}")
    {
        Method = method;
        Error = error;
    }

    /// <summary>The method that was asked for.</summary>
    public string Method { get; }

    /// <summary>
    /// The gateway's code, such as <c>INVALID_REQUEST</c> or <c>UNAVAILABLE</c>; for an <c>agent</c> turn that was admitted,
    /// <c>TURN_FAILED</c> where its end says <c>status: error</c>, and <c>AGENT_TIMEOUT</c> where it says <c>timeout</c>.
    /// </summary>
    public string Code => Error.Code;

    /// <summary>The finer code, such as <c>AUTH_TOKEN_MISMATCH</c>; null when there is none.</summary>
    public string? DetailCode => Error.DetailCode;

    /// <summary>The wait that the gateway asked for, or null.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter;

    internal GatewayError Error { get; }
}
