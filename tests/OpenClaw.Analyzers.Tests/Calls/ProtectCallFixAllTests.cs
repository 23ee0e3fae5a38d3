using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.CodeFixes.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended in many places at once.</summary>
public sealed class ProtectCallFixAllTests
{
    [Fact]
    public Task A_call_in_an_argument_of_a_call_is_mended_with_it() => Verifier.FixedAsync(
        Code.InMethod("await _chat.{|OCG1001:CompleteChatAsync|}(new ChatMessage[] { (await _chat.{|OCG1001:CompleteChatAsync|}(messages)).Value.Id }, null, cancellationToken);"),
        Code.InMethod(
            """
            var messages2 = new ChatMessage[] { (await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken)).Value.Id };
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, null, ct), cancellationToken);
            """,
            fixedCode: true));

    [Fact]
    public Task A_call_three_levels_deep_is_mended_innermost_first()
    {
        const string Members = "private static ChatMessage[] Read(HttpResponseMessage answer) => new ChatMessage[] { answer.ReasonPhrase };";
        return Verifier.FixedAsync(
            Code.InMethod(
                "await _chat.{|OCG1001:CompleteChatAsync|}(Read(await _http.{|OCG1001:PostAsJsonAsync|}(\"http://box:18789/v1/responses\", await _chat.{|OCG1001:CompleteChatAsync|}(messages))), null, cancellationToken);",
                Members),
            Code.InMethod(
                """
                var value = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);
                var messages2 = Read(await GatewayPipeline.Shared.ExecuteAsync(ct => _http.PostAsJsonAsync("http://box:18789/v1/responses", value, cancellationToken: ct), cancellationToken));
                await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, null, ct), cancellationToken);
                """,
                Members,
                fixedCode: true));
    }

    [Fact]
    public Task Calls_in_the_branches_of_one_expression_are_all_mended() => Verifier.FixedAsync(
        Code.InMethod(
            "var reply = messages.Count > 0 ? await _chat.{|OCG1001:CompleteChatAsync|}(messages) : messages.Count < 0 ? await _chat.{|OCG1001:CompleteChatAsync|}(messages) : await _chat.{|OCG1001:CompleteChatAsync|}(messages);"),
        Code.InMethod(
            "var reply = messages.Count > 0 ? await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken) : messages.Count < 0 ? await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken) : await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);",
            fixedCode: true));

    [Fact]
    public Task What_is_not_fixable_does_not_keep_the_rest_from_being_mended()
    {
        const string NotFixable = "var stream = _chat.{|OCG1001:CompleteChatStreamingAsync|}(messages);\nawait foreach (var update in stream) { }";
        var test = new RuleTest<GatewayCallAnalyzer, ProtectCall>
        {
            TestCode = Code.InMethod($"await _chat.{{|OCG1001:CompleteChatAsync|}}(messages, null, cancellationToken);\n{NotFixable}"),
        };
        test.Expect(Code.InMethod($"await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);\n{NotFixable}", fixedCode: true));
        test.FixedState.MarkupHandling = MarkupMode.Allow;
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task A_chain_of_wrappers_gets_one_pipeline() => Verifier.FixedAsync(
        Code.InClass(
            """
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task<string> AnswerAsync(string text, CancellationToken token) => (await AskAsync(text, token)).Trim();

            private Task<string> AskAsync(string text, CancellationToken token) => CallAsync(new UserChatMessage(text), token);

            private async Task<string> CallAsync(ChatMessage message, CancellationToken token)
            {
                ChatCompletion reply = await _chat.{|OCG1001:CompleteChatAsync|}(new[] { message }, null, token);
                return reply.Content[0].Text;
            }
            """),
        Code.InClass(
            """
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task<string> AnswerAsync(string text, CancellationToken token) => (await AskAsync(text, token)).Trim();

            private Task<string> AskAsync(string text, CancellationToken token) => CallAsync(new UserChatMessage(text), token);

            private async Task<string> CallAsync(ChatMessage message, CancellationToken token)
            {
                ChatCompletion reply = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(new[] { message }, null, ct), token);
                return reply.Content[0].Text;
            }
            """,
            "using OpenAI.Chat;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task Several_documents_are_mended_together()
    {
        const string First = """
            using OpenAI.Chat;

            class Agent
            {
                public Task AskAsync(ChatClient chat, List<ChatMessage> messages) => chat.{|OCG1001:CompleteChatAsync|}(messages);

                static void Main() { }
            }
            """;
        const string Second = """
            class Raw
            {
                private static readonly HttpClient Http = new();

                public Task<string> ReadAsync(CancellationToken token) => Http.{|OCG1001:GetStringAsync|}("http://box:18789/v1/responses/1", token);

                public Task<string> ReadAgainAsync(CancellationToken token) => Http.{|OCG1001:GetStringAsync|}("http://box:18789/v1/responses/2");
            }
            """;
        return Verifier.FixedInAllAsync(
            [First, Second],
            [
                First.Replace("using OpenAI.Chat;", "using OpenAI.Chat;\nusing OpenClaw.Resilience;", StringComparison.Ordinal)
                    .Replace("chat.{|OCG1001:CompleteChatAsync|}(messages)", "GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, cancellationToken: ct))", StringComparison.Ordinal),
                "using OpenClaw.Resilience;\n\n" + Second
                    .Replace("Http.{|OCG1001:GetStringAsync|}(\"http://box:18789/v1/responses/1\", token)", "GatewayPipeline.Shared.ExecuteAsync(ct => Http.GetStringAsync(\"http://box:18789/v1/responses/1\", ct), token)", StringComparison.Ordinal)
                    .Replace("Http.{|OCG1001:GetStringAsync|}(\"http://box:18789/v1/responses/2\")", "GatewayPipeline.Shared.ExecuteAsync(ct => Http.GetStringAsync(\"http://box:18789/v1/responses/2\", ct), token)", StringComparison.Ordinal),
            ]);
    }
}
