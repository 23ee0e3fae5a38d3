using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Who answers a call, as far as the code proves it.</summary>
internal enum GatewayKind
{
    /// <summary>A gateway or a provider: the path is one of theirs, the host is not known.</summary>
    Unknown,

    /// <summary>A model provider: one stateless inference for a call.</summary>
    ModelProvider,

    /// <summary>An OpenClaw gateway: a call is an agent turn that runs tools.</summary>
    OpenClaw,
}

/// <summary>Where a call goes, and the code that proves it.</summary>
/// <param name="Gateway">Who answers.</param>
/// <param name="Kind">What the path asks for; null where the path says nothing.</param>
/// <param name="Host">Host name without port, where it is a constant.</param>
/// <param name="Evidence">The expression that proves it.</param>
internal sealed record Endpoint(GatewayKind Gateway, CallKind? Kind, string? Host, Location? Evidence)
{
    /// <summary>The gateway's own method, or the end of the path, where the call names one: <c>chat.send</c>, <c>hooks/agent</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Whether only the client tells where the call goes: what it asks for is not known, and need not be a turn.</summary>
    public bool IsOfClient { get; init; }

    /// <summary>Nothing is known of where the call goes.</summary>
    public static Endpoint None { get; } = new(GatewayKind.Unknown, Kind: null, Host: null, Evidence: null);
}
