namespace OpenClaw.Resilience;

/// <summary>
/// A call that a <see cref="GatewayPipeline"/> refused without sending it. It is an <see cref="HttpRequestException"/> without a status,
/// which callers of a gateway catch already. Nothing has run, and the pipeline has not retried: the refusal would be the same.
/// </summary>
public sealed class GatewayRejectedException : HttpRequestException
{
    /// <summary>Creates a rejection.</summary>
    /// <param name="message">What was refused and why.</param>
    /// <param name="reason">Why the call was refused.</param>
    /// <param name="retryAfter">How long the caller should wait, if that is known.</param>
    /// <param name="innerException">The failure that led to the refusal, if there is one.</param>
    public GatewayRejectedException(string message, RejectionReason reason, TimeSpan? retryAfter = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>Why the call was refused.</summary>
    public RejectionReason Reason { get; }

    /// <summary>How long to wait before the next call has a chance; null when nobody knows (a full queue).</summary>
    public TimeSpan? RetryAfter { get; }
}
