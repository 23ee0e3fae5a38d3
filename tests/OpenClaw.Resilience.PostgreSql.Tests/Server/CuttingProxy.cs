using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Resilience.PostgreSql.Tests.Server;

/// <summary>Stands between a store and the server, and loses what it is told to lose: requests on their way, or answers.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Link> _links = [];
    private readonly int _serverPort;
    private readonly Task _accepting;
    private volatile TaskCompletionSource? _requestGate;
    private volatile bool _losesAnswers;
    private int _lostAnswers;

    public CuttingProxy(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many packets of the server's did not arrive.</summary>
    public int LostAnswers => Volatile.Read(ref _lostAnswers);

    /// <summary>From now on what the server says to the connections that there are does not arrive.</summary>
    public void LoseAnswers() => _losesAnswers = true;

    /// <summary>From now on what the clients say waits, until the task source that is returned is completed.</summary>
    public TaskCompletionSource HoldRequests() => _requestGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Breaks all connections for the clients. What was held back of their requests still reaches the server; new connections work.
    /// </summary>
    public void CutClients()
    {
        _requestGate = null;
        lock (_links)
        {
            _links.ForEach(link => link.CutClient());
        }

        _losesAnswers = false;
    }

    /// <summary>Waits until the clients' words have come in and are held back.</summary>
    public Task RequestIsHeldAsync() => Eventually.HoldsAsync(() => Links().Any(link => link.IsHolding));

    /// <summary>Waits until the server has answered the requests that reached it after their client was cut off.</summary>
    public Task HeldRequestsAreAnsweredAsync() => Task.WhenAll(Links().Where(link => link.WasHeld).Select(link => link.LateAnswer));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (Link link in Links())
        {
            await link.DisposeAsync();
        }
    }

    private Link[] Links()
    {
        lock (_links)
        {
            return [.. _links];
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                TcpClient server = new();
                await server.ConnectAsync(IPAddress.Loopback, _serverPort);
                lock (_links)
                {
                    _links.Add(new Link(this, client, server));
                }
            }
        }
        catch (SocketException)
        {
            // The listener was stopped.
        }
    }

    private sealed class Link : IAsyncDisposable
    {
        private readonly CuttingProxy _proxy;
        private readonly TcpClient _client;
        private readonly TcpClient _server;
        private readonly Task _copying;
        private readonly TaskCompletionSource _lateAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isCut;

        public Link(CuttingProxy proxy, TcpClient client, TcpClient server)
        {
            (_proxy, _client, _server) = (proxy, client, server);
            _copying = Task.WhenAll(RequestsAsync(), AnswersAsync());
        }

        public bool IsHolding { get; private set; }

        public bool WasHeld { get; private set; }

        public Task LateAnswer => _lateAnswer.Task;

        public void CutClient()
        {
            if (_isCut)
            {
                return;
            }

            _isCut = true;
            _client.Client.LingerState = new LingerOption(true, 0);
            _client.Close();
        }

        public async ValueTask DisposeAsync()
        {
            CutClient();
            _server.Close();
            await _copying;
        }

        private async Task RequestsAsync()
        {
            byte[] buffer = new byte[1 << 16];
            try
            {
                NetworkStream from = _client.GetStream();
                while (await from.ReadAsync(buffer) is > 0 and var count)
                {
                    if (_proxy._requestGate is { } gate)
                    {
                        (IsHolding, WasHeld) = (true, true);
                        await gate.Task;
                        IsHolding = false;
                    }

                    await _server.GetStream().WriteAsync(buffer.AsMemory(0, count));
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the ends is gone.
            }

            if (!_isCut)
            {
                _server.Close();
            }
        }

        private async Task AnswersAsync()
        {
            byte[] buffer = new byte[1 << 16];
            try
            {
                NetworkStream from = _server.GetStream();
                while (await from.ReadAsync(buffer) is > 0 and var count)
                {
                    if (_isCut)
                    {
                        _lateAnswer.TrySetResult();
                    }
                    else if (_proxy._losesAnswers)
                    {
                        Interlocked.Increment(ref _proxy._lostAnswers);
                    }
                    else
                    {
                        await _client.GetStream().WriteAsync(buffer.AsMemory(0, count));
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the ends is gone.
            }

            CutClient();
        }
    }
}
