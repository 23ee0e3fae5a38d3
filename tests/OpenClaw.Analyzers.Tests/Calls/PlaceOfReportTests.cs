using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What was wrong or missing on code that nobody here wrote: where a call is judged, and what is taken for its protection.</summary>
public sealed class PlaceOfReportTests
{
    private const string Transport = """
        using Microsoft.Extensions.AI;
        using System.Runtime.CompilerServices;

        class ServerClient : IChatClient
        {
            private readonly HttpClient _http;

            public ServerClient(HttpClient http) => _http = http;

            public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions options = null, CancellationToken token = default)
            {
                BODY
            }

            public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
                IEnumerable<ChatMessage> messages, ChatOptions options = null, [EnumeratorCancellation] CancellationToken token = default)
            {
                await Task.Yield();
                yield break;
            }

            public object GetService(Type type, object key = null) => null;

            public void Dispose() { }
        }

        class Agent
        {
            private readonly IChatClient _chat;

            public Agent(IChatClient chat) => _chat = chat;

            public Task AskAsync() => _chat.CALL("hello");

            static void Main() => new Agent(new ServerClient(new HttpClient())).AskAsync().Wait();
        }
        """;

    private static string OverTransport(string body, string call) => Transport.Replace("BODY", body).Replace("CALL", call);

    [Fact]
    public Task The_transport_of_a_chat_client_leaves_the_place_to_who_asks_it() => Verifier.ReportedAsync(OverTransport(
        "using var answer = await _http.PostAsync(\"http://box:11434/api/chat\", null, token);\n        return new ChatResponse();",
        "{|OCG1001:GetResponseAsync|}"));

    [Theory]
    [InlineData("while (true) { try { using var answer = await _http.PostAsync(\"http://box:11434/api/chat\", null, token); return new ChatResponse(); } catch (IOException) { await Task.Delay(1000); } }")]
    [InlineData("using var answer = await Polly.ResiliencePipeline.Empty.ExecuteAsync(async ct => await _http.PostAsync(\"http://box:11434/api/chat\", null, ct), token);\n        return new ChatResponse();")]
    public Task A_chat_client_that_repeats_by_itself_may_protect_who_asks_it(string body) => Verifier.SilentAsync(OverTransport(body, "GetResponseAsync"));

    [Fact]
    public Task An_adapter_over_something_else_may_be_protected_there() => Verifier.SilentAsync(OverTransport(
            "await Task.Yield();\n        return new ChatResponse();", "GetResponseAsync")
        .Replace("HttpClient _http", "IModel _http").Replace("HttpClient http", "IModel http")
        .Replace("new ServerClient(new HttpClient())", "new ServerClient(null)") + "\n\ninterface IModel { }");

    [Theory]
    [InlineData("new HttpClient(handler)")]
    [InlineData("new HttpClient(new Own())")]
    public Task A_transport_over_a_handler_that_may_retry_is_silent(string client) => Verifier.SilentAsync(
        OverTransport("using var answer = await _http.PostAsync(\"http://box:11434/api/chat\", null, token);\n        return new ChatResponse();", "GetResponseAsync")
            .Replace("static void Main() => new Agent(new ServerClient(new HttpClient())).AskAsync().Wait();",
                $"class Own : DelegatingHandler {{ }}\n\n    static Task RunAsync(HttpMessageHandler handler) => new Agent(new ServerClient({client})).AskAsync();\n\n    static void Main() {{ }}"));

    [Theory]
    [InlineData("Console.ReadLine()")]
    [InlineData("Console.In.ReadLine()")]
    public Task A_loop_that_asks_a_person_does_not_repeat_what_failed(string read) => Verifier.ReportedAsync(Conversation(read, "{|OCG1001:PostAsync|}"));

    [Theory]
    [InlineData("Next()")]
    [InlineData("_lines.ReadLine()")]
    public Task A_loop_that_serves_what_comes_keeps_running(string read) => Verifier.SilentAsync(Conversation(read, "PostAsync"));

    private static string Conversation(string read, string call) => Code.InClass(
        $$"""
        private static readonly HttpClient Http = new();
        private static readonly TextReader _lines = TextReader.Null;

        public static async Task RunAsync()
        {
            while (true)
            {
                string line = {{read}};
                if (line is null)
                {
                    break;
                }

                try
                {
                    using var answer = await Http.{{call}}("http://box:18789/v1/responses", new StringContent(line));
                    Console.WriteLine(answer.StatusCode);
                }
                catch (HttpRequestException failure)
                {
                    Console.WriteLine(failure.Message);
                }
            }
        }

        private static string Next() => "";
        """,
        "");

    [Fact]
    public Task A_client_made_beside_its_protected_registration_is_a_matter_of_that_place() => Verifier.SilentAsync(
        """
        using Microsoft.Extensions.DependencyInjection;

        class Model
        {
            private readonly HttpClient _http;

            public Model(HttpClient http) => _http = http;

            public Task AskAsync() => _http.PostAsync("http://box:11434/api/chat", null);
        }

        static class Program
        {
            static void Main()
            {
                new ServiceCollection().AddHttpClient<Model>().AddStandardResilienceHandler();
                new Model(new HttpClient()).AskAsync().Wait();
            }

            static IHttpClientBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder) => builder;
        }
        """);

    [Theory]
    [InlineData("OpenClawSocket", "address", true)]
    [InlineData("MyOpenClawClient", "new Uri(Environment.GetEnvironmentVariable(\"ADDRESS\"))", true)]
    [InlineData("ChatSocket", "address", false)]
    [InlineData("GatewaySocket", "address", false)]
    [InlineData("OpenClawSocket", "new Uri(\"wss://api.example.com/live\")", false)]
    public Task A_socket_without_an_address_is_the_gateways_where_its_type_is_named_after_it(string type, string address, bool isGateway) => Verifier.ReportedAsync(
        $$"""
        public class {{type}}
        {
            public async Task OpenAsync(Uri address)
            {
                using var limit = new CancellationTokenSource(5000);
                using var socket = new ClientWebSocket();
                await socket.{{(isGateway ? "{|OCG1001:ConnectAsync|}" : "ConnectAsync")}}({{address}}, limit.Token);
            }
        }
        """,
        isLibrary: true);

    [Fact]
    public Task A_method_of_a_test_is_left_alone_before_the_framework_is_restored() => Verifier.SilentAsync(
        """
        class Tests
        {
            [{|CS0246:{|CS0246:Fact|}|}]
            public async Task Ask() => await new HttpClient().GetStringAsync("http://box:18789/x");

            static void Main() { }
        }
        """);
}
