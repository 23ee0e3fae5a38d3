using System.Text;

namespace OpenClaw.Resilience;

/// <summary>
/// One attempt of <see cref="GatewayPipeline.SendAsync(HttpClient, HttpRequestMessage, CancellationToken)"/> or of <see cref="GatewayHandler"/>. Here the wire is seen, so
/// the body of an error tells a lockout from a rate limit, and an event stream without its end is a failure.
/// </summary>
internal sealed class HttpAttempt(
    Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, RequestTemplate request, HttpCompletionOption completion)
{
    // A gateway's errors have a few hundred bytes and a length; anything else is left to the caller unread.
    private const long MaxErrorBody = 64 * 1024;

    public bool CanSend() => request.CanSend();

    public async Task<HttpResponseMessage> SendAsync(CallScope call, CancellationToken token)
    {
        HttpResponseMessage response = await send(request.CreateMessage(), token).ConfigureAwait(false);
        try
        {
            if ((int)response.StatusCode >= 400)
            {
                call.TransportFailure = call.Judge(response, await TryReadErrorAsync(response.Content, token).ConfigureAwait(false));
            }
            else if (completion == HttpCompletionOption.ResponseContentRead)
            {
                await CheckEventsAsync(call, response, token).ConfigureAwait(false);
            }

            return completion == HttpCompletionOption.ResponseHeadersRead ? ResultGuard.GuardUnread(call, response) : response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<string?> TryReadErrorAsync(HttpContent content, CancellationToken token)
        => content.Headers.ContentLength is > 0 and <= MaxErrorBody
            ? Encoding.UTF8.GetString(await content.ReadAsByteArrayAsync(token).ConfigureAwait(false))
            : null;

    private static async Task CheckEventsAsync(CallScope call, HttpResponseMessage response, CancellationToken token)
    {
        if (EventStreamWatch.TryCreate(response, call.Gateway.Options) is not { } watch)
        {
            return;
        }

        watch.Append(await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false));
        if (watch.FindFailure() is { } failure)
        {
            // As HttpClient wraps the failure of a body that it buffers.
            throw new HttpRequestException(failure.HttpRequestError, failure.Message, failure);
        }
    }
}
