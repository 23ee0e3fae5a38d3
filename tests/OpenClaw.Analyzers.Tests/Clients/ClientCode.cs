using OpenClaw.Analyzers.Tests.Calls;

namespace OpenClaw.Analyzers.Tests.Clients;

/// <summary>Sources around the creation of a client. That its calls are unprotected and unbounded is other rules' finding and switched off.</summary>
internal static class ClientCode
{
    /// <summary>A method, called once by the program, with the gateway's addresses at hand.</summary>
    public static string InMethod(string body, string signature = "public async Task RunAsync(CancellationToken stop)") => WithMembers(
        $$"""
        {{signature}}
        {
        {{TimeoutCode.Indented(body, 4)}}
        }
        """);

    public static string WithMembers(string members) => $$"""
        #pragma warning disable OCG1001, OCG1002, OCG1006, OCG1007 // judged by other tests
        class Agent
        {
            private const string Url = "http://127.0.0.1:18789/v1/chat/completions";
            private readonly Uri _uri = new("ws://127.0.0.1:18789/");

        {{TimeoutCode.Indented(members, 4)}}

            static void Main() { }
        }
        """;
}
