
namespace OpenClaw.Analyzers.Gateway;

/// <summary>What the rules know of one client type. Data only: <c>clients.md</c> says how each fact was found.</summary>
internal sealed record ClientEntry(string Type, ClientFamily Family, IReadOnlyList<CallEntry> Calls)
{
    /// <summary>The assembly that must define the type, where another package uses the same name.</summary>
    public string? Assembly { get; init; }

    /// <summary>A type that any program uses for anything: its calls are gateway calls only with evidence of the endpoint.</summary>
    public bool NeedsEndpoint { get; init; }

    /// <summary>What the client repeats by itself when nobody configured it.</summary>
    public OwnRetry Retry { get; init; } = OwnRetry.None;

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

/// <summary>Groups of clients that behave alike and are configured alike.</summary>
internal enum ClientFamily
{
    OpenAI,
    ExtensionsAI,
    HttpClient,
    WebSocket,

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
}
