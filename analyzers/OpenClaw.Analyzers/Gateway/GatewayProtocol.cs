namespace OpenClaw.Analyzers.Gateway;

/// <summary>The methods and events of the gateway's WebSocket protocol.</summary>
internal static class GatewayProtocol
{
    private static readonly HashSet<string> Distinctive = new(StringComparer.Ordinal)
    {
        "connect.challenge", "hello-ok", "chat.send", "chat.history", "agent.wait", "sessions.send", "sessions.list", "sessions.changed", "node.invoke", "message.action",
    };

    /// <summary>Whether a literal is a name that only this protocol uses; short words such as <c>agent</c> prove nothing.</summary>
    public static bool IsDistinctive(string literal) => Distinctive.Contains(literal);
}
