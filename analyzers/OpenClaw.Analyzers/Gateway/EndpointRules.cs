namespace OpenClaw.Analyzers.Gateway;

/// <summary>Which URLs belong to a gateway or a model server. Compared by host and by the last segments of the path, never by "contains".</summary>
internal static class EndpointRules
{
    /// <summary>The gateway's default port, for HTTP and WebSocket alike.</summary>
    public const int GatewayPort = 18789;

    // The paths of the model APIs, of the gateway and of the common model servers.
    private static readonly (string[] Path, CallKind Kind, GatewayKind Gateway)[] Paths =
    [
        (["chat", "completions"], CallKind.Turn, GatewayKind.Unknown),
        (["v1", "responses"], CallKind.Turn, GatewayKind.Unknown),
        (["v1", "completions"], CallKind.Turn, GatewayKind.Unknown),
        (["v1", "embeddings"], CallKind.Read, GatewayKind.Unknown),
        (["v1", "models"], CallKind.Probe, GatewayKind.Unknown),
        (["api", "chat"], CallKind.Turn, GatewayKind.ModelProvider),
        (["api", "generate"], CallKind.Turn, GatewayKind.ModelProvider),
        (["api", "embed"], CallKind.Read, GatewayKind.ModelProvider),
        (["api", "embeddings"], CallKind.Read, GatewayKind.ModelProvider),
        (["api", "pull"], CallKind.Send, GatewayKind.ModelProvider),
        (["api", "tags"], CallKind.Probe, GatewayKind.ModelProvider),
        (["tools", "invoke"], CallKind.Tool, GatewayKind.OpenClaw),
        (["hooks", "agent"], CallKind.Send, GatewayKind.OpenClaw),
        (["hooks", "wake"], CallKind.Send, GatewayKind.OpenClaw),
    ];

    // Asked of a known host: whether it is there, and what it offers. Lists of models have a version before them that differs from provider to provider.
    private static readonly HashSet<string> ProbeSegments = new(StringComparer.Ordinal)
    {
        "health", "healthz", "ready", "readyz", "startup", "startupz", "live", "livez", "ping", "status", "version", "models",
    };

    private static readonly HashSet<string> ProviderHosts = new(StringComparer.Ordinal)
    {
        "api.openai.com",
        "api.anthropic.com",
        "api.mistral.ai",
        "api.groq.com",
        "api.deepseek.com",
        "api.together.xyz",
        "api.x.ai",
        "api.cohere.com",
        "openrouter.ai",
        "generativelanguage.googleapis.com",
        "api-inference.huggingface.co",
        "router.huggingface.co",
        "api.perplexity.ai",
        "api.fireworks.ai",
        "api.cerebras.ai",
        "api.sambanova.ai",
        "api.deepinfra.com",
        "api.hyperbolic.xyz",
        "api.ai21.com",
        "api.voyageai.com",
        "api.moonshot.ai",
        "api.moonshot.cn",
        "api.z.ai",
        "open.bigmodel.cn",
        "dashscope.aliyuncs.com",
        "dashscope-intl.aliyuncs.com",
        "integrate.api.nvidia.com",
        "models.github.ai",
        "models.inference.ai.azure.com",
    };

    /// <summary>What the URL proves: null where it proves nothing.</summary>
    public static (GatewayKind Gateway, CallKind? Kind)? Match(UrlText url)
    {
        bool isGateway = url.Port == GatewayPort;
        bool isProvider = url.Host is not null && (ProviderHosts.Contains(url.Host) || url.Host.EndsWith(".openai.azure.com", StringComparison.Ordinal));
        (CallKind Kind, GatewayKind Gateway)? path = MatchPath(url);
        GatewayKind gateway = isGateway ? GatewayKind.OpenClaw : isProvider ? GatewayKind.ModelProvider : path?.Gateway ?? GatewayKind.Unknown;
        if (path is not null)
        {
            return (gateway, path.Value.Kind);
        }

        return isGateway || isProvider ? (gateway, IsProbe(url) ? CallKind.Probe : null) : null;
    }

    private static (CallKind Kind, GatewayKind Gateway)? MatchPath(UrlText url)
    {
        foreach ((string[] path, CallKind kind, GatewayKind gateway) in Paths)
        {
            // "api/chat" alone is what a front end asks of its own server: a model server needs an address.
            if (url.EndsWith(path) && (url.IsAbsolute || path[0] != "api"))
            {
                return (kind, gateway);
            }
        }

        // Chat products have paths like im/v1/messages as well: here it has to be the whole path.
        if (url.Segments is ["v1", "messages"] or [['\0'], "v1", "messages"])
        {
            return (CallKind.Turn, GatewayKind.ModelProvider);
        }

        string last = url.Segments.LastOrDefault() ?? "";
        bool isGemini = last.EndsWith(":generatecontent", StringComparison.Ordinal) || last.EndsWith(":streamgeneratecontent", StringComparison.Ordinal);
        return isGemini ? (CallKind.Turn, GatewayKind.ModelProvider) : null;
    }

    /// <summary>Whether the path asks how the server is.</summary>
    public static bool IsProbe(UrlText url) => url.Segments.Length > 0 && ProbeSegments.Contains(url.Segments[url.Segments.Length - 1]);
}
