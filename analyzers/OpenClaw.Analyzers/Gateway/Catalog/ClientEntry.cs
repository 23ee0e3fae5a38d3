
namespace OpenClaw.Analyzers.Gateway;

/// <summary>What the rules know of one client type. Data only: <c>clients.md</c> says how each fact was found.</summary>
internal sealed record ClientEntry(string Type, ClientFamily Family, IReadOnlyList<CallEntry> Calls)
{
    /// <summary>The assembly that must define the type, where another package uses the same name.</summary>
    public string? Assembly { get; init; }

    /// <summary>A type that any program uses for anything: its calls are gateway calls only with evidence of the endpoint.</summary>
    public bool NeedsEndpoint { get; init; }

    /// <summary>How the facts of this row were found: a row that nobody has run or read may not produce a warning.</summary>
    public Verification Verified { get; init; } = Verification.Run;

    /// <summary>Who answers where the sources give no address.</summary>
    public GatewayKind Answers { get; init; } = GatewayKind.Unknown;

    /// <summary>What the client repeats by itself when nobody configured it.</summary>
    public OwnRetry Retry { get; init; } = OwnRetry.None;

    /// <summary>The options by which the sources decide on that: who sets one has thought about it.</summary>
    public IReadOnlyList<string> RetryOptions { get; init; } = [];

    /// <summary>What the client limits by itself when nobody configured it.</summary>
    public OwnLimit Limit { get; init; } = OwnLimit.Unknown;

    /// <summary>Whether somebody has to dispose of an instance.</summary>
    public bool Disposable { get; init; }

    /// <summary>Whether a call that fails, or is cancelled, leaves no connection open: there is nothing left to dispose of then.</summary>
    public bool ClosesOnFailure { get; init; }

    /// <summary>Whether each instance has connections of its own to keep and reuse, so that one should be made for many calls.</summary>
    public bool Pooled { get; init; }
}

/// <summary>One method of a client by which a call is made.</summary>
internal sealed record CallEntry(string Name, CallKind Kind);

/// <summary>How the facts about a client were found.</summary>
internal enum Verification
{
    /// <summary>The client was run against a server that fails.</summary>
    Run,

    /// <summary>Its source was read.</summary>
    Source,

    /// <summary>Only its names are known: suggestions at most, and no claim about what it does by itself.</summary>
    NameOnly,
}

/// <summary>Groups of clients that behave alike and are configured alike.</summary>
internal enum ClientFamily
{
    OpenAI,
    ExtensionsAI,
    HttpClient,
    WebSocket,

    /// <summary>Clients on Azure.Core's pipeline.</summary>
    Azure,

    Anthropic,

    /// <summary>Services and kernels of Semantic Kernel: connectors in a container.</summary>
    SemanticKernel,

    /// <summary>Agents of the Agent Framework, around a chat client.</summary>
    Agent,

    /// <summary>Clients of the Model Context Protocol, over a transport.</summary>
    ModelContext,

    RestSharp,

    /// <summary>Fluent calls on a URL.</summary>
    Flurl,

    /// <summary>Interfaces whose attributes say what to request.</summary>
    Refit,

    /// <summary>The HTTP clients before <c>HttpClient</c>: no handler, no token, a request that is sent once.</summary>
    WebRequest,

    /// <summary>Clients that are made from an address, or over an <c>HttpClient</c> that the caller brings.</summary>
    OverHttp,

    /// <summary>Clients of a gateway over a WebSocket of their own.</summary>
    OverSocket,

    /// <summary>The user's own wrapper around any of these.</summary>
    Own,

    /// <summary>Our runtime: protected and bounded by itself, but still a step of a run.</summary>
    Resilience,
}

/// <summary>The repetitions that a client makes by itself.</summary>
internal enum OwnRetry
{
    None,

    /// <summary>Three more attempts without a delay between them, each up to the network time-out.</summary>
    ThreeAtOnce,

    /// <summary>Three more attempts with a growing delay and jitter.</summary>
    ThreeWithBackoff,

    /// <summary>Two more attempts with a growing delay and jitter.</summary>
    TwoWithBackoff,

    /// <summary>Opens a lost connection again; what was on its way is lost.</summary>
    Reconnect,

    /// <summary>Depends on an inner client that the type does not tell.</summary>
    Inherited,
}

/// <summary>What a client limits by itself, and how far the limit reaches.</summary>
internal enum OwnLimit
{
    /// <summary>Nothing is known: no rule may claim that a wait is unbounded.</summary>
    Unknown,

    /// <summary>No limit at all.</summary>
    None,

    /// <summary>What the body of the wrapper limits, where it is in sight.</summary>
    InBody,

    /// <summary>A hundred seconds for headers and buffered body; for headers alone where the body is read later.</summary>
    HundredSecondsBuffered,

    /// <summary>A hundred seconds for each attempt, for a stream between two reads.</summary>
    HundredSecondsPerRead,

    /// <summary>A hundred seconds for the whole call, or what the client's or the request's own time-out says.</summary>
    HundredSecondsPerCall,

    /// <summary>A time-out that ends with the response headers: neither body nor stream is limited.</summary>
    HeadersOnly,

    /// <summary>What the connector limits to which the container leads.</summary>
    OfConnector,

    /// <summary>None, except through an <c>HttpClient</c> that the caller brings.</summary>
    OfTransport,
}
