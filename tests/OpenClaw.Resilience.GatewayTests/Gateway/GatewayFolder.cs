using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>What one gateway has on disk: configuration, state, log. It outlives a restart, and goes with the tests.</summary>
internal sealed class GatewayFolder : IDisposable
{
    public const string MainAgent = "main";

    public const string PersistentAgent = "persistent";

    /// <summary>The agent of most tests. A gateway with several agents refuses the bare <c>openclaw</c>.</summary>
    public const string MainModel = "openclaw/" + MainAgent;

    /// <summary>An agent for which the gateway itself retries its provider, as it does by default. For the others this is off.</summary>
    public const string PersistentModel = "openclaw/" + PersistentAgent;

    /// <summary>An agent with a provider key of its own, which the gateway sets aside for a minute after a 401.</summary>
    public const string OtherKeyModel = "openclaw/" + OtherKeyAgent;

    /// <summary>An agent at whose provider's address nobody listens.</summary>
    public const string ForsakenModel = "openclaw/" + ForsakenAgent;

    private const string OtherKeyAgent = "otherkey";
    private const string ForsakenAgent = "forsaken";

    /// <summary>How long a turn of an agent may take, in seconds: long on an idle machine, short enough to be waited for.</summary>
    private const int TurnLimit = 20;

    // Above what a pipeline lets through by default, so that the tests see its limit and not the gateway's.
    private const int MaxTurns = 8;

    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-gateway-").FullName;

    private GatewayFolder(int port)
    {
        Port = port;
        Directory.CreateDirectory(Home);
    }

    public int Port { get; }

    public string Token { get; } = $"token-{Guid.NewGuid():N}";

    public string Home => Path.Combine(_root, "home");

    public string State => Path.Combine(_root, "state");

    public string ConfigurationFile => Path.Combine(_root, "openclaw.json");

    /// <summary>For tests: four agents, on a free port.</summary>
    /// <param name="providerPort">Where the model provider listens.</param>
    /// <param name="signInLimit">The gateway's <c>auth.rateLimit</c>; null is its default, from which loopback is exempt.</param>
    public static GatewayFolder WithAllAgents(int providerPort, object? signInLimit)
    {
        var folder = new GatewayFolder(FindFreePort());
        folder.Write(folder.Configure(providerPort, signInLimit, new()
        {
            [MainAgent] = new { },
            [PersistentAgent] = new { },
            [OtherKeyAgent] = new { model = new { primary = "other/echo" } },
            [ForsakenAgent] = new { model = new { primary = "gone/echo" } },
        }));
        folder.SwitchProviderRetriesOff(MainAgent);
        folder.SwitchProviderRetriesOff(OtherKeyAgent);
        folder.SwitchProviderRetriesOff(ForsakenAgent);
        return folder;
    }

    /// <summary>For programs that ask for <c>openclaw/default</c>, which a gateway with several agents refuses, and for embeddings.</summary>
    /// <param name="port">The gateway's port; 0 takes a free one.</param>
    /// <param name="providerPort">Where the model provider listens.</param>
    public static GatewayFolder WithOneAgent(int port, int providerPort)
    {
        var folder = new GatewayFolder(port == 0 ? FindFreePort() : port);
        Dictionary<string, object> configuration = folder.Configure(providerPort, signInLimit: null, new() { [MainAgent] = new { } });
        configuration["memory"] = new
        {
            search = new
            {
                provider = "openai-compatible",
                model = "echo",
                remote = new { baseUrl = ProviderAddress(providerPort), apiKey = "stub-key" },
                rememberAcrossConversations = false,
            },
        };
        folder.Write(configuration);
        folder.SwitchProviderRetriesOff(MainAgent);
        return folder;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ProviderAddress(int port) => $"http://127.0.0.1:{port}/v1";

    private static object Provider(int port, string key) => new
    {
        baseUrl = ProviderAddress(port),
        apiKey = key,
        api = "openai-completions",
        models = new[]
        {
            new
            {
                id = "echo",
                name = "echo",
                reasoning = false,
                input = new[] { "text" },
                contextWindow = 128_000,
                maxTokens = 4_096,
                cost = new { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 },
            },
        },
    };

    private void Write(Dictionary<string, object> configuration)
        => File.WriteAllText(ConfigurationFile, JsonSerializer.Serialize(configuration));

    private Dictionary<string, object> Configure(int providerPort, object? signInLimit, Dictionary<string, object> agents)
    {
        var auth = new Dictionary<string, object> { ["mode"] = "token", ["token"] = Token };
        if (signInLimit is not null)
        {
            auth["rateLimit"] = signInLimit;
        }

        return new()
        {
            ["gateway"] = new
            {
                mode = "local",
                bind = "loopback",
                port = Port,
                auth,
                controlUi = new { enabled = false },
                http = new { endpoints = new { chatCompletions = new { enabled = true }, responses = new { enabled = true } } },
            },
            ["models"] = new
            {
                mode = "replace",
                providers = new
                {
                    stub = Provider(providerPort, "stub-key"),
                    other = Provider(providerPort, "other-key"),
                    gone = Provider(ClosedPort.Address.Port, "gone-key"),
                },
            },
            ["agents"] = new
            {
                defaults = new
                {
                    model = new { primary = "stub/echo" },
                    workspace = Path.Combine(_root, "workspace"),
                    skipBootstrap = true,
                    timeoutSeconds = TurnLimit,
                    maxConcurrent = MaxTurns,
                    heartbeat = new { every = "0m" },
                },
                entries = agents,
            },
            ["discovery"] = new { mdns = new { mode = "off" } },
            ["update"] = new { checkOnStart = false },
            ["logging"] = new { file = Path.Combine(_root, "gateway.jsonl") },
        };
    }

    // Otherwise a failing provider is asked up to ten times within minutes before the client hears of it.
    private void SwitchProviderRetriesOff(string agent)
    {
        string folder = Path.Combine(State, "agents", agent, "agent");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "settings.json"), """{"retry":{"provider":{"maxRetries":0}}}""");
    }
}
