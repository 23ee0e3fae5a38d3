using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.SwitchRetryOff>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1004: the client repeats what something else protects.</summary>
public sealed class RepeatedByClientTests
{
    private const string Usings = "using System.ClientModel;\nusing System.ClientModel.Primitives;\nusing OpenAI;\nusing OpenAI.Chat;\nusing OpenClaw.Resilience;";
    private const string Gateway = "new OpenAIClientOptions { Endpoint = new Uri(\"http://127.0.0.1:18789/v1\") }";
    private const string Off = "new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0), Endpoint = new Uri(\"http://127.0.0.1:18789/v1\") }";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Gateway + ")", DiagnosticSeverity.Warning)]
    [InlineData("new OpenAIClient(new ApiKeyCredential(\"k\"), " + Gateway + ").GetChatClient(\"m\")", DiagnosticSeverity.Warning)]
    [InlineData("new ChatClient(\"m\", \"k\")", DiagnosticSeverity.Info)]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { Endpoint = new Uri(\"http://models.internal/v1\") })", DiagnosticSeverity.Info)]
    public Task A_protected_call_of_a_client_that_repeats_is_reported(string client, DiagnosticSeverity severity) => Verifier.ReportedAsync(
        Protected(client, "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|#0:CompleteChatAsync|}(messages, cancellationToken: ct))"),
        new DiagnosticResult("OCG1004", severity).WithLocation(0).WithOptions(DiagnosticOptions.IgnoreAdditionalLocations));

    [Theory]
    [InlineData("Polly.Policy.BulkheadAsync(5).ExecuteAsync(() => _chat.{|OCG1004:CompleteChatAsync|}(messages))")]
    [InlineData("GatewayPipeline.Shared.ExecuteAsync(ct => CoreAsync(messages, ct));\n\nprivate Task CoreAsync(List<ChatMessage> messages, CancellationToken token) => _chat.{|OCG1004:CompleteChatAsync|}(messages, cancellationToken: token)")]
    public Task Whatever_protects_it_does(string call) => Verifier.ReportedAsync(Protected("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Gateway + ")", call));

    [Fact]
    public Task An_abstraction_over_the_client_repeats_as_well() => Verifier.ReportedAsync(
        Protected(
            "new ChatClient(\"m\", \"k\").AsIChatClient()",
            "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1004:GetResponseAsync|}(\"hi\", null, ct))",
            "IChatClient") + Adapter);

    [Theory]
    [InlineData("Anthropic", "AnthropicClient", "new AnthropicClient()", "new AnthropicClient() { MaxRetries = 0 }", "Messages.{|OCG1004:Create|}(null!, ct)")]
    [InlineData("Anthropic", "AnthropicClient", "new AnthropicClient { ApiKey = \"k\" }", "new AnthropicClient { ApiKey = \"k\", MaxRetries = 0 }", "Messages.{|OCG1004:Create|}(null!, ct)")]
    [InlineData("Azure.AI.OpenAI", "OpenAIClient", "new(\"k\", new OpenAIClientOptions())", "new(\"k\", new OpenAIClientOptions() { Retry = { MaxRetries = 0 } })", "{|OCG1004:GetChatCompletionsAsync|}(\"m\", null, ct)")]
    public Task Each_client_is_told_in_its_own_words(string library, string type, string client, string fixedClient, string call)
    {
        string Source(string made, string called) => LibraryCode.InMethod(
            library + " OpenClaw.Resilience",
            $"await GatewayPipeline.Shared.ExecuteAsync(async ct => await _client.{called}, cancellationToken);",
            $"private readonly {type} _client = {made};");
        return Verifier.FixedAsync(Source(client, call), Source(fixedClient, call.Replace("{|OCG1004:", "", StringComparison.Ordinal).Replace("|}", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Anthropic", "AnthropicClient", "new AnthropicClient { MaxRetries = 0 }", "Messages.Create(null!, ct)")]
    [InlineData("Anthropic", "AnthropicClient", "new AnthropicClient { MaxRetries = 5 }", "Messages.Create(null!, ct)")]
    [InlineData("Azure.AI.OpenAI", "OpenAIClient", "new(\"k\", new OpenAIClientOptions { Retry = { MaxRetries = 0 } })", "GetChatCompletionsAsync(\"m\", null, ct)")]
    public Task A_client_that_was_told_is_left_alone(string library, string type, string client, string call) => Verifier.SilentAsync(LibraryCode.InMethod(
        library + " OpenClaw.Resilience",
        $"await GatewayPipeline.Shared.ExecuteAsync(async ct => await _client.{call}, cancellationToken);",
        $"private readonly {type} _client = {client};"));

    [Theory]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Off + ")")]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { Endpoint = new Uri(\"http://127.0.0.1:18789/v1\"), RetryPolicy = new ClientRetryPolicy(2) })")]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), Options())")]
    [InlineData("Made()")]
    [InlineData("new OwnClient()")]
    public Task A_retry_that_is_decided_on_or_out_of_sight_is_left_alone(string client) => Verifier.SilentAsync(Protected(
        client,
        "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct))") + """


        partial class Agent
        {
            private static extern OpenAIClientOptions Options();
            private static extern ChatClient Made();
        }

        class OwnClient : ChatClient { }
        """);

    [Fact]
    public Task A_retry_that_is_set_behind_the_creation_counts() => Verifier.SilentAsync(
        $$"""
        {{Usings}}

        var options = {{Gateway}};
        options.RetryPolicy = new ClientRetryPolicy(0);
        var chat = new ChatClient("m", new ApiKeyCredential("k"), options);
        await GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new List<ChatMessage>(), cancellationToken: ct));
        """);

    [Fact]
    public Task An_unprotected_call_is_another_rules_finding() => Verifier.ReportedAsync(
        Protected("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Gateway + ")", "_chat.{|OCG1001:CompleteChatAsync|}(messages)"));

    [Fact]
    public Task A_retry_with_its_number_in_sight_is_another_rules_finding() => Verifier.ReportedAsync(
        Protected(
            "new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Gateway + ")",
            "Polly.Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt)).ExecuteAsync(() => _chat.{|OCG1105:CompleteChatAsync|}(messages))")
            .Replace("using OpenClaw.Resilience;", "using OpenClaw.Resilience;\nusing Polly;", StringComparison.Ordinal));

    [Theory]
    [InlineData("new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Gateway + ")", "new ChatClient(\"m\", new ApiKeyCredential(\"k\"), " + Off + ")")]
    [InlineData("new ChatClient(\"m\", \"k\")", "new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")]
    [InlineData("new ChatClient(model: \"m\", apiKey: \"k\")", "new ChatClient(model: \"m\", credential: new ApiKeyCredential(\"k\"), options: new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) })")]
    public Task The_creation_says_that_there_is_none(string client, string fixedClient)
    {
        const string Call = "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1004:CompleteChatAsync|}(messages, cancellationToken: ct))";
        return Verifier.FixedAsync(Protected(client, Call), Protected(fixedClient, Call.Replace("{|OCG1004:CompleteChatAsync|}", "CompleteChatAsync", StringComparison.Ordinal)));
    }

    [Fact]
    public Task The_creation_behind_an_abstraction_says_so() => Verifier.FixedAsync(
        Protected("new ChatClient(\"m\", \"k\").AsIChatClient()", "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1004:GetResponseAsync|}(\"hi\", null, ct))", "IChatClient") + Adapter,
        Protected(
            "new ChatClient(\"m\", new ApiKeyCredential(\"k\"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) }).AsIChatClient()",
            "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.GetResponseAsync(\"hi\", null, ct))",
            "IChatClient") + Adapter);

    [Fact]
    public Task Calls_in_several_documents_switch_it_off_once()
    {
        const string Client = "static class Clients { public static readonly ChatClient Chat = new(\"m\", new ApiKeyCredential(\"k\"), OPTIONS); static void Main() { } }";
        const string First = "class First { public Task AskAsync(List<ChatMessage> messages) => GatewayPipeline.Shared.ExecuteAsync(ct => Clients.Chat.{|OCG1004:CompleteChatAsync|}(messages, cancellationToken: ct)); }";
        string Source(string code) => Usings + "\n\n" + code;
        return Verifier.FixedInAllAsync(
            [Source(Client.Replace("OPTIONS", Gateway, StringComparison.Ordinal)), Source(First), Source(First.Replace("First", "Second", StringComparison.Ordinal))],
            [Source(Client.Replace("OPTIONS", Off, StringComparison.Ordinal)), Source(Plain(First)), Source(Plain(First).Replace("First", "Second", StringComparison.Ordinal))]);
    }

    [Theory]
    [InlineData("DateTime.Now.Hour > 12 ? new ChatClient(\"m\", \"k\") : new ChatClient(\"n\", \"k\")")]
    public Task Where_two_creations_are_in_question_nothing_is_offered(string client) => Verifier.NotFixableAsync(
        Protected(client, "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.{|OCG1004:CompleteChatAsync|}(messages, cancellationToken: ct))"));

    private const string Adapter = """


        static class Adapters
        {
            public static extern IChatClient AsIChatClient(this ChatClient client);
        }
        """;

    private static string Plain(string code) => code.Replace("{|OCG1004:CompleteChatAsync|}", "CompleteChatAsync", StringComparison.Ordinal);

    private static string Protected(string client, string call, string type = "ChatClient") => Code.InClass(
        $"private readonly {type} _chat = {client};\n\npublic Task AskAsync(List<OpenAI.Chat.ChatMessage> messages) => {call};",
        type == "IChatClient" ? Usings.Replace("using OpenAI;", "using Microsoft.Extensions.AI;\nusing OpenAI;", StringComparison.Ordinal) : Usings,
        kind: "partial class");
}
