using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;

namespace OpenClaw.Demo;

/// <summary>
/// The published gateway, on loopback, with a model provider in this process that plays the faults and counts its calls. One for all scenarios of one
/// version of the agent, since a start takes a while.
/// </summary>
internal sealed partial class RealGateway : IAsyncDisposable
{
    private readonly GatewayHost _host;
    private readonly Script _script;

    private RealGateway(GatewayHost host, Script script) => (_host, _script) = (host, script);

    /// <summary>Starts a gateway that is ready for the first scenario.</summary>
    /// <exception cref="InvalidOperationException">The gateway does not start.</exception>
    public static async Task<RealGateway> StartAsync(GatewayInstallation installation, int port, CancellationToken cancellationToken)
    {
        var script = new Script();
        ModelProvider provider = await ModelProvider.StartAsync(script.Find);
        var host = new GatewayHost(installation, GatewayFolder.WithOneAgent(port, provider.Port), provider);
        try
        {
            await host.EnsureRunningAsync(cancellationToken);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        return new RealGateway(host, script);
    }

    /// <summary>Takes the port for a moment; 0 is always free.</summary>
    /// <exception cref="SocketException">It is taken.</exception>
    public static void ThrowIfTaken(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        probe.Start();
    }

    /// <summary>The gateway as one scenario sees it.</summary>
    public async Task<IScenarioGateway> BeginAsync(Fault fault, CancellationToken cancellationToken)
    {
        await _host.EnsureRunningAsync(cancellationToken);
        return new OneScenario(_host, _script.Begin(fault), fault);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>What the model does, by what the agent asks. Each scenario has a topic of its own: a gateway may come back to an old one later.</summary>
    private sealed partial class Script
    {
        private readonly ConcurrentDictionary<string, Chapter> _chapters = new(StringComparer.Ordinal);

        public Chapter Begin(Fault fault)
        {
            var chapter = new Chapter(fault, $"ocean currents {_chapters.Count + 1}");
            _chapters[chapter.Topic] = chapter;
            return chapter;
        }

        public Turn? Find(string body)
        {
            Match asked = Question().Match(body);
            return asked.Success ? _chapters[asked.Groups["topic"].Value].Find(asked.Groups["tag"].Value) : null;
        }

        // "[step 4] Research 'ocean currents 1'…" or "[summary] ocean currents 1:…", anywhere in what the gateway makes of it.
        [GeneratedRegex(@"(?<tag>\[(?:step \d+|summary)\]) (?:Research ')?(?<topic>ocean currents \d+)")]
        private static partial Regex Question();
    }

    /// <summary>The turns of one scenario.</summary>
    private sealed class Chapter(Fault fault, string topic)
    {
        private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _outageStarted;

        public string Topic => topic;

        public Task Struck => _struck.Task;

        public ICollection<KeyValuePair<string, Turn>> Turns => _turns;

        public Turn Find(string tag) => _turns.GetOrAdd(tag, tag => new Turn(tag == StruckTag ? Strike() : [Replies.Good]));

        public void Release() => Find(StruckTag).Release();

        private static string StruckTag => $"[step {Schedule.Step}]";

        private Reply[] Strike() => fault switch
        {
            Fault.ProviderFails => [Outage(Replies.Status(502))],
            Fault.ProviderThrottles => [Outage(Replies.Status(429))],
            Fault.ProviderResets => [Replies.Cut, Replies.Good],
            Fault.ProviderHangs => [Replies.Hang, Replies.Good],
            // Who is killed meanwhile never sees the answer.
            Fault.GatewayKilled or Fault.GatewayDrained or Fault.KillInStep => [Announced(Replies.Held), Replies.Good],
            _ => [Replies.Good],
        };

        private Reply Announced(Reply reply) => call =>
        {
            _struck.TrySetResult();
            return reply(call);
        };

        /// <summary>Fails for as long as the schedule says, from the first call.</summary>
        private Reply Outage(Reply failure) => call =>
        {
            long now = Stopwatch.GetTimestamp();
            long started = Interlocked.CompareExchange(ref _outageStarted, now, 0);
            return started == 0 || Stopwatch.GetElapsedTime(started, now) < Schedule.Outage ? failure(call) : Replies.Good(call);
        };
    }

    private sealed class OneScenario(GatewayHost host, Chapter chapter, Fault fault) : IScenarioGateway
    {
        private Task _nextLife = Task.CompletedTask;

        public Uri Address => host.Address;

        public string Token => host.Token;

        public string Topic => chapter.Topic;

        public Task Struck => chapter.Struck;

        public IReadOnlyDictionary<string, int> Turns => chapter.Turns.ToDictionary(turn => turn.Key, turn => turn.Value.Calls - turn.Value.Resumed);

        public int Resumed => chapter.Turns.Sum(turn => turn.Value.Resumed);

        public async Task StrikeAsync(CancellationToken cancellationToken)
        {
            switch (fault)
            {
                case Fault.GatewayKilled:
                    await host.EnsureAwayAsync();
                    _nextLife = host.EnsureRunningAsync(cancellationToken);
                    break;
                case Fault.GatewayDrained:
                    host.Process.Terminate();
                    while (await host.ProbeAsync("readyz") == HttpStatusCode.OK)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
                    }

                    _nextLife = ReplaceAsync(cancellationToken);
                    break;
            }

            chapter.Release();
        }

        public async ValueTask DisposeAsync() => await _nextLife;

        private async Task ReplaceAsync(CancellationToken cancellationToken)
        {
            await host.Process.WaitForExitAsync(cancellationToken);
            await host.EnsureRunningAsync(cancellationToken);
        }
    }
}
