using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Wrappers that the user did not mark: named after the gateway, and given the name of one of its methods.</summary>
public sealed class OwnWrapperTests
{
    /// <summary>A client of the gateway's protocol as people write it: frames out, replies by id.</summary>
    private static string Client(string type, string members, string wait = "await reply.Task", string callers = "") => $$"""
        using System.Collections.Concurrent;

        class {{type}}
        {
            private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _pending = new();

            public async Task<string> CallAsync(string method, object arguments, CancellationToken token = default)
            {
                var reply = new TaskCompletionSource<string>();
                _pending[Guid.NewGuid().ToString()] = reply;
                await SendFrameAsync(method, arguments, token);
                return {{wait}};
            }

            private Task SendFrameAsync(string method, object arguments, CancellationToken token) => Task.CompletedTask;

        {{members}}
        }

        {{callers}}

        static class Program
        {
            static void Main() { }
        }
        """;

    [Theory]
    [InlineData("chat.send")]
    [InlineData("chat.history")]
    [InlineData("agent")]
    [InlineData("sessions.list")]
    [InlineData("sessions.send")]
    [InlineData("node.invoke")]
    [InlineData("tools.invoke")]
    [InlineData("cron.run")]
    public Task A_method_of_the_gateway_called_through_a_client_named_after_it_is_reported(string method) => Verifier.ReportedAsync(
        Client("OpenClawClient", $"    public Task<string> RunAsync(CancellationToken token) => {{|OCG1001:{{|OCG1002:CallAsync|}}|}}(\"{method}\", null, token);"));

    [Theory]
    [InlineData("chat.send")]
    [InlineData("sessions.list")]
    [InlineData("agent.wait")]
    public Task A_gateway_of_any_make_needs_a_method_that_only_this_one_has(string method) => Verifier.ReportedAsync(
        Client("GatewayClient", $"    public Task<string> RunAsync(CancellationToken token) => {{|OCG1001:{{|OCG1002:CallAsync|}}|}}(\"{method}\", null, token);"));

    [Theory]
    [InlineData("PaymentGateway", "authorize")]
    [InlineData("DiscordGateway", "agent")]
    [InlineData("ApiGatewayClient", "send")]
    [InlineData("ApiGatewayClient", "tools.invoke")]
    [InlineData("SlackClient", "chat.postMessage")]
    [InlineData("SlackClient", "chat.send")]
    [InlineData("OpenClawClient", "my.own.method")]
    [InlineData("OpenClawClient", "health")]
    [InlineData("OpenClawClient", "status")]
    [InlineData("OpenClawClient", "connect")]
    public Task Other_gateways_other_methods_and_probes_are_silent(string type, string method) => Verifier.SilentAsync(
        Client(type, $"    public Task<string> RunAsync(CancellationToken token) => CallAsync(\"{method}\", null, token);", "await reply.Task.WaitAsync(TimeSpan.FromSeconds(30))"));

    [Fact]
    public Task A_constant_says_as_much_as_a_literal() => Verifier.ReportedAsync(
        Client(
            "OpenClawClient",
            """
                private const string ChatSend = "chat.send";

                public Task<string> RunAsync(CancellationToken token) => {|OCG1001:{|OCG1002:CallAsync|}|}(ChatSend, null, token);
            """));

    [Fact]
    public Task Of_a_chain_of_wrappers_the_innermost_call_is_reported_once() => Verifier.ReportedAsync(
        Client(
            "OpenClawClient",
            """
                public Task<string> AskAsync(string method, object arguments) => {|OCG1001:{|OCG1002:CallAsync|}|}(method, arguments);

                public Task<string> ChatAsync(string text) => AskAsync("chat.send", text);

                public Task<string> AgentAsync(string text) => AskAsync("agent", text);

                public Task<string> StatusAsync() => {|OCG1002:CallAsync|}("status", null);
            """,
            "await reply.Task"));

    [Fact]
    public Task A_wrapper_over_a_known_client_leaves_the_place_to_it() => Verifier.ReportedAsync(
        """
        class OpenClawClient
        {
            private readonly HttpClient _http = new();

            public Task<HttpResponseMessage> CallAsync(string method) => _http.{|OCG1001:PostAsync|}("http://box:18789/rpc/" + method, null);

            public Task<HttpResponseMessage> ChatAsync() => CallAsync("chat.send");

            static void Main() { }
        }
        """);

    [Theory]
    [InlineData("OnAsync")]
    [InlineData("HandleAsync")]
    [InlineData("SubscribeAsync")]
    [InlineData("RegisterAsync")]
    [InlineData("DispatchAsync")]
    public Task Who_serves_or_listens_passes_the_name_as_well(string name) => Verifier.SilentAsync(
        $$"""
        class OpenClawServer
        {
            public Task {{name}}(string method, Func<string, Task> handler) => Task.CompletedTask;

            public Task StartAsync() => {{name}}("chat.send", _ => Task.CompletedTask);

            static void Main() { }
        }
        """);

    [Fact]
    public Task A_look_up_by_the_name_is_no_call() => Verifier.SilentAsync(
        """
        class OpenClawScopes
        {
            public string ScopeOf(string method) => method.Length > 4 ? "write" : "read";

            public string Chat() => ScopeOf("chat.send");

            static void Main() { }
        }
        """);

    [Theory]
    [InlineData("await reply.Task.WaitAsync(TimeSpan.FromSeconds(30), token)")]
    [InlineData("await Task.WhenAny(reply.Task, Task.Delay(30_000)) == reply.Task ? reply.Task.Result : null")]
    public Task A_reply_that_the_wrapper_waits_for_only_so_long_is_no_endless_wait(string wait) => Verifier.ReportedAsync(
        Client("OpenClawClient", "    public Task<string> RunAsync(CancellationToken token) => {|OCG1001:CallAsync|}(\"chat.send\", null, token);", wait));

    [Fact]
    public Task A_wrapper_that_retries_inside_is_protected() => Verifier.SilentAsync(
        """
        class OpenClawClient
        {
            public async Task<string> CallAsync(string method)
            {
                for (int attempt = 0; ; attempt++)
                {
                    try
                    {
                        return await SendAsync(method);
                    }
                    catch (IOException) when (attempt < 3)
                    {
                        await Task.Delay(1000 << attempt);
                    }
                }
            }

            private Task<string> SendAsync(string method) => Task.FromResult(method);

            public Task<string> ChatAsync() => CallAsync("chat.send");

            static void Main() { }
        }
        """);

    [Fact]
    public Task A_wrapper_around_a_pipeline_is_protected() => Verifier.SilentAsync(
        """
        class OpenClawClient
        {
            private readonly Polly.ResiliencePipeline _pipeline = Polly.ResiliencePipeline.Empty;

            public async Task<string> CallAsync(string method) => await _pipeline.ExecuteAsync(async token => await SendAsync(method, token));

            private Task<string> SendAsync(string method, CancellationToken token) => Task.FromResult(method);

            public Task<string> ChatAsync() => CallAsync("chat.send");

            static void Main() { }
        }
        """);

    [Fact]
    public Task Callers_that_all_protect_it_are_enough() => Verifier.SilentAsync(
        Client(
            "OpenClawClient",
            "    public Task<string> ChatAsync() => CallAsync(\"chat.send\", null);",
            "await reply.Task.WaitAsync(TimeSpan.FromSeconds(30))",
            """
            class Bot
            {
                public Task<string> RunAsync(OpenClawClient client) => OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => client.ChatAsync());
            }
            """));

    [Fact]
    public Task A_wrapper_behind_an_interface_is_judged_by_what_implements_it() => Verifier.ReportedAsync(
        """
        interface IOpenClawGateway
        {
            Task<string> RequestAsync(string method, CancellationToken token);
        }

        class Simple : IOpenClawGateway
        {
            public Task<string> RequestAsync(string method, CancellationToken token) => Task.FromResult(method);
        }

        class Bot
        {
            private readonly IOpenClawGateway _gateway;

            public Bot(IOpenClawGateway gateway) => _gateway = gateway;

            public Task<string> ChatAsync(CancellationToken token) => _gateway.{|OCG1001:RequestAsync|}("chat.send", token);

            static void Main() { }
        }
        """);

    [Fact]
    public Task The_helper_that_sends_every_message_is_the_place_of_all_of_them() => Verifier.ReportedAsync(
        """
        public sealed class OpenClawHttpClient
        {
            private readonly HttpClient _http;
            private readonly Uri _chat;

            public OpenClawHttpClient(string address, HttpClient http)
            {
                _http = http ?? new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
                _chat = new Uri(new Uri(address), "/v1/chat/completions");
            }

            public async Task<string> ChatAsync(string body, CancellationToken token)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, _chat) { Content = new StringContent(body) };
                return await SendAsync<string>(request, text => text, token);
            }

            private async Task<T> SendAsync<T>(HttpRequestMessage request, Func<string, T> read, CancellationToken token)
            {
                using var response = await _http.{|OCG1001:{|OCG1002:SendAsync|}|}(request, token);
                return read(await response.Content.ReadAsStringAsync(token));
            }
        }
        """,
        isLibrary: true);

    [Fact]
    public Task The_fix_runs_the_wrapper_in_the_pipeline() => Verifier.FixedAsync(
        Client("OpenClawClient", "    public async Task<string> ChatAsync(CancellationToken token) => await {|OCG1001:CallAsync|}(\"chat.send\", null, token);", Bounded),
        Client(
                "OpenClawClient",
                "    public async Task<string> ChatAsync(CancellationToken token) => await GatewayPipeline.Shared.ExecuteAsync(ct => CallAsync(\"chat.send\", null, ct), token);",
                Bounded)
            .Replace("using System.Collections.Concurrent;", "using System.Collections.Concurrent;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task A_stream_that_is_handed_on_cannot_be_fixed() => Verifier.NotFixableAsync(
        """
        class OpenClawClient
        {
            public async IAsyncEnumerable<string> CallAsync(string method)
            {
                await Task.Yield();
                yield return method;
            }

            public IAsyncEnumerable<string> ChatAsync() => {|OCG1001:CallAsync|}("chat.send");

            static void Main() { }
        }
        """);

    private const string Bounded = "await reply.Task.WaitAsync(TimeSpan.FromSeconds(30))";
}
