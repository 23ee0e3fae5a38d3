using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>
/// Speaks the gateway's WebSocket protocol over a real socket. The sign-in is done here; each further request is answered by the test, in the order
/// of the connections.
/// </summary>
internal sealed class SocketGateway : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<SocketRequest, Task> _answer;
    private readonly List<JsonObject> _requests = [];
    private readonly List<JsonObject> _signIns = [];
    private readonly Task _loop;

    public SocketGateway(Func<SocketRequest, Task> answer)
    {
        _answer = answer;
        int port = FreePort();
        Address = new Uri($"ws://127.0.0.1:{port}/");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public Uri Address { get; }

    /// <summary>The life of the process; a test that restarts the gateway changes it.</summary>
    public string BootId { get; set; } = "boot-1";

    /// <summary>The error for sign-ins, or null to accept them.</summary>
    public JsonObject? Refusal { get; set; }

    public int TickInterval { get; init; } = 30_000;

    public int MaxPayload { get; init; } = 1_000_000;

    /// <summary>What a connection waits for before it is accepted.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>Whether the gateway says nothing after the socket is open.</summary>
    public bool IsMute { get; init; }

    /// <summary>The requests after sign-in.</summary>
    public IReadOnlyList<JsonObject> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<JsonObject> SignIns
    {
        get
        {
            lock (_requests)
            {
                return [.. _signIns];
            }
        }
    }

    /// <summary>A client of it with the right token.</summary>
    public GatewaySocket Socket(GatewayPipeline pipeline) => new(pipeline, new GatewaySocketOptions { Address = Address, Token = "t" });

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task AcceptAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                await Gate;
                HttpListenerWebSocketContext upgraded = await context.AcceptWebSocketAsync(subProtocol: null);
                _ = ServeAsync(upgraded.WebSocket, context.Response);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(WebSocket socket, HttpListenerResponse connection)
    {
        if (IsMute)
        {
            return;
        }

        try
        {
            await SendAsync(socket, new() { ["type"] = "event", ["event"] = "connect.challenge", ["payload"] = new JsonObject { ["nonce"] = "n" } });
            while (await ReceiveAsync(socket) is { } frame)
            {
                if ((string?)frame["method"] == "connect")
                {
                    lock (_requests)
                    {
                        _signIns.Add(frame);
                    }

                    await SendAsync(socket, SignIn(frame));
                    continue;
                }

                lock (_requests)
                {
                    _requests.Add(frame);
                }

                await _answer(new SocketRequest(socket, connection, frame));
            }
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException or IOException or HttpListenerException or InvalidOperationException)
        {
            // The other side has gone.
        }
    }

    private JsonObject SignIn(JsonObject frame) => Refusal is { } refusal
        ? new() { ["type"] = "res", ["id"] = (string?)frame["id"], ["ok"] = false, ["error"] = refusal.DeepClone() }
        : new()
        {
            ["type"] = "res",
            ["id"] = (string?)frame["id"],
            ["ok"] = true,
            ["payload"] = new JsonObject
            {
                ["type"] = "hello-ok",
                ["server"] = new JsonObject { ["bootId"] = BootId },
                ["policy"] = new JsonObject { ["maxPayload"] = MaxPayload, ["tickIntervalMs"] = TickInterval },
            },
        };

    internal static async Task SendAsync(WebSocket socket, JsonObject frame)
        => await socket.SendAsync(Encoding.UTF8.GetBytes(frame.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<JsonObject?> ReceiveAsync(WebSocket socket)
    {
        var message = new MemoryStream();
        byte[] buffer = new byte[4096];
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(buffer, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(message.ToArray())!.AsObject();
            }
        }
    }
}

/// <summary>A request that a test answers.</summary>
internal sealed class SocketRequest(WebSocket socket, HttpListenerResponse connection, JsonObject frame)
{
    public string Method => (string)frame["method"]!;

    public string? Key => (string?)frame["params"]!["idempotencyKey"];

    public Task OkAsync(JsonObject payload)
        => SocketGateway.SendAsync(socket, new() { ["type"] = "res", ["id"] = (string?)frame["id"], ["ok"] = true, ["payload"] = payload });

    public Task ErrorAsync(JsonObject error)
        => SocketGateway.SendAsync(socket, new() { ["type"] = "res", ["id"] = (string?)frame["id"], ["ok"] = false, ["error"] = error });

    public Task TellAsync(string name, int sequence)
        => SocketGateway.SendAsync(socket, new() { ["type"] = "event", ["event"] = name, ["seq"] = sequence, ["payload"] = new JsonObject { ["text"] = "hi" } });

    /// <summary>As kill -9 does it.</summary>
    public Task CutAsync()
    {
        connection.Abort();
        return Task.CompletedTask;
    }

    public Task CloseAsync(int code, string reason) => socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, CancellationToken.None);
}
