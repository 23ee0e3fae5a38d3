namespace OpenClaw.Resilience;

/// <summary>What answers the calls, and therefore what its refusals mean.</summary>
public enum GatewayKind
{
    /// <summary>
    /// An OpenClaw gateway: a call is an agent turn, and an error status often comes after several model calls, tools included. A 429
    /// or an overload of its provider may therefore have had effects.
    /// </summary>
    OpenClaw,

    /// <summary>
    /// A model provider or a server compatible with one: a call is a single inference, and 429, 503 and 529 are said before it starts.
    /// </summary>
    ModelProvider,
}
