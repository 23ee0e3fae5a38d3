namespace OpenClaw.Resilience;

/// <summary>
/// Runs each request of a client through a pipeline. The handler does not know whether the caller reads the content as a stream, so every answer
/// counts as one: the headers have <see cref="GatewayOptions.FirstByteTimeout"/>, each read <see cref="GatewayOptions.IdleTimeout"/>.
/// </summary>
internal sealed class GatewayHandler(GatewayPipeline pipeline) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        => pipeline.SendAsync(base.SendAsync, request, cancellationToken);

    // The layers below wait asynchronously; a synchronous caller waits here for them.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        => SendAsync(request, cancellationToken).GetAwaiter().GetResult();
}
