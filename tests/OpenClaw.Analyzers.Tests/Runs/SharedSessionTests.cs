using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, Microsoft.CodeAnalysis.Testing.EmptyCodeFixProvider>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1305: one conversation for all who ask a server.</summary>
public sealed class SharedSessionTests
{
    // As much of the web framework as the rule looks at.
    private const string Web =
        """

        namespace Microsoft.AspNetCore.Mvc { public abstract class ControllerBase { } }
        namespace Microsoft.AspNetCore.Components { public abstract class ComponentBase { } }
        namespace Microsoft.AspNetCore.Builder
        {
            public class WebApplication { public IServiceProvider Services => null!; }
            public static class EndpointRouteBuilderExtensions { public static void MapPost(this WebApplication app, string pattern, Delegate handler) { } }
        }
        """;

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_static_history_in_a_controller() => Verifier.ReportedAsync(InController(
        "private static readonly List<ChatMessage> History = new();",
        """
        History.Add(new UserChatMessage(question));
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1305:CompleteChatAsync|}(History, cancellationToken: ct));
        """));

    [Theory]
    [InlineData("History.ToArray()")]
    [InlineData("History.TakeLast(20)")]
    [InlineData("new List<ChatMessage>(History)")]
    public Task A_copy_of_it(string sent) => Verifier.ReportedAsync(InController(
        "private static List<ChatMessage> History { get; } = new();",
        $$"""
        History.Add(new UserChatMessage(question));
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1305:CompleteChatAsync|}({{sent}}, cancellationToken: ct));
        """));

    [Fact]
    public Task A_static_history_that_a_method_is_given() => Verifier.ReportedAsync(InController(
        """
        private static readonly List<ChatMessage> History = new();

        private async Task<string> SendAsync(List<ChatMessage> messages)
            => (await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1305:CompleteChatAsync|}(messages, cancellationToken: ct))).Value.Content[0].Text;
        """,
        """
        History.Add(new UserChatMessage(question));
        var answer = await SendAsync(History);
        """));

    [Theory]
    [InlineData("services.AddSingleton<Conversation>();")]
    [InlineData("services.AddSingleton<IConversation, Conversation>();")]
    [InlineData("services.AddSingleton(new Conversation(null!));")]
    [InlineData("services.AddSingleton<IConversation>(provider => new Conversation(null!));")]
    [InlineData("services.AddSingleton(typeof(IConversation), typeof(Conversation));")]
    public Task The_history_of_a_singleton_that_a_handler_calls(string registration) => Verifier.ReportedAsync(Service(registration, "{|OCG1305:CompleteChatAsync|}"));

    [Theory]
    [InlineData("services.AddScoped<IConversation, Conversation>();")]
    [InlineData("services.AddTransient<Conversation>();")]
    [InlineData("services.AddSingleton<ConversationFactory>();")]
    [InlineData("")]
    public Task An_object_for_each_request_keeps_its_own(string registration) => Verifier.SilentAsync(Service(registration, "CompleteChatAsync"));

    [Fact]
    public Task A_singleton_that_no_handler_calls() => Verifier.SilentAsync(Service("services.AddSingleton<IConversation, Conversation>();", "CompleteChatAsync", route: "Console.WriteLine(conversation);"));

    [Fact]
    public Task A_local_of_the_program_that_a_handler_captures() => Verifier.ReportedAsync(Minimal(
        """
        var history = new List<ChatMessage>();
        app.MapPost("/chat", async (string question) =>
        {
            history.Add(new UserChatMessage(question));
            return await GatewayPipeline.Shared.ExecuteAsync(ct => chat.{|OCG1305:CompleteChatAsync|}(history, cancellationToken: ct));
        });
        """));

    [Fact]
    public Task A_body_that_holds_it() => Verifier.ReportedAsync(Minimal(
        """
        var http = new HttpClient { BaseAddress = new Uri("http://localhost:18789"), Timeout = Timeout.InfiniteTimeSpan };
        List<object> messages = new();
        app.MapPost("/chat", async (string question) =>
        {
            messages.Add(new { role = "user", content = question });
            var body = new { model = "openclaw", messages };
            return await GatewayPipeline.Shared.ExecuteAsync(ct => http.{|OCG1305:PostAsJsonAsync|}("/v1/chat/completions", body, ct));
        });
        """));

    [Fact]
    public Task A_local_of_the_handler() => Verifier.SilentAsync(Minimal(
        """
        app.MapPost("/chat", async (string question) =>
        {
            var history = new List<ChatMessage>();
            history.Add(new UserChatMessage(question));
            return await GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(history, cancellationToken: ct));
        });
        """));

    [Fact]
    public Task A_list_for_each_session() => Verifier.SilentAsync(InController(
        "private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, List<ChatMessage>> Histories = new();",
        """
        List<ChatMessage> history = Histories.GetOrAdd(user, _ => new());
        history.Add(new UserChatMessage(question));
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(history, cancellationToken: ct));
        """));

    [Fact]
    public Task A_static_prompt_that_no_request_adds_to() => Verifier.SilentAsync(InController(
        """
        private static readonly List<ChatMessage> Examples = new();

        static Researcher() => Examples.Add(new SystemChatMessage("Be brief."));
        """,
        "var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(Examples.Append(new UserChatMessage(question)), cancellationToken: ct));"));

    [Theory]
    [InlineData("History.Clear();", "private static readonly List<ChatMessage> History = new();")]
    [InlineData("History = new();", "private static List<ChatMessage> History = new();")]
    [InlineData("", "[ThreadStatic] private static List<ChatMessage> History;")]
    [InlineData("", "private List<ChatMessage> History = new();")]
    public Task A_history_that_each_request_begins_anew(string first, string member) => Verifier.SilentAsync(InController(
        member,
        $"""
        {first}
        History.Add(new UserChatMessage(question));
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(History, cancellationToken: ct));
        """));

    [Theory]
    [InlineData("class Researcher")]
    [InlineData("class Researcher : Microsoft.AspNetCore.Components.ComponentBase")]
    [InlineData("abstract class Researcher : Microsoft.Extensions.Hosting.BackgroundService")]
    public Task A_static_history_where_one_person_talks(string head) => Verifier.SilentAsync(InController(
        "private static readonly List<ChatMessage> History = new();",
        """
        History.Add(new UserChatMessage(question));
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(History, cancellationToken: ct));
        """,
        head));

    [Fact]
    public Task A_constant_session_key_in_a_header() => Verifier.ReportedAsync(Request("\"agent:main:web\"", "{|OCG1305:SendAsync|}"));

    [Fact]
    public Task A_constant_session_key_in_the_headers_of_the_message() => Verifier.ReportedAsync(InController(
        "private readonly HttpClient _http = new() { BaseAddress = new Uri(\"http://localhost:18789\"), Timeout = Timeout.InfiniteTimeSpan };",
        """
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _http.{|OCG1305:SendAsync|}(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Headers = { { "x-openclaw-session-key", "web" } }, Content = JsonContent.Create(question) }, ct));
        """));

    [Theory]
    [InlineData("user")]
    [InlineData("$\"agent:main:{user}\"")]
    public Task A_session_key_that_tells_who_asks(string key) => Verifier.SilentAsync(Request(key, "SendAsync"));

    [Fact]
    public Task A_constant_session_key_of_a_job() => Verifier.SilentAsync(Request("\"agent:main:web\"", "SendAsync", head: "class Researcher"));

    [Theory]
    [InlineData("\"all\"", "{|OCG1305:GetResponseAsync|}")]
    [InlineData("user", "GetResponseAsync")]
    [InlineData("null", "GetResponseAsync")]
    public Task A_constant_conversation_in_the_options(string id, string call) => Verifier.ReportedAsync(InController(
        "private readonly Microsoft.Extensions.AI.IChatClient _client = null!;",
        $$"""
        var options = new Microsoft.Extensions.AI.ChatOptions { ConversationId = {{id}} };
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => Microsoft.Extensions.AI.ChatClientExtensions.{{call}}(_client, question, options, ct));
        """));

    [Theory]
    [InlineData("openclaw", "\"all\"", "{|OCG1305:CompleteChatAsync|}")]
    [InlineData("openclaw", "user", "CompleteChatAsync")]
    [InlineData("gpt-4o", "\"all\"", "CompleteChatAsync")] // a provider keeps no session by it
    public Task A_constant_end_user_at_a_gateway(string model, string id, string call) => Verifier.ReportedAsync(InController(
        $$"""
        private readonly ChatClient _gateway = new(
            "{{model}}",
            new System.ClientModel.ApiKeyCredential(Environment.GetEnvironmentVariable("KEY")!),
            new OpenAI.OpenAIClientOptions { Endpoint = new Uri("{{(model == "openclaw" ? "http://localhost:18789/v1" : "https://api.openai.com/v1")}}"), NetworkTimeout = Timeout.InfiniteTimeSpan, RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });
        """,
        $$"""
        var options = new ChatCompletionOptions { EndUserId = {{id}} };
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _gateway.{{call}}(new ChatMessage[] { new UserChatMessage(question) }, options, ct));
        """));

    private static string InController(string members, string body, string head = "class Researcher : Microsoft.AspNetCore.Mvc.ControllerBase")
        => AgentCode.InMethod(body, "public async Task ChatAsync(string user, string question)", members, Web, head);

    private static string Request(string key, string call, string head = "class Researcher : Microsoft.AspNetCore.Mvc.ControllerBase") => InController(
        "private readonly HttpClient _http = new() { BaseAddress = new Uri(\"http://localhost:18789\"), Timeout = Timeout.InfiniteTimeSpan };",
        $$"""
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = JsonContent.Create(question) };
        request.Headers.Add("x-openclaw-session-key", {{key}});
        var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _http.{{call}}(request, ct));
        """,
        head);

    private static string Minimal(string body) => AgentCode.InMethod(
        "var chat = _chat;\n" + body, "public void Map(Microsoft.AspNetCore.Builder.WebApplication app)", types: Web).Replace("using OpenAI.Chat;", "using Microsoft.AspNetCore.Builder;\nusing OpenAI.Chat;", StringComparison.Ordinal);

    private static string Service(string registration, string call, string? route = null) => $$"""
        using Microsoft.AspNetCore.Builder;
        using Microsoft.Extensions.DependencyInjection;
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        interface IConversation { Task<string> AskAsync(string question); }

        class ConversationFactory { public Conversation Create() => new(null!); }

        class Conversation : IConversation
        {
            private readonly ChatClient _chat;
            private readonly List<ChatMessage> _history = new();

            public Conversation(ChatClient chat) => _chat = chat;

            public async Task<string> AskAsync(string question)
            {
                _history.Add(new UserChatMessage(question));
                var answer = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{{call}}(_history, cancellationToken: ct));
                return answer.Value.Content[0].Text;
            }
        }

        static class Program
        {
            static void Main() { }

            static void Configure(IServiceCollection services)
            {
                {{registration}}
            }

            static void Map(WebApplication app, IConversation conversation)
            {
                {{route ?? "app.MapPost(\"/chat\", async (string question) => await conversation.AskAsync(question));"}}
            }
        }
        {{Web}}
        """;
}
