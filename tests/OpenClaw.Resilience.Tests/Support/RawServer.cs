using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace OpenClaw.Resilience.Tests.Support;

/// <summary>A loopback server that speaks raw bytes, for faults that no fake transport has. Plays one line of its script per request.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private static readonly Socket Bound = Bind();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<RawExchange, Task>[] _script;
    private readonly List<(TcpClient Client, Task Serving)> _connections = [];
    private readonly Task _accepting;
    private int _requests;

    /// <summary>Starts listening. Without a script, each connection is closed before it can ask anything.</summary>
    public RawServer(params Func<RawExchange, Task>[] script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>An address on which nobody listens, and which nobody else can take: its port is bound.</summary>
    public static Uri RefusedAddress() => new($"http://127.0.0.1:{((IPEndPoint)Bound.LocalEndPoint!).Port}/");

    public static Func<RawExchange, Task> Answer(string text) => exchange => exchange.SendAsync(text);

    public static string Json(int status, string body, string headers = "")
        => $"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public static Task Reset(RawExchange exchange)
    {
        exchange.Client.LingerState = new LingerOption(true, 0);
        // Not through TcpClient, whose stream says goodbye first.
        exchange.Client.Client.Close();
        return Task.CompletedTask;
    }

    public static Task Close(RawExchange exchange)
    {
        exchange.Client.Close();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach ((TcpClient client, Task serving) in _connections)
        {
            client.Close();
            await serving.WaitAsync(VirtualTime.Patience);
        }
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _connections.Add((client, ServeAsync(client)));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var exchange = new RawExchange(client);
                while (_script.Length > 0 && await exchange.ReadRequestAsync())
                {
                    int index = Interlocked.Increment(ref _requests) - 1;
                    await _script[Math.Min(index, _script.Length - 1)](exchange);
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
            {
                // The client, or the script, has ended the connection.
            }
        }
    }
}

/// <summary>One connection to a <see cref="RawServer"/>.</summary>
internal sealed class RawExchange(TcpClient client)
{
    private readonly NetworkStream _stream = client.GetStream();

    public TcpClient Client => client;

    /// <summary>The headers of the last request.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body of the last request.</summary>
    public string Body { get; private set; } = "";

    /// <summary>Answers the upgrade to a WebSocket as RFC 6455 asks for.</summary>
    public Task UpgradeAsync()
    {
#pragma warning disable CA5350 // The protocol prescribes SHA-1; it protects nothing.
        byte[] accept = SHA1.HashData(Encoding.ASCII.GetBytes(Headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
#pragma warning restore CA5350
        return SendAsync(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Convert.ToBase64String(accept)}\r\n\r\n");
    }

    /// <summary>Waits for the first bytes of whatever the client sends.</summary>
    public async Task WaitForDataAsync() => _ = await _stream.ReadAsync(new byte[1024]);

    /// <summary>Completes when the client has closed its side.</summary>
    public async Task WaitForCloseAsync()
    {
        byte[] buffer = new byte[1024];
        while (await _stream.ReadAsync(buffer) > 0)
        {
        }
    }

    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    /// <summary>Reads one request with its body; false at the end of the connection.</summary>
    public async Task<bool> ReadRequestAsync()
    {
        Headers.Clear();
        string? line = await ReadLineAsync();
        if (line is null)
        {
            return false;
        }

        while (line is { Length: > 0 })
        {
            if (line.Split(':', 2) is [var name, var value])
            {
                Headers[name] = value.Trim();
            }

            line = await ReadLineAsync();
        }

        Body = Headers.TryGetValue("Content-Length", out string? length)
            ? await ReadTextAsync(int.Parse(length, CultureInfo.InvariantCulture))
            : Headers.ContainsKey("Transfer-Encoding") ? await ReadChunksAsync() : "";
        return true;
    }

    private async Task<string> ReadChunksAsync()
    {
        var body = new StringBuilder();
        while (int.Parse(await ReadLineAsync() ?? "0", NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
        {
            body.Append(await ReadTextAsync(length));
            await ReadLineAsync();
        }

        await ReadLineAsync();
        return body.ToString();
    }

    private async Task<string> ReadTextAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (await _stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
