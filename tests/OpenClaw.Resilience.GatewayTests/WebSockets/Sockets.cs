using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpenClaw.Resilience.GatewayTests.Callers;
using OpenClaw.Resilience.GatewayTests.Gateway;

namespace OpenClaw.Resilience.GatewayTests.WebSockets;

/// <summary>As much of the gateway's protocol as shows that a connection is a good one.</summary>
internal static class Sockets
{
    private static readonly string[] Scopes = ["operator.read", "operator.write"];

    /// <summary>Connects through a pipeline and completes the handshake of the protocol.</summary>
    public static async Task<ClientWebSocket> SignInAsync(GatewayUnderTest gateway)
    {
        ClientWebSocket socket = await new Caller(gateway).Pipeline.ConnectAsync(
            gateway.SocketAddress, cancellationToken: TestContext.Current.CancellationToken);
        JsonElement answer = await SayHelloAsync(socket, gateway.Token);
        Assert.Equal("hello-ok", answer.GetProperty("payload").GetProperty("type").GetString());
        return socket;
    }

    /// <summary>Waits for the challenge, signs in, and returns the gateway's answer to it.</summary>
    public static async Task<JsonElement> SayHelloAsync(ClientWebSocket socket, string token, int protocol = 4)
    {
        await ReadUntilAsync(
            socket, frame => frame.TryGetProperty("event", out JsonElement name) && name.GetString() == "connect.challenge");
        return await AskAsync(socket, "connect", new
        {
            minProtocol = protocol,
            maxProtocol = protocol,
            client = new { id = "gateway-client", version = "0.0.1", platform = "linux", mode = "backend" },
            role = "operator",
            scopes = Scopes,
            caps = Array.Empty<string>(),
            auth = new { token },
        });
    }

    /// <summary>Sends a request and returns the answer to it.</summary>
    public static async Task<JsonElement> AskAsync(ClientWebSocket socket, string method, object parameters)
    {
        string id = Guid.NewGuid().ToString();
        byte[] frame = JsonSerializer.SerializeToUtf8Bytes(new { type = "req", id, method, @params = parameters });
        await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        return await ReadUntilAsync(socket, answer => answer.TryGetProperty("id", out JsonElement other) && other.GetString() == id);
    }

    public static async Task ReadToCloseAsync(ClientWebSocket socket)
    {
        while (await ReadAsync(socket) is not null)
        {
        }
    }

    private static async Task<JsonElement> ReadUntilAsync(ClientWebSocket socket, Predicate<JsonElement> isWanted)
    {
        while (await ReadAsync(socket) is { } frame)
        {
            if (isWanted(frame))
            {
                return frame;
            }
        }

        throw new InvalidOperationException($"The gateway has closed the socket: {socket.CloseStatus} {socket.CloseStatusDescription}");
    }

    /// <summary>Null when the gateway closes.</summary>
    private static async Task<JsonElement?> ReadAsync(ClientWebSocket socket)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(buffer.AsMemory(), TestContext.Current.CancellationToken);
            message.Write(buffer, 0, received.Count);
        }
        while (!received.EndOfMessage);

        return received.MessageType == WebSocketMessageType.Close
            ? null
            : JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(message.ToArray()));
    }
}
