using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Resilience;

/// <summary>One signed-in connection: matches answers to requests, watches for silence, and ends all that is pending when it ends.</summary>
internal sealed class GatewayConnection : IAsyncDisposable
{
    private const int Protocol = 4;
    private const int LostCode = 1006;
    private const int SilentCode = 4000;
    private const int BufferSize = 16 * 1024;

    /// <summary>The method whose two answers have one id: the first says that the turn was admitted, the second ends it.</summary>
    public const string TurnMethod = "agent";

    private const string Admitted = "accepted";

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly Action<GatewayEvent> _onEvent;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource<JsonElement> _challenge = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _silence = Timeout.InfiniteTimeSpan;
    private ITimer? _watchdog;
    private long _heardAt;
    private long _maxPayload = long.MaxValue;
    private int _lastId;
    private bool _afterHello;
    private Exception? _failure;

    private GatewayConnection(WebSocket socket, TimeProvider time, Action<GatewayEvent> onEvent)
    {
        _socket = socket;
        _time = time;
        _onEvent = onEvent;
    }

    /// <summary>The life of the gateway's process: another one has forgotten all keys.</summary>
    public string BootId { get; private set; } = "";

    public bool IsOpen => Volatile.Read(ref _failure) is null;

    /// <summary>Signs in on an open socket, which belongs to the connection from here on.</summary>
    public static async Task<GatewayConnection> SignInAsync(
        WebSocket socket, GatewaySocketOptions options, TimeProvider time, Action<GatewayEvent> onEvent, CancellationToken token)
    {
        var connection = new GatewayConnection(socket, time, onEvent);
        // Belongs to nobody's call: neither frame nor span of the first caller.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(connection.ReceiveAsync, CancellationToken.None);
        }

        try
        {
            await connection._challenge.Task.WaitAsync(token).ConfigureAwait(false);
            connection.Welcome(await connection.RequestAsync("connect", ConnectParameters(options), token).ConfigureAwait(false));
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends a request and waits for its last answer.</summary>
    public async Task<JsonElement> RequestAsync(string method, JsonNode? parameters, CancellationToken token)
    {
        string id = Interlocked.Increment(ref _lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var frame = new JsonObject { ["type"] = "req", ["id"] = id, ["method"] = method, ["params"] = parameters?.DeepClone() ?? new JsonObject() };
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(frame, GatewayJson.Default.JsonObject);
        if (message.Length > _maxPayload)
        {
            throw new ArgumentException($"The request '{method}' has {message.Length} bytes; the gateway accepts {_maxPayload}.", nameof(parameters));
        }

        var pending = new Pending(method);
        _pending[id] = pending;
        try
        {
            ThrowIfEnded();
            await SendAsync(message, token).ConfigureAwait(false);
            return await pending.Answer.Task.WaitAsync(token).ConfigureAwait(false);
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (IsOpen && _socket.State == WebSocketState.Open)
        {
            try
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _ended.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // It is going anyway.
            }
        }

        End(new GatewaySocketClosedException((int)WebSocketCloseStatus.NormalClosure, "closed by this side", _afterHello));
    }

    private static JsonObject ConnectParameters(GatewaySocketOptions options)
    {
        var parameters = new JsonObject
        {
            ["minProtocol"] = Protocol,
            ["maxProtocol"] = Protocol,
            ["client"] = new JsonObject
            {
                // A closed list: others are refused.
                ["id"] = "gateway-client",
                ["mode"] = "backend",
                ["version"] = typeof(GatewayConnection).Assembly.GetName().Version?.ToString(3) ?? "0.0.0",
                ["platform"] = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux",
            },
            ["role"] = "operator",
            ["scopes"] = new JsonArray([.. options.Scopes.Select(static scope => (JsonNode)scope)]),
            ["caps"] = new JsonArray(),
        };
        if (options.Token is { } token)
        {
            parameters["auth"] = new JsonObject { ["token"] = token };
        }

        return parameters;
    }

    private void Welcome(JsonElement hello)
    {
        _afterHello = true;
        BootId = hello.TryGetProperty("server", out JsonElement server) && server.TryGetProperty("bootId", out JsonElement boot)
            ? boot.GetString() ?? ""
            : "";
        if (!hello.TryGetProperty("policy", out JsonElement policy))
        {
            return;
        }

        _maxPayload = Number(policy, "maxPayload") ?? _maxPayload;
        if (Number(policy, "tickIntervalMs") is > 0 and { } milliseconds)
        {
            // As the gateway's own client: two ticks without a word, and the connection counts as dead.
            _silence = TimeSpan.FromMilliseconds(2 * milliseconds);
            _heardAt = _time.GetTimestamp();
            _watchdog = _time.CreateTimer(static state => ((GatewayConnection)state!).CheckSilence(), this, _silence, _silence / 4);
        }
    }

    private void CheckSilence()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _heardAt)) >= _silence)
        {
            End(new GatewaySocketClosedException(SilentCode, $"no word for {_silence}", _afterHello));
        }
    }

    private async Task SendAsync(byte[] message, CancellationToken token)
    {
        await _sending.WaitAsync(token).ConfigureAwait(false);
        try
        {
            // A token that ends a send aborts the socket for all: only the connection's own may.
            await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            End(new GatewaySocketClosedException(LostCode, null, _afterHello, exception));
            ThrowIfEnded();
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReceiveAsync()
    {
        var message = new ArrayBufferWriter<byte>(BufferSize);
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(message.GetMemory(BufferSize), _ended.Token).ConfigureAwait(false);
                Volatile.Write(ref _heardAt, _time.GetTimestamp());
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    End(new GatewaySocketClosedException((int)(_socket.CloseStatus ?? (WebSocketCloseStatus)LostCode), _socket.CloseStatusDescription, _afterHello));
                    return;
                }

                message.Advance(part.Count);
                if (part.EndOfMessage)
                {
                    Dispatch(message.WrittenMemory);
                    message.ResetWrittenCount();
                }
            }
        }
        catch (Exception exception)
        {
            End(new GatewaySocketClosedException(LostCode, null, _afterHello, exception));
        }
    }

    private void Dispatch(ReadOnlyMemory<byte> message)
    {
        using JsonDocument document = JsonDocument.Parse(message);
        JsonElement frame = document.RootElement.Clone();
        string? type = frame.TryGetProperty("type", out JsonElement kind) ? kind.GetString() : null;
        JsonElement payload = frame.TryGetProperty("payload", out JsonElement content) ? content : default;
        if (type == "event" && frame.TryGetProperty("event", out JsonElement name))
        {
            if (name.GetString() == "connect.challenge")
            {
                _challenge.TrySetResult(payload);
                return;
            }

            _onEvent(new GatewayEvent(name.GetString() ?? "", payload, Number(frame, "seq")));
        }
        else if (type == "res" && frame.TryGetProperty("id", out JsonElement id) && _pending.TryGetValue(id.GetString() ?? "", out Pending? pending))
        {
            Answer(pending, frame, payload);
        }
    }

    // Null and text are no numbers, and no reason to give up the connection.
    private static long? Number(JsonElement owner, string name)
        => owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private static void Answer(Pending pending, JsonElement frame, JsonElement payload)
    {
        if (frame.TryGetProperty("ok", out JsonElement ok) && ok.ValueKind == JsonValueKind.True)
        {
            bool isTurn = pending.Method == TurnMethod;
            if (isTurn && GatewayError.OfTurn(payload) is { } failure)
            {
                pending.Answer.TrySetException(new GatewayRequestException(pending.Method, failure));
            }
            else if (!isTurn || GatewayError.Text(payload, "status") != Admitted)
            {
                pending.Answer.TrySetResult(payload);
            }
        }
        else
        {
            GatewayError error = GatewayError.Parse(frame.TryGetProperty("error", out JsonElement found) && found.ValueKind == JsonValueKind.Object ? found : default);
            pending.Answer.TrySetException(new GatewayRequestException(pending.Method, error));
        }
    }

    private void ThrowIfEnded()
    {
        if (Volatile.Read(ref _failure) is GatewaySocketClosedException closed)
        {
            throw new GatewaySocketClosedException(closed.CloseCode, closed.CloseReason, closed.AfterHello, closed);
        }
    }

    private void End(GatewaySocketClosedException failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is not null)
        {
            return;
        }

        _watchdog?.Dispose();
        _challenge.TrySetException(failure);
        _ = _challenge.Task.Exception;
        foreach (Pending pending in _pending.Values)
        {
            pending.Answer.TrySetException(new GatewaySocketClosedException(failure.CloseCode, failure.CloseReason, failure.AfterHello, failure));
        }

        _ended.Cancel();
        _socket.Dispose();
    }

    private sealed class Pending(string method)
    {
        public string Method => method;

        public TaskCompletionSource<JsonElement> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
