using System.Net.WebSockets;
using System.Text;

namespace ResearchAgent;

/// <summary>Tells the gateway's control plane what is being worked on.</summary>
public sealed class ProgressFeed
{
    private readonly Uri _address;
    private readonly string _token;

    public ProgressFeed(AgentSettings settings)
    {
        _address = new UriBuilder(settings.Gateway) { Scheme = "ws", Path = "/" }.Uri;
        _token = settings.Token;
    }

    public async Task AnnounceAsync(string topic, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_token}");
        await socket.ConnectAsync(_address, cancellationToken);

        string frame = $$$"""{"type":"req","id":"1","method":"sessions.send","params":{"text":"research: {{{topic}}}"}}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

        var buffer = new byte[4096];
        WebSocketReceiveResult answer = await socket.ReceiveAsync(buffer, cancellationToken);
        Console.WriteLine($"announced: {Encoding.UTF8.GetString(buffer, 0, answer.Count)}");
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", cancellationToken);
    }
}
