using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>What is a gateway call: clients that are made for it by their symbol, any other by evidence of where it goes.</summary>
public sealed class RecognitionTests
{
    [Theory]
    [InlineData("new OpenAI.Chat.ChatClient(\"m\", \"k\").{|OCG1001:CompleteChat|}(\"hello\");")]
    [InlineData("await new OpenAI.Chat.ChatClient(\"m\", \"k\").{|OCG1001:CompleteChatAsync|}(\"hello\");")]
    [InlineData("await new OpenAI.OpenAIClient(\"k\").GetChatClient(\"m\").{|OCG1001:CompleteChatAsync|}(\"hello\");")]
    [InlineData("await foreach (var update in new OpenAI.Chat.ChatClient(\"m\", \"k\").{|OCG1001:CompleteChatStreamingAsync|}(\"hello\")) { }")]
    [InlineData("await new OpenAI.Embeddings.EmbeddingClient(\"m\", \"k\").{|OCG1001:GenerateEmbeddingAsync|}(\"hello\");")]
    [InlineData("await new OpenAI.Audio.AudioClient(\"m\", \"k\").{|OCG1001:TranscribeAudioAsync|}(\"file\");")]
    [InlineData("await new OpenAI.Images.ImageClient(\"m\", \"k\").{|OCG1001:GenerateImageAsync|}(\"a lobster\");")]
    [InlineData("await new OpenAI.Moderations.ModerationClient(\"m\", \"k\").{|OCG1001:ClassifyTextAsync|}(\"hello\");")]
    public Task A_call_of_an_SDK_client_needs_no_other_evidence(string statement) => Verifier.ReportedAsync(Code.InMethod(statement));

    [Theory]
    [InlineData("IChatClient client", "client.{|OCG1001:GetResponseAsync|}(\"hello\")")]
    [InlineData("IChatClient client", "client.{|OCG1001:GetResponseAsync|}(new List<ChatMessage>())")]
    [InlineData("DelegatingChatClient client", "client.{|OCG1001:GetResponseAsync|}(new List<ChatMessage>())")]
    [InlineData("IEmbeddingGenerator<string, Embedding<float>> client", "client.{|OCG1001:GenerateAsync|}(new[] { \"hello\" })")]
    [InlineData("IEmbeddingGenerator<string, Embedding<float>> client", "client.{|OCG1001:GenerateVectorAsync|}(\"hello\")")]
    public Task A_call_of_the_chat_abstraction_needs_no_other_evidence(string parameter, string call)
        => Verifier.ReportedAsync(Code.InClass($"public Task Ask({parameter}) => {call};", "using Microsoft.Extensions.AI;"));

    [Theory]
    [InlineData("await new OpenAI.Models.OpenAIModelClient(\"k\").GetModelsAsync();")]
    [InlineData("await _http.GetAsync(\"http://box:18789/health\");")]
    [InlineData("await _http.GetStringAsync(\"http://box:18789/readyz?verbose=1\");")]
    [InlineData("await _http.GetAsync(\"http://box:18789/v1/models\");")]
    [InlineData("await _http.GetAsync(\"http://box:11434/api/tags\");")]
    [InlineData("await _http.GetAsync(\"https://generativelanguage.googleapis.com/v1beta/models?key=k\");")]
    [InlineData("await _http.GetStringAsync(\"https://my.openai.azure.com/openai/models?api-version=1\");")]
    public Task A_probe_is_asked_once_by_intention(string statement) => Verifier.SilentAsync(Code.InMethod(statement));

    [Theory]
    [InlineData("TestConnectionAsync")]
    [InlineData("TestGatewayConnection")]
    [InlineData("CheckHealthAsync")]
    [InlineData("HealthCheckAsync")]
    [InlineData("IsAvailableAsync")]
    [InlineData("IsModelServerRunning")]
    [InlineData("PingAsync")]
    [InlineData("ValidateApiKeyAsync")]
    public Task A_function_that_asks_whether_the_other_end_answers_probes_whatever_it_sends(string method) => Verifier.SilentAsync(Code.InClass(
        $$"""
        public async Task<bool> {{method}}(HttpClient http)
        {
            try { return (await http.PostAsync("http://127.0.0.1:18789/v1/chat/completions", null)).IsSuccessStatusCode; }
            catch (HttpRequestException) { return false; }
        }
        """));

    [Theory]
    [InlineData("TestAsync")]
    [InlineData("IssueConnectionAsync")]
    [InlineData("AskHealthAgentAsync")]
    [InlineData("PingedAsync")]
    [InlineData("CheckHealthiestAnswerAsync")]
    [InlineData("ConnectionCheckedAnswerAsync")]
    public Task Other_names_make_no_probe(string method) => Verifier.ReportedAsync(Code.InClass(
        $"public Task {method}() => new HttpClient().{{|OCG1001:PostAsync|}}(\"http://127.0.0.1:18789/v1/chat/completions\", null);"));

    [Theory]
    [InlineData("http://llm.example.com/v1/chat/completions")]
    [InlineData("http://llm.example.com/openai/v1/chat/completions?api-version=1")]
    [InlineData("https://llm.example.com/v1/responses")]
    [InlineData("https://llm.example.com/v1/responses/")]
    [InlineData("https://llm.example.com/V1/Responses#x")]
    [InlineData("https://llm.example.com/v1/embeddings")]
    [InlineData("https://llm.example.com/v1/messages")]
    [InlineData("http://localhost:11434/api/chat")]
    [InlineData("http://localhost:11434/api/generate")]
    [InlineData("http://gw.example.com/tools/invoke")]
    [InlineData("http://gw.example.com/hooks/agent")]
    [InlineData("http://gw.example.com:18789/anything")]
    [InlineData("https://api.openai.com/v1/files")]
    [InlineData("https://api-inference.huggingface.co/models/gpt2")]
    [InlineData("https://router.huggingface.co/hf-inference/models/x")]
    [InlineData("https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation")]
    [InlineData("https://my.openai.azure.com/openai/deployments/x/chat/completions")]
    [InlineData("https://example.com/v1beta/models/gemini:generateContent")]
    [InlineData("v1/chat/completions")]
    public Task A_URL_of_a_gateway_or_a_model_server_is_evidence(string url)
        => Verifier.ReportedAsync(Code.InMethod($"await _http.{{|OCG1001:PostAsync|}}(\"{url}\", null, cancellationToken);"));

    [Theory]
    [InlineData("https://open.example.com/open-apis/im/v1/messages")]
    [InlineData("https://api.example.com/orders")]
    [InlineData("https://gateway.example.com/payments")]
    [InlineData("https://discord.com/api/v10/gateway/bot")]
    [InlineData("https://example.com/blog/v1/chat/completions-explained")]
    [InlineData("https://example.com/?next=/v1/chat/completions")]
    [InlineData("https://example.com/#/v1/responses")]
    [InlineData("https://api.github.com/repos/openclaw/openclaw/releases")]
    [InlineData("https://example.com:18790/anything")]
    [InlineData("https://example.com/18789/anything")]
    [InlineData("https://api.openai.com.example.com/files")]
    [InlineData("https://huggingface.co/gpt2/resolve/main/config.json")]
    [InlineData("https://slack.com/api/chat.postMessage")]
    [InlineData("https://example.com/api/v1/generate")]
    [InlineData("api/chat")]
    [InlineData("/api/generate")]
    public Task Any_other_URL_is_none(string url)
        => Verifier.SilentAsync(Code.InMethod($"await _http.PostAsync(\"{url}\", null, cancellationToken);"));

    [Theory]
    [InlineData("new Uri(\"http://box:18789/x\")")]
    [InlineData("new Uri(new Uri(\"http://box:18789\"), \"/x\")")]
    [InlineData("new UriBuilder(\"http://box\") { Port = 18789 }.Uri")]
    [InlineData("new UriBuilder(\"http\", \"box\", 18789, \"x\").Uri")]
    [InlineData("new UriBuilder(\"http\", \"box\", 18789).ToString()")]
    [InlineData("new UriBuilder(\"http://box/x\") { Path = \"/v1/responses\" }.Uri")]
    [InlineData("new Uri(\"http://box:18789/x\").AbsoluteUri")]
    [InlineData("\"http://\" + Host + \":18789/x\"")]
    [InlineData("$\"http://{Host}:18789/x\"")]
    [InlineData("$\"{Host}/v1/chat/completions\"")]
    [InlineData("Host + Path")]
    [InlineData("Url(\"chat/completions\")")]
    [InlineData("Configured")]
    [InlineData("Environment.GetEnvironmentVariable(\"OPENCLAW_URL\") + \"/x\"")]
    [InlineData("Environment.GetEnvironmentVariable(\"URL\") ?? \"http://box:18789/x\"")]
    [InlineData("messages.Count > 0 ? \"http://box:18789/x\" : \"http://box/x\"")]
    [InlineData("Host.TrimEnd('/') + \"/v1/responses\"")]
    public Task A_URL_is_read_through_what_builds_it(string url) => Verifier.ReportedAsync(Code.InMethod($"await _http.{{|OCG1001:PostAsync|}}({url}, null, cancellationToken);", UrlMembers));

    [Theory]
    [InlineData("new UriBuilder(\"http://box:18789/\") { Port = 8080 }.Uri")]
    [InlineData("new UriBuilder(\"http://box/v1/responses\") { Path = \"/x\" }.Uri")]
    [InlineData("new Uri(\"http://box/x\")")]
    [InlineData("Url(\"orders\")")]
    [InlineData("Host")]
    [InlineData("Environment.GetEnvironmentVariable(\"GATEWAY_URL\") + \"/x\"")]
    [InlineData("string.Format(\"{0}/x\", Host)")]
    public Task A_URL_that_does_not_lead_there_or_cannot_be_read_is_silent(string url) => Verifier.SilentAsync(Code.InMethod($"await _http.PostAsync({url}, null, cancellationToken);", UrlMembers));

    private const string UrlMembers = """
        private const string Path = "/v1/chat/completions";
        private static readonly string Host = Environment.GetEnvironmentVariable("HOST");
        private static readonly Uri Configured = new("http://box:18789/x");

        private static string Url(string path) => $"http://box/v1/{path}";
        """;

    [Theory]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box:18789\") };\nawait http.{|OCG1001:GetStringAsync|}(\"x\");")]
    [InlineData("var http = new HttpClient();\nhttp.BaseAddress = new Uri(\"http://box:18789\");\nawait http.{|OCG1001:GetStringAsync|}(\"x\");")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box/v1/\") };\nawait http.{|OCG1001:PostAsync|}(\"chat/completions\", null);")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://localhost:11434\") };\nawait http.{|OCG1001:PostAsync|}(\"api/chat\", null);")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box\") };\nawait http.{|OCG1001:PostAsync|}(\"v1/chat/completions\", null);")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box:18789\") };\nusing var request = new HttpRequestMessage(HttpMethod.Get, \"x\");\nusing var answer = await http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box\") };\nawait http.PostAsync(\"orders\", null);")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box:18789\") };\nawait _http.GetStringAsync(\"x\");\nConsole.WriteLine(http);")]
    [InlineData("var http = new HttpClient { BaseAddress = new Uri(\"http://box:18789\") };\nawait http.GetStringAsync(\"https://example.com/orders\");")]
    public Task The_base_address_counts_for_relative_URLs_of_its_client(string statements) => Verifier.ReportedAsync(Code.InMethod(statements));

    [Theory]
    [InlineData("using var request = new HttpRequestMessage(HttpMethod.Post, \"http://box:18789/x\");\nusing var answer = await _http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("using var request = new HttpRequestMessage { Method = HttpMethod.Post, RequestUri = new Uri(\"http://box:18789/x\") };\nusing var answer = await _http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("using var request = new HttpRequestMessage();\nrequest.RequestUri = new Uri(\"http://box:18789/x\");\nusing var answer = await _http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("using var request = Request();\nusing var answer = await _http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(new HttpRequestMessage(HttpMethod.Post, new Uri(\"http://box:18789/x\")));")]
    [InlineData("using var request = new HttpRequestMessage(HttpMethod.Post, \"http://box/x\");\nusing var answer = await _http.SendAsync(request);")]
    [InlineData("using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Post, \"http://box/x\"));")]
    public Task The_URL_of_a_message_is_the_one_it_was_made_with(string statements) => Verifier.ReportedAsync(
        Code.InMethod(
            statements,
            """
            private static HttpRequestMessage Request() => new(HttpMethod.Post, "http://box:18789/x");

            private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);
            """));

    [Theory]
    [InlineData("request.Headers.Add(\"x-openclaw-agent-id\", \"main\");\nusing var answer = await _http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("request.Headers.TryAddWithoutValidation(Header, \"main\");\nusing var answer = await _http.{|OCG1001:SendAsync|}(request);")]
    [InlineData("using var answer = await _http.{|OCG1001:SendAsync|}(new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { { \"X-OpenClaw-Agent-Id\", \"main\" } } });\nConsole.WriteLine(request);")]
    [InlineData("request.Headers.Add(\"x-openclaw-agent-id\", \"main\");\nusing var other = new HttpRequestMessage(HttpMethod.Get, Url);\nusing var answer = await _http.SendAsync(other);")]
    [InlineData("request.Headers.Add(\"x-request-id\", \"x-openclaw-agent-id\");\nusing var answer = await _http.SendAsync(request);")]
    [InlineData("Console.WriteLine(\"x-openclaw-agent-id\");\nawait _http.GetStringAsync(\"https://example.com\");\nConsole.WriteLine(request);")]
    public Task A_header_of_the_gateway_on_the_message_is_evidence(string statements) => Verifier.ReportedAsync(
        Code.InMethod(
            "using var request = new HttpRequestMessage(HttpMethod.Get, Url);\n" + statements,
            "private const string Header = \"x-openclaw-session-key\";\n\nprivate static string Url => Environment.GetEnvironmentVariable(\"URL\");"));

    [Fact]
    public Task A_header_of_the_gateway_on_the_client_is_evidence() => Verifier.ReportedAsync(
        Code.InClass(
            """
            private readonly HttpClient _gateway = new();
            private readonly HttpClient _other = new();

            public Agent() => _gateway.DefaultRequestHeaders.Add("x-openclaw-agent-id", "main");

            public Task<string> AskAsync(string path) => _gateway.{|OCG1001:GetStringAsync|}(path);

            public Task<string> OrderAsync(string path) => _other.GetStringAsync(path);
            """,
            ""));

    [Fact]
    public Task A_configuration_key_named_after_the_gateway_is_evidence() => Verifier.ReportedAsync(
        Code.InClass(
            """
            private static readonly HttpClient Http = new();

            public Task<string> AskAsync(IConfiguration settings) => Http.{|OCG1001:GetStringAsync|}(settings["OpenClaw:Url"] + "/x");

            public Task<string> AskTooAsync(IConfiguration settings) => Http.{|OCG1001:GetStringAsync|}(settings.GetSection("openclaw").Value);

            public Task<string> AskAgainAsync(IConfiguration settings) => Http.{|OCG1001:GetStringAsync|}(settings.GetSection("Agents:OpenClaw")["Url"]);

            public Task<string> OrderAsync(IConfiguration settings) => Http.GetStringAsync(settings["Shop:OpenClawlike"] + "/x");
            """,
            "using Microsoft.Extensions.Configuration;"));

    [Fact]
    public Task The_default_of_an_option_is_evidence() => Verifier.ReportedAsync(
        Code.InClass(
            """
            private static readonly HttpClient Http = new();

            public Task<string> AskAsync(Settings settings) => Http.{|OCG1001:GetStringAsync|}(settings.Gateway + "/x");

            public Task<string> OrderAsync(Settings settings) => Http.GetStringAsync(settings.Shop + "/x");

            public class Settings
            {
                public string Gateway { get; set; } = "http://localhost:18789";

                public string Shop { get; set; } = "http://localhost:8080";
            }
            """,
            ""));

    [Theory]
    [InlineData("await {|OCG1001:socket.ConnectAsync|}", "new Uri(\"ws://box:18789\")")]
    [InlineData("await {|OCG1001:socket.ConnectAsync|}", "new UriBuilder(\"http://box:18789\") { Scheme = \"ws\", Path = \"/\" }.Uri")]
    [InlineData("await {|OCG1001:socket.ConnectAsync|}", "new Uri(Environment.GetEnvironmentVariable(\"OPENCLAW_WS\"))")]
    [InlineData("await socket.ConnectAsync", "new Uri(\"wss://stream.example.com/prices\")")]
    [InlineData("await socket.ConnectAsync", "new Uri(Environment.GetEnvironmentVariable(\"GATEWAY_WS\"))")]
    public Task A_socket_goes_where_it_connects(string connect, string address) => Verifier.ReportedAsync(
        Code.InMethod(
            $"using var socket = new ClientWebSocket();\n{connect}({address}, cancellationToken);"
                .Replace("{|OCG1001:socket.ConnectAsync|}", "socket.{|OCG1001:{|OCG1002:ConnectAsync|}|}", StringComparison.Ordinal)));

    [Fact]
    public Task A_type_that_speaks_the_gateways_protocol_connects_to_one() => Verifier.ReportedAsync(
        Code.InClass(
            """
            private const string Method = "chat.send";

            public async Task ConnectAsync(Uri address, CancellationToken token)
            {
                using var socket = new ClientWebSocket();
                await socket.{|OCG1001:{|OCG1002:ConnectAsync|}|}(address, token);
                Console.WriteLine(Method);
            }
            """,
            ""));

    [Theory]
    [InlineData("dynamic any = messages;\nawait _chat.CompleteChatAsync(any);")]
    [InlineData("await CompleteChatAsync(messages);")]
    [InlineData("await GetResponseAsync(\"http://box:18789/v1/responses\");")]
    public Task A_name_that_looks_like_a_call_is_none(string statement) => Verifier.SilentAsync(
        Code.InMethod(
            statement,
            """
            private static Task CompleteChatAsync(List<ChatMessage> messages) => Task.CompletedTask;

            private static Task GetResponseAsync(string url) => Task.CompletedTask;
            """));

    [Fact]
    public Task Broken_code_is_no_reason_to_fail() => Verifier.SilentAsync(
        Code.InMethod("await _chat.CompleteChatAsync({|CS0103:missing|}, {|CS0839:,|} cancellationToken);\nawait _http.GetStringAsync({|CS0103:alsoMissing|} + \"/v1/responses/\");"));
}
