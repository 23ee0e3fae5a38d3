using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience;

/// <summary>
/// What a failed call means: whether waiting helps, whether the call may have had effects, and what to do. A pipeline attaches one to
/// each exception that leaves it; <see cref="TryGet"/> finds it.
/// </summary>
public sealed class GatewayFailure
{
    private static readonly ConditionalWeakTable<Exception, GatewayFailure> Attached = [];

    internal GatewayFailure(
        FailureVerdict verdict, GatewayKind gateway, TimeSpan? retryAfter = null, int? status = null, ErrorBody? body = null)
        : this(verdict.Kind, verdict.Class, verdict.MayHaveRun(gateway), verdict.Advice)
    {
        StatusCode = status;
        ErrorType = body?.Type;
        ErrorCode = body?.Code;
        RetryAfter = retryAfter;
    }

    private GatewayFailure(FailureKind kind, FailureClass failureClass, bool mayHaveRun, string advice)
    {
        Kind = kind;
        Class = failureClass;
        MayHaveRun = mayHaveRun;
        Advice = advice;
    }

    /// <summary>What the failure says about trying again.</summary>
    public FailureKind Kind { get; }

    /// <summary>Where the failure comes from.</summary>
    public FailureClass Class { get; }

    /// <summary>
    /// Whether the call, or an earlier attempt of it, may have had effects. When false, it is safe to send it again, whatever it does.
    /// </summary>
    public bool MayHaveRun { get; }

    /// <summary>The wait that the gateway asked for, or null when it named none.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The HTTP status, or null when no answer came.</summary>
    public int? StatusCode { get; private init; }

    /// <summary>The error's <c>type</c> from the answer, such as <c>rate_limit_error</c>; null when unknown.</summary>
    public string? ErrorType { get; private init; }

    /// <summary>The error's <c>code</c> from the answer, such as <c>gateway_unavailable</c>; null when unknown.</summary>
    public string? ErrorCode { get; private init; }

    /// <summary>What to do, in one or two English sentences for a log or a person. The wording is not part of the contract.</summary>
    public string Advice { get; }

    /// <summary>Classifies an exception that a client of a gateway has thrown.</summary>
    /// <param name="exception">The exception; what a pipeline has attached to it wins.</param>
    /// <param name="gateway">What was called.</param>
    /// <param name="cancellationToken">The caller's token. A cancellation while it is not cancelled is a client's time-out.</param>
    public static GatewayFailure Classify(
        Exception exception, GatewayKind gateway = GatewayKind.OpenClaw, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (TryGet(exception, out GatewayFailure? attached))
        {
            return attached;
        }

        CancellationToken? callerToken = cancellationToken.CanBeCanceled ? cancellationToken : null;
        return new FailureClassifier(gateway, TimeProvider.System, callerToken).Classify(exception);
    }

    /// <summary>What a pipeline has attached to the exception, or what it says by itself; null when it is no failure of a call.</summary>
    internal static GatewayFailure? Find(Exception exception)
        => TryGet(exception, out GatewayFailure? attached) && attached is not { Kind: FailureKind.Permanent, Class: FailureClass.Agent, StatusCode: null }
            ? attached
            : new FailureClassifier(GatewayKind.OpenClaw, TimeProvider.System, callerToken: null).Find(exception);

    /// <summary>Classifies a response. Its content is not read.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">Its content or the beginning of it, if the caller has read it: it tells a lockout from a rate limit, a drain
    /// from an overload, and an error that came with status 200.</param>
    /// <param name="gateway">What was called.</param>
    /// <returns>Null when the response is no failure.</returns>
    public static GatewayFailure? Classify(HttpResponseMessage response, string? body = null, GatewayKind gateway = GatewayKind.OpenClaw)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new FailureClassifier(gateway, TimeProvider.System, callerToken: null).Classify(response, body);
    }

    /// <summary>Classifies the close of a gateway's WebSocket.</summary>
    /// <param name="closeCode">The code, 1006 when the connection was lost without one.</param>
    /// <param name="reason">The reason text, if there was one.</param>
    /// <param name="afterHello">Whether the handshake had ended with <c>hello-ok</c>.</param>
    /// <returns>Null when the close is the expected end of the connection.</returns>
    public static GatewayFailure? Classify(int closeCode, string? reason, bool afterHello)
        => CloseFailures.Find(closeCode, reason, afterHello);

    /// <summary>
    /// Whether the same call may succeed later without anybody changing anything. Says nothing about whether it may be sent again:
    /// that is <see cref="MayHaveRun"/>.
    /// </summary>
    /// <param name="exception">The exception of the call.</param>
    public static bool IsTransient(Exception exception)
        => Classify(exception).Kind is FailureKind.Transient or FailureKind.Throttled or FailureKind.Truncated;

    /// <summary>Finds what a pipeline has attached to an exception.</summary>
    /// <param name="exception">The exception that left the pipeline.</param>
    /// <param name="failure">What it means.</param>
    public static bool TryGet(Exception exception, [NotNullWhen(true)] out GatewayFailure? failure)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Attached.TryGetValue(exception, out failure);
    }

    /// <summary>Describes the failure without any text of the caller or the gateway: safe to log.</summary>
    public override string ToString()
        => $"{Kind} ({Class}{(StatusCode is { } status ? $", status {status}" : "")}{(ErrorType is null ? "" : $", {ErrorType}")})"
            + $"{(MayHaveRun ? ", may have run" : ", has not run")}. {Advice}";

    /// <summary>Whether nothing was there that takes work: no connection, a lost one, no answer, a drain.</summary>
    internal bool IsAbsence => this is { StatusCode: null, Kind: FailureKind.Transient or FailureKind.Truncated } or { StatusCode: 503 };

    internal void AttachTo(Exception exception) => Attached.AddOrUpdate(exception, this);

    /// <summary>The same failure, where more is known of what the call has done.</summary>
    internal GatewayFailure With(bool mayHaveRun, TimeSpan? retryAfter = null) => MayHaveRun == mayHaveRun && retryAfter is null ? this : new GatewayFailure(Kind, Class, mayHaveRun, Advice)
    {
        RetryAfter = retryAfter ?? RetryAfter,
        StatusCode = StatusCode,
        ErrorType = ErrorType,
        ErrorCode = ErrorCode,
    };
}
