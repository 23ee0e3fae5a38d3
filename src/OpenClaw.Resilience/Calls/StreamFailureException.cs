namespace OpenClaw.Resilience;

/// <summary>
/// The end of a stream that was no good end. To the reader it is the <see cref="HttpIOException"/> that the runtime throws for a cut
/// body; it also carries what is known of the failure.
/// </summary>
internal sealed class StreamFailureException : HttpIOException
{
    public StreamFailureException(HttpRequestError error, string message, GatewayFailure failure)
        : base(error, message)
    {
        Failure = failure;
        failure.AttachTo(this);
    }

    public GatewayFailure Failure { get; }
}
