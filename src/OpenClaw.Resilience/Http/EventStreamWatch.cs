using System.Buffers;
using System.Text;

namespace OpenClaw.Resilience;

/// <summary>
/// Looks at the server-sent events of an answer as they pass. HTTP 200 and <c>[DONE]</c> prove nothing: a good answer has a finish reason
/// or a final event, its terminator, and no error.
/// </summary>
internal sealed class EventStreamWatch
{
    // Longer lines are data that cannot be a terminator or a short error; their beginning is enough.
    private const int MaxLine = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new(512);
    private readonly GatewayOptions _options;
    private bool _isChat;
    private string? _event;
    private bool _isInsideEvent;
    private GatewayFailure? _error;
    private bool _isFinished;
    private bool _isTerminated;

    private EventStreamWatch(GatewayOptions options, bool isChat)
    {
        _options = options;
        _isChat = isChat;
    }

    /// <summary>For the events of an endpoint that is not known: a chat's have no names, and the others' tell what they are.</summary>
    public static EventStreamWatch Create(GatewayOptions options) => new(options, isChat: true);

    /// <summary>Null when the answer is no event stream, a compressed one, or one whose end nobody here knows.</summary>
    public static EventStreamWatch? TryCreate(HttpResponseMessage response, GatewayOptions options)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream"
            || response.Content.Headers.ContentEncoding.Count > 0
            || response.RequestMessage?.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            return null;
        }

        string path = uri.AbsolutePath.TrimEnd('/');
        bool isChat = path.EndsWith("/chat/completions", StringComparison.Ordinal);
        return isChat || path.EndsWith("/responses", StringComparison.Ordinal) || path.EndsWith("/v1/messages", StringComparison.Ordinal)
            ? new EventStreamWatch(options, isChat)
            : null;
    }

    /// <summary>
    /// Whether the terminator has come after an error or without a finish reason. Readers stop at it and never ask for more, so it is kept
    /// back from them, and the failure takes its place.
    /// </summary>
    public bool EndsBadly { get; private set; }

    /// <summary>Looks at the next bytes.</summary>
    /// <returns>How many of them may be handed out.</returns>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int passed = 0;
        while (bytes[passed..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            Add(bytes.Slice(passed, length));
            ReadLine(_line.WrittenSpan.TrimEnd((byte)'\r'));
            _line.ResetWrittenCount();
            if (EndsBadly)
            {
                return passed;
            }

            passed += length + 1;
        }

        Add(bytes[passed..]);
        return bytes.Length;
    }

    /// <summary>The error event that has passed, or null.</summary>
    public GatewayFailure? FindError() => _error;

    /// <summary>What is wrong with the stream, now that it has ended.</summary>
    public StreamFailureException? FindFailure()
    {
        // The last line may come without its end. Nothing is no line: a blank one would end an event.
        if (_line.WrittenCount > 0)
        {
            ReadLine(_line.WrittenSpan.TrimEnd((byte)'\r'));
            _line.ResetWrittenCount();
        }

        if (_error is not null)
        {
            return new StreamFailureException(
                HttpRequestError.InvalidResponse, $"The stream ended with an error event ({_error.ErrorType ?? "no type"}).", _error);
        }

        // Without the blank line after it, what the terminator says, such as the whole response, did not come.
        bool isTerminated = _isTerminated && (_isChat || !_isInsideEvent);
        return isTerminated && _isFinished ? null : EndedEarly(
            isTerminated ? "The stream has its terminator but no finish reason: the answer is not complete."
                : "The stream ended without its terminator: the answer is not complete.");
    }

    /// <summary>
    /// For readers of whole events, who do not get the last one when its blank line is missing; the text <c>[DONE]</c> they do not need.
    /// </summary>
    public StreamFailureException? FindCutEvent()
        => _isInsideEvent ? EndedEarly("The stream ended within an event: the answer is not complete.") : null;

    /// <summary>Whether an event ends the answer well when all else is well, and says nothing more.</summary>
    public static bool IsDone(ReadOnlySpan<byte> data) => data.SequenceEqual("[DONE]"u8);

    /// <summary>Whether an event reports that the turn has failed.</summary>
    public static bool IsError(string? name, ReadOnlySpan<byte> data)
        => name is "error" or "response.failed" || TypeOf(data) is "error" or "response.failed" || data.StartsWith("{\"error\""u8);

    private StreamFailureException EndedEarly(string message)
        => new(HttpRequestError.ResponseEnded, message, new GatewayFailure(TransportFailures.EndedEarly, _options.Gateway));

    private void Add(ReadOnlySpan<byte> bytes)
    {
        int room = MaxLine - _line.WrittenCount;
        _line.Write(bytes.Length > room ? bytes[..room] : bytes);
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            _event = null;
            _isInsideEvent = false;
        }
        else if (line.StartsWith("event:"u8))
        {
            ReadEvent(Encoding.UTF8.GetString(line["event:"u8.Length..].Trim((byte)' ')));
        }
        else if (line.StartsWith("data:"u8))
        {
            ReadData(line["data:"u8.Length..].Trim((byte)' '));
        }
    }

    private void ReadEvent(string name)
    {
        _event = name;
        _isInsideEvent = true;
        ReadKind(name);
    }

    private void ReadKind(string name)
    {
        _isChat = _isChat && !name.StartsWith("response.", StringComparison.Ordinal) && !name.StartsWith("message_", StringComparison.Ordinal);
        if (name is "response.completed" or "response.incomplete" or "message_stop")
        {
            _isTerminated = true;
            _isFinished = true;
        }
    }

    private void ReadData(ReadOnlySpan<byte> data)
    {
        if (IsDone(data))
        {
            _isTerminated = _isTerminated || _isChat;
            EndsBadly = _error is not null || !_isFinished;
            return;
        }

        _isInsideEvent = true;
        if (IsError(_event, data))
        {
            ReadError(Encoding.UTF8.GetString(data));
            return;
        }

        if (_event is null && TypeOf(data) is { } type)
        {
            ReadKind(type);
        }

        if (_isChat && !_isFinished)
        {
            _isFinished = HasFinishReason(data);
        }
    }

    private void ReadError(string data) => _error
        ??= new FailureClassifier(_options.Gateway, _options.TimeProvider, callerToken: null).ClassifyAnswered(ErrorBody.Parse(data));

    // Some proxies leave the names of events out, which the data repeats.
    private static string? TypeOf(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith("{\"type\":"u8))
        {
            return null;
        }

        data = data["{\"type\":"u8.Length..].TrimStart((byte)' ');
        int length = data.StartsWith("\""u8) ? data[1..].IndexOf((byte)'"') : -1;
        return length < 0 ? null : Encoding.UTF8.GetString(data.Slice(1, length));
    }

    // "finish_reason":"stop" with any spacing; null until the last chunk.
    private static bool HasFinishReason(ReadOnlySpan<byte> data)
    {
        while (data.IndexOf("\"finish_reason\""u8) is >= 0 and var start)
        {
            data = data[(start + "\"finish_reason\""u8.Length)..];
            if (data.TrimStart(": "u8).StartsWith("\""u8))
            {
                return true;
            }
        }

        return false;
    }
}
