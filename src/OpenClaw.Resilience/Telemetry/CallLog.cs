using Microsoft.Extensions.Logging;

namespace OpenClaw.Resilience;

/// <summary>The log messages about calls.</summary>
internal static partial class CallLog
{
    [LoggerMessage(1, LogLevel.Warning,
        "Gateway {Gateway}: attempt {Attempt} failed ({Kind}, status {Status}). The next one follows after {Delay}.")]
    public static partial void AttemptFailed(this ILogger logger, string gateway, int attempt, FailureKind kind, int? status, TimeSpan delay);

    [LoggerMessage(2, LogLevel.Warning,
        "Gateway {Gateway}: the call failed after {Attempts} attempts and {Duration} ({Kind}, {Class}, status {Status}, may have run: {MayHaveRun}). {Advice}")]
    public static partial void CallFailed(
        this ILogger logger,
        string gateway,
        int attempts,
        TimeSpan duration,
        FailureKind kind,
        FailureClass @class,
        int? status,
        bool mayHaveRun,
        string advice);

    [LoggerMessage(3, LogLevel.Warning, "Gateway {Gateway}: a call was not sent ({Reason}).")]
    public static partial void CallRejected(this ILogger logger, string gateway, RejectionReason reason);

    [LoggerMessage(4, LogLevel.Error, "Gateway {Gateway}: too many calls failed. None is sent for {BreakDuration}.")]
    public static partial void CircuitOpened(this ILogger logger, string gateway, TimeSpan breakDuration);

    [LoggerMessage(5, LogLevel.Information, "Gateway {Gateway}: one call is let through to see whether it has recovered.")]
    public static partial void CircuitHalfOpened(this ILogger logger, string gateway);

    [LoggerMessage(6, LogLevel.Information, "Gateway {Gateway}: it answers again, all calls are sent.")]
    public static partial void CircuitClosed(this ILogger logger, string gateway);

    [LoggerMessage(7, LogLevel.Error,
        "Gateway {Gateway}: it has locked this client out after failed sign-ins. No call is sent for {Duration}. Check the credential.")]
    public static partial void LockedOut(this ILogger logger, string gateway, TimeSpan duration);

    [LoggerMessage(8, LogLevel.Information, "Gateway {Gateway}: new options are in use. Calls in flight end under the old ones.")]
    public static partial void OptionsChanged(this ILogger logger, string gateway);

    [LoggerMessage(9, LogLevel.Error, "Gateway {Gateway}: the changed options are not valid, the old ones stay in use. {Problem}")]
    public static partial void OptionsRefused(this ILogger logger, string gateway, string problem);
}
