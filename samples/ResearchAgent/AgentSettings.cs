namespace ResearchAgent;

/// <summary>Where the gateway is and how to sign in, from the environment.</summary>
public sealed class AgentSettings
{
    public Uri Gateway { get; init; } = new("http://127.0.0.1:18789");

    public string Token { get; init; } = "";

    public static AgentSettings FromEnvironment() => new()
    {
        Gateway = new Uri(Environment.GetEnvironmentVariable("OPENCLAW_GATEWAY_URL") ?? "http://127.0.0.1:18789"),
        Token = Environment.GetEnvironmentVariable("OPENCLAW_GATEWAY_TOKEN") ?? "",
    };
}
