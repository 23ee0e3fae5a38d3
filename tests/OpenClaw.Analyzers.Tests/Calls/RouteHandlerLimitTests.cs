using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>The token of a request says nothing about time, also in a lambda that is mapped to a route.</summary>
public sealed class RouteHandlerLimitTests
{
    private static string Server(string map, string connect = "{|OCG1002:ConnectAsync|}") => $$"""
        #pragma warning disable OCG1001 // judged by other tests
        using Microsoft.AspNetCore.Builder;

        namespace Microsoft.AspNetCore.Builder
        {
            public class WebApplication { public void AddRequestTimeouts() { } }

            public static class EndpointRouteBuilderExtensions { public static void MapPost(this WebApplication app, string pattern, Delegate handler) { } }
        }

        static class Queue
        {
            public static void MapLater(Func<CancellationToken, Task> work) { }
        }

        class Bridge
        {
            public async Task OpenAsync(CancellationToken token)
            {
                using var socket = new ClientWebSocket();
                await socket.{{connect}}(new Uri("ws://127.0.0.1:18789/"), token);
            }
        }

        static class Program
        {
            static void Start(WebApplication app, Bridge bridge)
            {
                {{map}}
            }

            {{(map.Contains("HandleAsync") ? "static Task HandleAsync(Bridge bridge, CancellationToken token) => bridge.OpenAsync(token);" : "")}}

            static void Main() { }
        }
        """;

    [Theory]
    [InlineData("app.MapPost(\"/live\", async (CancellationToken token) => await bridge.OpenAsync(token));")]
    [InlineData("app.MapPost(\"/live\", (CancellationToken token) => bridge.OpenAsync(token));")]
    [InlineData("app.MapPost(\"/live\", HandleAsync);")]
    public Task A_handler_that_only_passes_it_on_is_reported(string map) => Verifier.ReportedAsync(Server(map));

    [Theory]
    [InlineData("app.AddRequestTimeouts();\n        app.MapPost(\"/live\", async (CancellationToken token) => await bridge.OpenAsync(token));")]
    [InlineData("app.MapPost(\"/live\", async (CancellationToken token) => { using var limit = CancellationTokenSource.CreateLinkedTokenSource(token); limit.CancelAfter(1000); await bridge.OpenAsync(limit.Token); });")]
    [InlineData("Queue.MapLater(async token => await bridge.OpenAsync(token));")]
    [InlineData("Queue.MapLater(bridge.OpenAsync);")]
    [InlineData("app.MapPost(\"/live\", HandleAsync); Queue.MapLater(token => HandleAsync(bridge, token));")]
    public Task A_limit_of_the_host_or_a_caller_out_of_sight_is_silent(string map) => Verifier.SilentAsync(Server(map, "ConnectAsync"));
}
