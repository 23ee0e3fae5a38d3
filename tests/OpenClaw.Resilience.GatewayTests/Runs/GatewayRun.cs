using OpenClaw.Resilience.GatewayTests.Gateway;
using OpenClaw.Resilience.GatewayTests.Provider;
using OpenClaw.Resilience.RunWorker;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.GatewayTests.Runs;

/// <summary>A run with a turn of the gateway in each step, which a test cuts off and goes on with, in this process or in one of its own.</summary>
internal sealed class GatewayRun : IDisposable
{
    private readonly GatewayUnderTest _gateway;
    private readonly TemporaryDirectory _directory = new();
    private readonly RunId _id = RunId.Create($"run-{Guid.NewGuid():N}");
    private readonly string _session;

    public GatewayRun(GatewayUnderTest gateway, Protocol protocol, params Reply[][] scripts)
    {
        _gateway = gateway;
        Protocol = protocol;
        Turns = [.. scripts.Select(gateway.Provider.Script)];
        _session = $"agent:main:{Turns[0].Prompt}";
    }

    /// <summary>All protocols, for the data of a theory.</summary>
    public static TheoryData<Protocol> Protocols => new(Enum.GetValues<Protocol>());

    public Protocol Protocol { get; }

    public string SessionKey => _session;

    public IReadOnlyList<Turn> Turns { get; }

    /// <summary>What the model was asked, each time, by us and by the gateway itself.</summary>
    public IEnumerable<int> Calls => Turns.Select(turn => turn.Calls);

    public GatewayAgent CreateAgent(bool looksFirst = false)
        => new(Protocol, _gateway.Address, _gateway.Token, _session) { LooksFirst = looksFirst };

    /// <summary>Takes the first turns and leaves the run unfinished.</summary>
    public async Task BeginAsync(int turns, GatewayAgent? agent = null)
    {
        await using GatewayAgent own = CreateAgent();
        await using AgentRun run = await AgentRun.ResumeAsync(_id, Options(InDoubtAction.Throw), TestContext.Current.CancellationToken);
        await (agent ?? own).AskAsync(run, Turns.Take(turns).Select(turn => turn.Prompt), TestContext.Current.CancellationToken);
    }

    /// <summary>Begins the run or goes on with it, in this process.</summary>
    public async Task<IReadOnlyList<string>> GoOnAsync(InDoubtAction onInDoubt = InDoubtAction.Throw, GatewayAgent? agent = null, DrainCoordinator? drain = null)
    {
        await using GatewayAgent own = CreateAgent();
        GatewayAgent asked = agent ?? own;
        return await AgentRun.RunAsync(
            _id,
            (run, token) => asked.AskAsync(run, Turns.Select(turn => turn.Prompt), token),
            Options(onInDoubt, drain),
            TestContext.Current.CancellationToken);
    }

    /// <summary>Begins the run in a process of its own.</summary>
    public WorkerProcess StartWorker() => WorkerProcess.Start(
        new Dictionary<string, string> { ["GATEWAY_TOKEN"] = _gateway.Token },
        ["ask", _directory.Path, _id.ToString(), Protocol.ToString(), _gateway.Address.ToString(), _session, .. Turns.Select(turn => turn.Prompt)]);

    /// <summary>A resumed run stops at its step: the step may have run.</summary>
    public async Task AssertInDoubtAsync(int step)
    {
        var doubt = await Assert.ThrowsAsync<StepInDoubtException>(() => GoOnAsync());
        Assert.Equal($"turn#{step}", doubt.Step);
    }

    public void Dispose() => _directory.Dispose();

    private AgentRunOptions Options(InDoubtAction onInDoubt, DrainCoordinator? drain = null) => new()
    {
        Store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = _directory.Path }),
        OnInDoubt = onInDoubt,
        Drain = drain,
    };
}
