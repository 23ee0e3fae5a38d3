namespace OpenClaw.Resilience;

/// <content>Plain HTTP.</content>
public sealed partial class GatewayPipeline
{
    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <inheritdoc cref="SendAsync(HttpClient, HttpRequestMessage, HttpCompletionOption, CallEffect, CancellationToken)"/>
    public Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancellationToken = default)
        => SendAsync(client, request, HttpCompletionOption.ResponseContentRead, cancellationToken);

    /// <summary>Sends a request and reads the whole answer.</summary>
    /// <inheritdoc cref="SendAsync(HttpClient, HttpRequestMessage, HttpCompletionOption, CallEffect, CancellationToken)"/>
    public Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpRequestMessage request, CallEffect effect, CancellationToken cancellationToken = default)
        => SendAsync(client, request, HttpCompletionOption.ResponseContentRead, effect, cancellationToken);

    /// <summary>
    /// Sends a request whose effect follows from its method: a GET, HEAD or OPTIONS has none, for others
    /// <see cref="GatewayOptions.DefaultEffect"/> counts.
    /// </summary>
    /// <inheritdoc cref="SendAsync(HttpClient, HttpRequestMessage, HttpCompletionOption, CallEffect, CancellationToken)"/>
    public Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpRequestMessage request, HttpCompletionOption completionOption, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(client, request, completionOption, EffectOf(request), cancellationToken);
    }

    /// <summary>Sends a request.</summary>
    /// <remarks>
    /// Each attempt sends a message of its own; the request stays the caller's and can be used again. Content of known length up to
    /// 20 MB and JSON are buffered for another attempt; other content is sent as it comes and never a second time. A failure status is
    /// returned as <see cref="HttpClient"/> returns it, after the retries that are allowed. With
    /// <see cref="HttpCompletionOption.ResponseHeadersRead"/> the headers have <see cref="GatewayOptions.FirstByteTimeout"/>, each read of
    /// the content has <see cref="GatewayOptions.IdleTimeout"/>, and the permit is held until the content ends or the response is
    /// disposed. An event stream of a chat, responses or messages endpoint that has an error event or lacks its end makes the last read
    /// throw an <see cref="HttpIOException"/>, in the place of the <c>[DONE]</c> at which most readers stop.
    /// </remarks>
    /// <param name="client">The client. Its own <see cref="HttpClient.Timeout"/> still counts; those of <see cref="GatewayHttp"/> have
    /// none.</param>
    /// <param name="request">The request.</param>
    /// <param name="completionOption">Whether to return with the headers or with the whole content.</param>
    /// <param name="effect">What the call may have done when its outcome is not known.</param>
    /// <param name="cancellationToken">The caller's token; it ends the reading of the content as well.</param>
    /// <returns>The last response; dispose it.</returns>
    /// <exception cref="GatewayRejectedException">The request was not sent: open circuit, full queue, or lockout.</exception>
    /// <exception cref="HttpRequestException">The last attempt got no answer.</exception>
    /// <exception cref="TaskCanceledException">The caller cancelled, or a limit was reached (then the inner exception is a
    /// <see cref="TimeoutException"/>).</exception>
    public Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpRequestMessage request,
        HttpCompletionOption completionOption,
        CallEffect effect,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<HttpResponseMessage>(cancellationToken)
            : SendCoreAsync(
                (message, token) => client.SendAsync(message, completionOption, token),
                request,
                SessionOf(request, client.DefaultRequestHeaders),
                completionOption,
                effect,
                cancellationToken);
    }

    /// <summary>Sends a request through the rest of a client's handlers.</summary>
    internal Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, HttpRequestMessage request, CancellationToken cancellationToken)
        => SendCoreAsync(send, request, SessionOf(request, defaults: null), HttpCompletionOption.ResponseHeadersRead, EffectOf(request), cancellationToken);

    private CallEffect EffectOf(HttpRequestMessage request)
        => request.Method == HttpMethod.Get || request.Method == HttpMethod.Head || request.Method == HttpMethod.Options
            ? CallEffect.None
            : State.Options.DefaultEffect;

    private async Task<HttpResponseMessage> SendCoreAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        HttpRequestMessage request,
        string? session,
        HttpCompletionOption completion,
        CallEffect effect,
        CancellationToken cancellationToken)
    {
        RequestTemplate template = await RequestTemplate.CreateAsync(request).ConfigureAwait(false);
        var scope = new CallScope(State, effect, cancellationToken)
        {
            Streams = completion == HttpCompletionOption.ResponseHeadersRead,
            CanResend = template.CanSend,
            Session = session,
        };
        return await CallRunner.RunAsync(
            scope,
            static (scope, attempt, token) => attempt.SendAsync(scope, token),
            new HttpAttempt(send, template, completion)).ConfigureAwait(false);
    }
}
