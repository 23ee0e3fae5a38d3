using System.Net.Http.Json;

namespace OpenClaw.Resilience;

/// <summary>
/// The caller's request, from which each attempt gets a message of its own: a message can be sent once only. The request stays the
/// caller's: not sent, not changed, not disposed; only its content may be buffered by <see cref="HttpContent.LoadIntoBufferAsync()"/>.
/// </summary>
internal sealed class RequestTemplate
{
    /// <summary>The largest content that is kept for another attempt: what a gateway accepts.</summary>
    private const long MaxBuffered = 20 * 1024 * 1024;

    private readonly HttpRequestMessage _request;
    private readonly bool _isRepeatable;
    private bool _wasRead;

    private RequestTemplate(HttpRequestMessage request, bool isRepeatable)
    {
        _request = request;
        _isRepeatable = isRepeatable;
    }

    public static async Task<RequestTemplate> CreateAsync(HttpRequestMessage request)
        => new(request, request.Content is null || await TryBufferAsync(request.Content).ConfigureAwait(false));

    /// <summary>Whether there is something to send: content that is gone once it was read is never sent again.</summary>
    public bool CanSend() => _isRepeatable || !_wasRead;

    public HttpRequestMessage CreateMessage()
    {
        var message = new HttpRequestMessage(_request.Method, _request.RequestUri)
        {
            Version = _request.Version,
            VersionPolicy = _request.VersionPolicy,
        };
        HttpHeadersCopy.Copy(_request.Headers, message.Headers);
        foreach (KeyValuePair<string, object?> option in _request.Options)
        {
            ((IDictionary<string, object?>)message.Options)[option.Key] = option.Value;
        }

        if (_request.Content is not null)
        {
            message.Content = new ReplayContent(_request.Content, () => _wasRead = true);
        }

        return message;
    }

    // Content of unknown length may be a pipe that is still being written, which buffering would wait for: it is sent as it comes.
    // JSON is the exception that everybody uses.
    private static async Task<bool> TryBufferAsync(HttpContent content)
    {
        if (content.Headers.ContentLength is { } length ? length > MaxBuffered : content is not JsonContent)
        {
            return false;
        }

        try
        {
            await content.LoadIntoBufferAsync(MaxBuffered).ConfigureAwait(false);
            return true;
        }
        catch (HttpRequestException) when (content is JsonContent)
        {
            // Too large to keep, but it can still be written once.
            return false;
        }
    }
}
