using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Chaos;

/// <summary>The other side of WebSockets: the gateway's protocol, in memory and as badly as the seed says.</summary>
internal sealed class HostileSockets
{
    private const int Tick = 30_000;
    private readonly HostileGateway _gateway;
    private readonly VirtualTime _time;
    private readonly Random _random;
    private readonly Plant _plant;
    private readonly Model _model;
    private readonly List<Line> _lines = [];

    public HostileSockets(HostileGateway gateway, VirtualTime time, Random random, Plant plant, Model model)
    {
        (_gateway, _time, _random, _plant, _model) = (gateway, time, random, plant, model);
        gateway.LifeEnded = () => _lines.ToList().ForEach(static line => line.Socket.Cut());
    }

    /// <summary>The sockets that nobody has disposed.</summary>
    public int Open { get; private set; }

    public async Task<WebSocket> OpenAsync(CancellationToken token)
    {
        await Task.Delay(_gateway.NextLatency(), _time, token);
        if (Strikes(0.3))
        {
            throw new WebSocketException(
                WebSocketError.Faulted,
                "refused",
                new HttpRequestException(HttpRequestError.ConnectionError, "refused", new SocketException((int)SocketError.ConnectionRefused)));
        }

        var line = new Line(_gateway.Life, Strikes(0.1));
        line.Socket = new MemorySocket(frame => Receive(line, frame), () => Close(line));
        _lines.Add(line);
        Open++;
        if (!line.IsMute)
        {
            line.Socket.Tell(new() { ["type"] = "event", ["event"] = "connect.challenge", ["payload"] = new JsonObject() });
            line.Ticking = _time.CreateTimer(_ => line.Socket.Tell(new() { ["type"] = "event", ["event"] = "tick" }), null, Milliseconds(Tick), Milliseconds(Tick));
        }

        return line.Socket;
    }

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static JsonObject Answer(string id, JsonObject payload) => new() { ["type"] = "res", ["id"] = id, ["ok"] = true, ["payload"] = payload };

    private static JsonObject Error(string id, string code, string? detail = null, bool retryable = false, int? retryAfter = null) => new()
    {
        ["type"] = "res",
        ["id"] = id,
        ["ok"] = false,
        ["error"] = new JsonObject
        {
            ["code"] = code, ["message"] = "no", ["retryable"] = retryable, ["retryAfterMs"] = retryAfter, ["details"] = new JsonObject { ["code"] = detail },
        },
    };

    // The rates are those of the schedule: a friendly one has none of this.
    private bool Strikes(double rate) => !_gateway.IsCalm && _random.NextDouble() < rate * _gateway.Hostility;

    private void Close(Line line)
    {
        line.Ticking?.Dispose();
        line.End.Cancel();
        _lines.Remove(line);
        Open -= _plant == Plant.LeakSocket ? 0 : 1;
    }

    private void Receive(Line line, JsonObject frame)
    {
        string id = (string)frame["id"]!;
        if ((string)frame["method"]! == "connect")
        {
            SignIn(line, id);
            return;
        }

        CallRecord call = _model.Find((int)frame["params"]!["call"]!);
        call.State = CallFrame.Current!.Call.Gateway;
        // A limit ends it, unless it hears something else.
        var attempt = new Attempt(call, _time.GetUtcNow(), CancellationToken.None) { SentTo = line.Life, Fault = Fault.Limit };
        call.Attempts.Add(attempt);
        line.Pending.Add(id);
        _ = ServeAsync(line, id, (string)frame["method"]!, attempt);
    }

    private void SignIn(Line line, string id)
    {
        if (Strikes(0.05))
        {
            _model.HearOfLockout(CallFrame.Current!.Call.Gateway.Options);
            line.Socket.Tell(Error(id, "INVALID_REQUEST", "AUTH_RATE_LIMITED", retryable: true, (int)Fault.Locked.Asked!.Value.TotalMilliseconds));
            line.Socket.End(1008, "too many failed authentication attempts");
            return;
        }

        line.Socket.Tell(Answer(id, new()
        {
            ["type"] = "hello-ok",
            ["server"] = new JsonObject { ["bootId"] = line.Life },
            ["policy"] = new JsonObject { ["tickIntervalMs"] = Tick },
        }));
    }

    private async Task ServeAsync(Line line, string id, string method, Attempt attempt)
    {
        try
        {
            if (Strikes(0.4))
            {
                Tell(line, id, attempt, Fault.Answers.First(static fault => fault.Name == "drain"), Error(id, "UNAVAILABLE", "gateway-restarting", retryable: true, retryAfter: 1_000));
                if (_random.Next(2) == 0)
                {
                    line.Socket.End(1012, "service restart");
                    _gateway.Restart();
                }

                return;
            }

            if (Strikes(0.2))
            {
                Tell(line, id, attempt, Fault.Answers.First(static fault => fault.Name == "bad request"), Error(id, "INVALID_REQUEST"));
                return;
            }

            Run(attempt);
            if (method == "agent")
            {
                line.Socket.Tell(Answer(id, new() { ["status"] = "accepted" }));
            }

            await Task.Delay(_gateway.NextLatency(), _time, line.End.Token);
            Finish(line, id, method, attempt);
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
    }

    private void Run(Attempt attempt)
    {
        attempt.HasRun = true;
        CallRecord call = attempt.Call;
        if (call.Effect != CallEffect.Keyed || _gateway.Keys.IsNew(call.Turn, attempt.SentTo!, attempt.Start))
        {
            call.Turn.Runs++;
        }
    }

    private void Finish(Line line, string id, string method, Attempt attempt)
    {
        switch (Strikes(0.7) ? _random.Next(5) : -1)
        {
            case 0:
                line.Socket.Cut();
                break;
            case 1:
                _gateway.Restart();
                break;
            case 2:
                line.Socket.End(1008, "slow consumer");
                break;
            case 3:
                // The end of a turn is a good answer, whatever it says.
                Tell(line, id, attempt, Fault.Limit, method == "agent" ? Answer(id, new() { ["status"] = "timeout" }) : Error(id, "AGENT_TIMEOUT"));
                break;
            case 4:
                // Never a word again.
                line.Ticking?.Dispose();
                break;
            default:
                Tell(line, id, attempt, fault: null, Answer(id, new() { ["status"] = "ok", ["call"] = attempt.Call.Id }));
                break;
        }
    }

    private void Tell(Line line, string id, Attempt attempt, Fault? fault, JsonObject answer)
    {
        line.Pending.Remove(id);
        if (_plant == Plant.MixUpAnswers && line.Pending.Count > 0)
        {
            answer["id"] = line.Pending[0];
        }

        line.Socket.Tell(answer, () => attempt.Fault = fault);
    }

    /// <summary>One connection, seen from the gateway.</summary>
    private sealed class Line(string life, bool isMute)
    {
        public string Life => life;

        public bool IsMute => isMute;

        public MemorySocket Socket { get; set; } = null!;

        public ITimer? Ticking { get; set; }

        public List<string> Pending { get; } = [];

        public CancellationTokenSource End { get; } = new();
    }
}
