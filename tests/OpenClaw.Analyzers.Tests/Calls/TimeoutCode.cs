namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Sources around a call that may wait for ever. What they lack besides, a retry, is another rule's finding and switched off.</summary>
internal static class TimeoutCode
{
    private const string Fields = """
            private readonly ClientWebSocket _socket = new();
            private readonly Uri _uri = new("ws://127.0.0.1:18789/");
            private readonly CancellationTokenSource _stop = new();

        """;

    /// <summary>An agent with a socket of its own; the body runs in a method that gets a token from the program.</summary>
    public static string InMethod(string body, bool usesRuntime = false) => $$"""
        #pragma warning disable OCG1001 // judged by other tests
        using System.Diagnostics;
        {{(usesRuntime ? "using OpenClaw.Resilience;\n" : "")}}
        class Agent
        {
        {{Fields}}    public async Task RunAsync(CancellationToken cancellationToken)
            {
        {{Indented(body, 8)}}
            }

            static void Main() { }
        }
        """;

    /// <summary>The same with members of its own instead of a method.</summary>
    public static string WithMembers(string members, bool usesRuntime = false) => $$"""
        #pragma warning disable OCG1001 // judged by other tests
        using System.Diagnostics;
        {{(usesRuntime ? "using OpenClaw.Resilience;\n" : "")}}
        class Agent
        {
        {{Fields}}{{Indented(members, 4)}}

            static void Main() { }
        }
        """;

    public static string Indented(string code, int columns)
        => string.Join('\n', code.Split('\n').Select(line => line.Length == 0 || line[0] == '#' ? line : new string(' ', columns) + line));
}
