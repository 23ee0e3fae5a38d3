using static OpenClaw.Resilience.FailureClass;
using static OpenClaw.Resilience.FailureKind;
using static OpenClaw.Resilience.Ran;

namespace OpenClaw.Resilience;

/// <summary>
/// What the close codes of a gateway's WebSocket mean. They need the reason and the state: 1008 is mostly final but also a lockout or a
/// slow reader, and 1000 before the handshake is a time-out.
/// </summary>
internal static class CloseFailures
{
    // Code; word of the reason and state (null matches anything); conclusion.
    private static readonly Row[] Rows =
    [
        new(1000, null, false, new(Transient, Infrastructure, No, Advice.HandshakeTimeout)),
        new(1005, null, false, new(Transient, Infrastructure, No, Advice.HandshakeTimeout)),
        new(1001, null, null, new(Transient, Infrastructure, Maybe, Advice.GoingAway)),
        new(1002, null, null, new(Permanent, Infrastructure, No, Advice.ProtocolVersion)),
        new(1008, "slow consumer", null, new(Transient, Infrastructure, Maybe, Advice.SlowReader)),
        new(1008, "rate limit", null, new(Lockout, Infrastructure, No, Advice.LockedOut)),
        new(1008, "too many failed", null, new(Lockout, Infrastructure, No, Advice.LockedOut)),
        new(1008, null, null, new(Permanent, Infrastructure, Maybe, Advice.Policy)),
        new(1009, null, null, new(Permanent, Agent, No, Advice.MessageTooBig)),
        new(1012, null, null, new(Transient, Infrastructure, Maybe, Advice.Restart)),
        new(1013, null, null, new(Transient, Infrastructure, No, Advice.Starting)),
        new(4000, null, null, new(Transient, Infrastructure, Maybe, Advice.Reconnect)),
        new(4001, null, null, new(Permanent, Infrastructure, Maybe, Advice.Changed)),
    ];

    private static readonly FailureVerdict Lost = new(Transient, Infrastructure, Maybe, Advice.Reconnect);

    public static GatewayFailure? Find(int code, string? reason, bool afterHello)
    {
        if (code is 1000 or 1005 && afterHello)
        {
            return null;
        }

        foreach (Row row in Rows)
        {
            if (row.Matches(code, reason, afterHello))
            {
                return Failure(row.Verdict, afterHello);
            }
        }

        return Failure(Lost, afterHello);
    }

    // Nothing can have been asked of a gateway that had not yet said hello.
    private static GatewayFailure Failure(FailureVerdict verdict, bool afterHello)
        => new(afterHello ? verdict : verdict with { Ran = No }, GatewayKind.OpenClaw);

    private sealed record Row(int Code, string? Reason, bool? AfterHello, FailureVerdict Verdict)
    {
        public bool Matches(int code, string? reason, bool afterHello)
            => code == Code
                && (AfterHello is null || AfterHello == afterHello)
                && (Reason is null || reason?.Contains(Reason, StringComparison.OrdinalIgnoreCase) == true);
    }
}
