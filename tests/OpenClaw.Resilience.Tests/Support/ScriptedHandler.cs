using System.Net;
using System.Text;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>A transport that plays a script, one line for each request, and repeats the last line.</summary>
internal sealed class ScriptedHandler(params Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>[] script) : HttpMessageHandler
{
    private readonly List<SentRequest> _requests = [];

    /// <summary>What was sent, with the bodies as they went over the wire.</summary>
    public IReadOnlyList<SentRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public static Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Answer(
        int status, string body = "", string? retryAfter = null, string mediaType = "application/json")
        => (request, _) =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status)
            {
                RequestMessage = request,
                Content = new StringContent(body, Encoding.UTF8, mediaType),
            };
            if (retryAfter is not null)
            {
                response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            }

            return Task.FromResult(response);
        };

    public static Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Throw(Func<Exception> exception)
        => (_, _) => throw exception();

    public static Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Hang()
        => async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("not reached");
        };

    public static Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Stream(Stream body, string mediaType = "text/event-stream")
        => (request, _) =>
        {
            var response = new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request, Content = new StreamContent(body) };
            response.Content.Headers.ContentType = new(mediaType);
            return Task.FromResult(response);
        };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        int index;
        lock (_requests)
        {
            index = _requests.Count;
            _requests.Add(new SentRequest(request, body));
        }

        return await script[Math.Min(index, script.Length - 1)](request, cancellationToken);
    }
}

/// <summary>A message that reached the transport.</summary>
internal sealed record SentRequest(HttpRequestMessage Message, string Body);

/// <summary>The script answers without waiting, so a synchronous caller may wait for it.</summary>
internal sealed class SynchronousHandler(ScriptedHandler inner) : DelegatingHandler(inner)
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        => SendAsync(request, cancellationToken).GetAwaiter().GetResult();
}
