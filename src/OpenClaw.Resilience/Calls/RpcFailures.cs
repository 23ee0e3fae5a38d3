using static OpenClaw.Resilience.FailureClass;
using static OpenClaw.Resilience.FailureKind;
using static OpenClaw.Resilience.Ran;

namespace OpenClaw.Resilience;

/// <summary>What the error codes of a gateway's WebSocket answers mean.</summary>
internal static class RpcFailures
{
    // Code; beginning of the finer code; conclusion.
    private static readonly (string Code, string? Detail, FailureVerdict Verdict)[] Rows =
    [
        ("INVALID_REQUEST", "AUTH_RATE_LIMITED", new(Lockout, Infrastructure, No, Advice.LockedOut)),
        ("INVALID_REQUEST", "AUTH_", new(Permanent, Infrastructure, No, Advice.GatewayToken)),
        ("INVALID_REQUEST", "DEVICE_", new(Permanent, Infrastructure, No, Advice.Policy)),
        ("INVALID_REQUEST", "PAIRING_", new(Permanent, Infrastructure, No, Advice.Policy)),
        ("INVALID_REQUEST", "PROTOCOL_MISMATCH", new(Permanent, Infrastructure, No, Advice.ProtocolVersion)),
        ("INVALID_REQUEST", null, new(Permanent, Agent, No, Advice.FixRequest)),
        ("FORBIDDEN", null, new(Permanent, Agent, No, Advice.Forbidden)),
        ("NOT_PAIRED", null, new(Permanent, Infrastructure, No, Advice.Policy)),
        ("NOT_LINKED", null, new(Permanent, Infrastructure, No, Advice.Policy)),
        ("AGENT_TIMEOUT", null, new(Transient, Infrastructure, Maybe, Advice.TimedOut)),
    ];

    // Said by a gateway that starts or drains, which has admitted nothing.
    private static readonly FailureVerdict NotAdmitted = new(Transient, Infrastructure, No, Advice.Draining);
    private static readonly FailureVerdict Unavailable = new(Transient, Infrastructure, Maybe, Advice.Unavailable);
    private static readonly FailureVerdict Failed = new(Permanent, Infrastructure, Maybe, Advice.ServerFailed);

    public static FailureVerdict Find(GatewayError error)
    {
        foreach ((string code, string? detail, FailureVerdict verdict) in Rows)
        {
            if (error.Code == code && (detail is null || error.DetailCode?.StartsWith(detail, StringComparison.Ordinal) == true))
            {
                return verdict;
            }
        }

        if (error.Code == "UNAVAILABLE")
        {
            return error.IsRetryable ? NotAdmitted : Unavailable;
        }

        return error.IsRetryable ? Unavailable : Failed;
    }
}
