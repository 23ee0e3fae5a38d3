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
    private readonly CallScope _call;
    private readonly bool _isChat;
    private string? _event;
    private GatewayFailure? _error;
    private bool _isFinished;
    private bool _isTerminated;

    private EventStreamWatch(CallScope call, bool isChat)
    {
        _call = call;
        _isChat = isChat;
    }

    /// <summary>Null when the answer is no event stream, a compressed one, or one whose end nobody here knows.</summary>
    public static EventStreamWatch? TryCreate(HttpResponseMessage response, CallScope call)
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
            ? new EventStreamWatch(call, isChat)
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
        // The last line may come without its end.
        ReadLine(_line.WrittenSpan.TrimEnd((byte)'\r'));
        _line.ResetWrittenCount();
        if (_error is not null)
        {
            return new StreamFailureException(
                HttpRequestError.InvalidResponse, $"The stream ended with an error event ({_error.ErrorType ?? "no type"}).", _error);
        }

        return _isTerminated && _isFinished ? null : new StreamFailureException(
            HttpRequestError.ResponseEnded,
            _isTerminated ? "The stream has its terminator but no finish reason: the answer is not complete."
                : "The stream ended without its terminator: the answer is not complete.",
            new GatewayFailure(TransportFailures.EndedEarly, _call.Gateway.Options.Gateway));
    }

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
        if (name is "response.completed" or "response.incomplete" or "message_stop")
        {
            _isTerminated = true;
            _isFinished = true;
        }
    }

    private void ReadData(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            _isTerminated = _isTerminated || _isChat;
            EndsBadly = _error is not null || !_isFinished;
        }
        else if (_event is "error" or "response.failed" || data.StartsWith("{\"error\""u8))
        {
            ReadError(Encoding.UTF8.GetString(data));
        }
        else if (_isChat && !_isFinished)
        {
            _isFinished = HasFinishReason(data);
        }
    }

    private void ReadError(string data) => _error ??= _call.JudgeAnswered(ErrorBody.Parse(data));

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
