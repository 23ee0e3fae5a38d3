using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace OpenClaw.Resilience.Chaos;

/// <summary>The client's end of a WebSocket without a network. Whole messages, which are smaller than any buffer.</summary>
internal sealed class MemorySocket(Action<JsonObject> receive, Action onDisposed) : WebSocket
{
    private readonly Channel<(byte[] Message, Action? OnHeard)> _incoming = Channel.CreateUnbounded<(byte[], Action?)>();
    private WebSocketState _state = WebSocketState.Open;
    private WebSocketCloseStatus? _closeStatus;
    private string? _closeReason;
    private bool _isDisposed;

    public override WebSocketCloseStatus? CloseStatus => _closeStatus;

    public override string? CloseStatusDescription => _closeReason;

    public override WebSocketState State => _state;

    public override string? SubProtocol => null;

    /// <summary>The other side says something.</summary>
    /// <param name="frame">What.</param>
    /// <param name="onHeard">Called when this side has it: what was said before the end of a connection may still be lost.</param>
    public void Tell(JsonObject frame, Action? onHeard = null) => _incoming.Writer.TryWrite((Encoding.UTF8.GetBytes(frame.ToJsonString()), onHeard));

    /// <summary>The other side closes, after what it has said before.</summary>
    public void End(int code, string reason)
    {
        (_closeStatus, _closeReason) = ((WebSocketCloseStatus)code, reason);
        _incoming.Writer.TryComplete();
    }

    /// <summary>The connection is gone without a word.</summary>
    public void Cut()
    {
        _state = WebSocketState.Aborted;
        _incoming.Writer.TryComplete(new WebSocketException(WebSocketError.ConnectionClosedPrematurely));
    }

    public override async Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken)
    {
        if (!await _incoming.Reader.WaitToReadAsync(cancellationToken))
        {
            _state = WebSocketState.CloseReceived;
            return new WebSocketReceiveResult(0, WebSocketMessageType.Close, endOfMessage: true, _closeStatus, _closeReason);
        }

        (byte[] message, Action? onHeard) = await _incoming.Reader.ReadAsync(cancellationToken);
        onHeard?.Invoke();
        message.CopyTo(buffer.AsSpan());
        return new WebSocketReceiveResult(message.Length, WebSocketMessageType.Text, endOfMessage: true);
    }

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (_state != WebSocketState.Open)
        {
            return Task.FromException(new WebSocketException(WebSocketError.InvalidState));
        }

        receive(JsonNode.Parse(buffer.AsSpan())!.AsObject());
        return Task.CompletedTask;
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
        => CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        _state = WebSocketState.CloseSent;
        return Task.CompletedTask;
    }

    public override void Abort() => Cut();

    public override void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            onDisposed();
        }
    }
}
