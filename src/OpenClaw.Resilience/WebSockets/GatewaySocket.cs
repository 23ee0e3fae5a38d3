using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace OpenClaw.Resilience;

/// <summary>
/// Requests to a gateway over its WebSocket, where a turn can carry an idempotency key: the one place where a turn that was cut off may be sent
/// again. Connects when it is first needed and again when the connection was lost. Thread safe.
/// </summary>
/// <remarks>
/// A request with a key goes through the pipeline as <see cref="CallEffect.Keyed"/>: it is repeated only to the same life of the gateway's process
/// (its <c>bootId</c>) and within four minutes, since a restarted gateway has forgotten the key and may resume the turn by itself. Otherwise the
/// failure is surfaced with <see cref="GatewayFailure.MayHaveRun"/>.
/// </remarks>
public sealed class GatewaySocket : IAsyncDisposable
{
    private const int EventBuffer = 1_000;
    private const int RestartCode = 1012;
    private const string KeyName = "idempotencyKey";
    private const string SessionName = "sessionKey";

    // The methods that the gateway deduplicates by key, and refuses without one.
    private static readonly HashSet<string> Keyed = new(StringComparer.Ordinal) { GatewayConnection.TurnMethod, "chat.send", "send", "poll", "message.action", "node.invoke" };

    private readonly GatewayPipeline _pipeline;
    private readonly GatewaySocketOptions _options;
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly List<Channel<GatewayEvent>> _listeners = [];
    private GatewayConnection? _connection;
    private bool _disposed;

    /// <summary>Creates a socket that is not connected yet.</summary>
    /// <param name="pipeline">Protects connecting and requests; not owned.</param>
    /// <param name="options">Where and how to sign in.</param>
    /// <exception cref="ArgumentException">The address is no <c>ws</c> address, or a limit is out of range.</exception>
    public GatewaySocket(GatewayPipeline pipeline, GatewaySocketOptions options)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _pipeline = pipeline;
        _options = options;
    }

    /// <summary>
    /// Asks the gateway and waits for its answer; for <c>agent</c> that is the end of the turn, not its admission. A turn that names its
    /// session (<c>sessionKey</c>) waits for the earlier ones, as <see cref="GatewayPipeline.ForSession"/> says.
    /// </summary>
    /// <param name="method">The method, such as <c>chat.send</c>.</param>
    /// <param name="parameters">Its parameters; null for none. Copied.</param>
    /// <param name="idempotencyKey">What tells this request from all others, stable over crashes (<see cref="StepContext.IdempotencyKey"/>).
    /// Default: the one in the parameters, else a new one for methods that need it. It is the same for all attempts.</param>
    /// <param name="cancellationToken">The caller's token. It ends the waiting; a turn that was admitted goes on.</param>
    /// <returns>The payload of the answer; undefined when there is none.</returns>
    /// <exception cref="GatewayRequestException">The gateway refused or failed the request.</exception>
    /// <exception cref="WebSocketException">There was no connection to be had.</exception>
    /// <exception cref="GatewaySocketClosedException">The connection was lost before the answer.</exception>
    /// <exception cref="GatewayRejectedException">Nothing was sent: open circuit, full queue, or lockout.</exception>
    /// <exception cref="TaskCanceledException">The caller cancelled, or a limit was reached (then the inner exception is a
    /// <see cref="TimeoutException"/>).</exception>
    public Task<JsonElement> RequestAsync(
        string method, JsonObject? parameters = null, string? idempotencyKey = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        JsonObject sent = parameters?.DeepClone().AsObject() ?? [];
        if (idempotencyKey is not null)
        {
            sent[KeyName] = idempotencyKey;
        }
        else if (Keyed.Contains(method) && sent[KeyName] is null)
        {
            sent[KeyName] = Guid.NewGuid().ToString("N");
        }

        CallEffect effect = Keyed.Contains(method) ? CallEffect.Keyed : IsRead(method) ? CallEffect.None : CallEffect.Unknown;
        return PipelineFor(method, sent).ExecuteAsync(token => AttemptAsync(method, sent, token), effect, cancellationToken);
    }

    /// <summary>
    /// What the gateway says from now on, over all connections. A reader that falls behind by 1,000 events loses the oldest; their numbers show it.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<GatewayEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Channel<GatewayEvent> channel = Channel.CreateBounded<GatewayEvent>(
            new BoundedChannelOptions(EventBuffer) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        lock (_listeners)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _listeners.Add(channel);
        }

        try
        {
            await foreach (GatewayEvent next in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return next;
            }
        }
        finally
        {
            lock (_listeners)
            {
                _listeners.Remove(channel);
            }
        }
    }

    /// <summary>Closes the connection. Requests under way end with <see cref="GatewaySocketClosedException"/>, the reading of events ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_listeners)
        {
            _disposed = true;
            foreach (Channel<GatewayEvent> listener in _listeners)
            {
                listener.Writer.TryComplete();
            }
        }

        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static bool IsRead(string method)
        => method is "health" or "status" or "agent.wait" or "chat.history"
            || method.EndsWith(".list", StringComparison.Ordinal) || method.EndsWith(".get", StringComparison.Ordinal);

    // Other methods are answered at once, and a chat message may well be meant for the turn that is under way.
    private GatewayPipeline PipelineFor(string method, JsonObject parameters)
        => method == GatewayConnection.TurnMethod && parameters[SessionName] is JsonValue value
            && value.TryGetValue(out string? session) && !string.IsNullOrWhiteSpace(session) ? _pipeline.ForSession(session) : _pipeline;

    private async Task<JsonElement> AttemptAsync(string method, JsonObject parameters, CancellationToken token)
    {
        CallScope call = CallFrame.Current!.Call;
        GatewayConnection connection = await ConnectAsync(token).ConfigureAwait(false);
        if (call.SentTo is { } life && life != connection.BootId)
        {
            throw new GatewaySocketClosedException(
                RestartCode, $"the gateway has restarted since '{method}' was sent: the key is forgotten, and the turn may have run or may be resumed", afterHello: true);
        }

        if (parameters[KeyName] is not null)
        {
            call.MarkSent(connection.BootId);
        }

        if (method == GatewayConnection.TurnMethod)
        {
            return await connection.RequestAsync(method, parameters, token).ConfigureAwait(false);
        }

        using var deadline = Deadline.After(_options.RequestTimeout, _pipeline.State.Options.TimeProvider, token);
        try
        {
            return await connection.RequestAsync(method, parameters, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (deadline.HasElapsed && !token.IsCancellationRequested)
        {
            throw new TaskCanceledException(
                $"The gateway did not answer '{method}' within {_options.RequestTimeout}.", new TimeoutException(exception.Message, exception), CancellationToken.None);
        }
    }

    private async Task<GatewayConnection> ConnectAsync(CancellationToken token)
    {
        await _connecting.WaitAsync(token).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connection is { IsOpen: true } open)
            {
                return open;
            }

            WebSocket socket = _options.Open is { } simulated
                ? await _pipeline.ExecuteAsync(simulated, CallEffect.None, token).ConfigureAwait(false)
                : await _pipeline.ConnectAsync(_options.Address, _options.Configure, token).ConfigureAwait(false);
            GatewayOptions limits = _pipeline.State.Options;
            using var deadline = Deadline.After(limits.HandshakeTimeout, limits.TimeProvider, token);
            try
            {
                _connection = await GatewayConnection.SignInAsync(socket, _options, limits.TimeProvider, Publish, deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (deadline.HasElapsed && !token.IsCancellationRequested)
            {
                var timeout = new TimeoutException($"The gateway did not finish the sign-in within {limits.HandshakeTimeout}.", exception);
                throw new GatewaySocketClosedException((int)WebSocketCloseStatus.NormalClosure, timeout.Message, afterHello: false, timeout);
            }

            _pipeline.State.Life = _connection.BootId;
            return _connection;
        }
        finally
        {
            _connecting.Release();
        }
    }

    private void Publish(GatewayEvent next)
    {
        lock (_listeners)
        {
            foreach (Channel<GatewayEvent> listener in _listeners)
            {
                listener.Writer.TryWrite(next);
            }
        }
    }
}
