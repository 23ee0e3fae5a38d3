namespace OpenClaw.Analyzers.Gateway;

/// <summary>The methods and events of the gateway's WebSocket protocol.</summary>
internal static class GatewayProtocol
{
    /// <summary>The path by which a run is started without waiting for it.</summary>
    public const string AgentHook = "hooks/agent";

    // Each run of these acts again, and the gateway tells a repetition by its key.
    private static readonly HashSet<string> Keyed = new(StringComparer.Ordinal) { AgentHook, "agent", "chat.send", "send", "poll", "message.action", "node.invoke" };

    private static readonly HashSet<string> DistinctiveEvents = new(StringComparer.Ordinal) { "connect.challenge", "hello-ok", "sessions.changed" };

    // A handshake is a part of the connect that it follows: nobody repeats it alone.
    private static readonly Dictionary<string, CallKind> Methods = new(StringComparer.Ordinal)
    {
        ["connect"] = CallKind.Probe,
        ["health"] = CallKind.Probe,
        ["status"] = CallKind.Probe,
        ["system-presence"] = CallKind.Probe,
        ["channels.status"] = CallKind.Probe,
        ["models.list"] = CallKind.Probe,
        ["agent"] = CallKind.Turn,
        ["agent.wait"] = CallKind.Read,
        ["agents.list"] = CallKind.Read,
        ["chat.send"] = CallKind.Turn,
        ["chat.history"] = CallKind.Read,
        ["chat.abort"] = CallKind.Send,
        ["sessions.send"] = CallKind.Turn,
        ["sessions.spawn"] = CallKind.Turn,
        ["sessions.list"] = CallKind.Read,
        ["sessions.get"] = CallKind.Read,
        ["sessions.history"] = CallKind.Read,
        ["sessions.patch"] = CallKind.Send,
        ["sessions.reset"] = CallKind.Send,
        ["send"] = CallKind.Send,
        ["message.action"] = CallKind.Tool,
        ["tools.invoke"] = CallKind.Tool,
        ["tools.catalog"] = CallKind.Read,
        ["node.invoke"] = CallKind.Tool,
        ["node.list"] = CallKind.Read,
        ["node.describe"] = CallKind.Read,
        ["cron.run"] = CallKind.Turn,
        ["cron.list"] = CallKind.Read,
        ["exec.approval.resolve"] = CallKind.Send,
    };

    // Other protocols have these names as well.
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "connect", "health", "status", "agent", "send", "models.list", "agents.list", "tools.invoke", "tools.catalog", "node.list", "cron.run", "cron.list",
    };

    /// <summary>Whether a literal is a name that only this protocol uses; short words such as <c>agent</c> prove nothing.</summary>
    public static bool IsDistinctive(string literal) => DistinctiveEvents.Contains(literal) || (Methods.ContainsKey(literal) && !Common.Contains(literal));

    /// <summary>Whether the gateway takes a second request for the first one's repetition if both have the same idempotency key.</summary>
    public static bool TakesKey(string operation) => Keyed.Contains(operation);

    /// <summary>Whether the literal is the name of a method, and what the method does.</summary>
    public static bool TryGetKind(string literal, out CallKind kind) => Methods.TryGetValue(literal, out kind);
}
