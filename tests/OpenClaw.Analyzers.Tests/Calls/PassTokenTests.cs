using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.CallSiteAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.PassToken>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1005 mended: the call gets the execution's token, and the execution the caller's.</summary>
public sealed class PassTokenTests
{
    private const string Pipeline = "GatewayPipeline.Shared";

    [Theory]
    [InlineData(
        Pipeline + ".ExecuteAsync(ct => _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken)",
        Pipeline + ".ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken)")]
    [InlineData(
        Pipeline + ".ExecuteAsync(_ => _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken)",
        Pipeline + ".ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken)")]
    [InlineData(
        Pipeline + ".ExecuteAsync(attempt => _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}), cancellationToken)",
        Pipeline + ".ExecuteAsync(attempt => _chat.CompleteChatAsync(messages, null, attempt), cancellationToken)")]
    [InlineData(
        Pipeline + ".ExecuteAsync(_ => _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}))",
        Pipeline + ".ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken)")]
    [InlineData(
        Pipeline + ".ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, /* why */ {|OCG1005:CancellationToken.None|}), cancellationToken)",
        Pipeline + ".ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, /* why */ ct), cancellationToken)")]
    [InlineData(
        Pipeline + ".ExecuteAsync(ct => _chat.{|OCG1005:CompleteChatAsync|}(new UserChatMessage(\"hi\")), cancellationToken)",
        Pipeline + ".ExecuteAsync(ct => _chat.CompleteChatAsync(new ChatMessage[] { new UserChatMessage(\"hi\") }, cancellationToken: ct), cancellationToken)")]
    [InlineData(
        Pipeline + ".WhenAllAsync(new[] { 1, 2 }, (_, _) => _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken)",
        Pipeline + ".WhenAllAsync(new[] { 1, 2 }, (_, ct) => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken)")]
    [InlineData(
        "_limited.ExecuteAsync(async c => await _chat.CompleteChatAsync(messages, null, {|OCG1005:default|}), Polly.ResilienceContextPool.Shared.Get(cancellationToken))",
        "_limited.ExecuteAsync(async c => await _chat.CompleteChatAsync(messages, null, c.CancellationToken), Polly.ResilienceContextPool.Shared.Get(cancellationToken))")]
    [InlineData(
        "Polly.Policy.TimeoutAsync(5).ExecuteAsync(async ct => { await _chat.{|OCG1005:CompleteChatAsync|}(messages); await _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}); }, cancellationToken)",
        "Polly.Policy.TimeoutAsync(5).ExecuteAsync(async ct => { await _chat.CompleteChatAsync(messages, cancellationToken: ct); await _chat.CompleteChatAsync(messages, null, ct); }, cancellationToken)")]
    public Task The_token_arrives(string execution, string fixedExecution) => Verifier.FixedAsync(InMethod(execution), InMethod(fixedExecution));

    [Fact]
    public Task A_wrapper_gets_it_in_every_document() => Verifier.FixedInAllAsync(
        [
            InMethod(Pipeline + ".ExecuteAsync(ct => Asker.AskAsync(_chat, messages, {|OCG1005:cancellationToken|}), cancellationToken)"),
            """
            using OpenAI.Chat;

            static class Asker
            {
                public static async Task AskAsync(ChatClient chat, List<ChatMessage> messages, CancellationToken token)
                    => await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(_ => chat.{|OCG1005:CompleteChatAsync|}(messages), token);
            }
            """,
        ],
        [
            InMethod(Pipeline + ".ExecuteAsync(ct => Asker.AskAsync(_chat, messages, ct), cancellationToken)"),
            """
            using OpenAI.Chat;

            static class Asker
            {
                public static async Task AskAsync(ChatClient chat, List<ChatMessage> messages, CancellationToken token)
                    => await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, cancellationToken: ct), token);
            }
            """,
        ]);

    [Theory]
    [InlineData("GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, {|OCG1005:_stop.Token|}), cancellationToken)")]
    [InlineData("GatewayPipeline.Shared.ExecuteAsync(ct => { using var own = new CancellationTokenSource(5000); return _chat.CompleteChatAsync(messages, null, {|OCG1005:own.Token|}); })")]
    [InlineData("_limited.ExecuteAsync(async c => await _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}), Polly.ResilienceContextPool.Shared.Get())")]
    public Task A_token_that_would_be_lost_is_not_replaced(string execution) => Verifier.NotFixableAsync(InMethod(execution));

    private static string InMethod(string execution) => Code.InMethod(
        $"await {execution};",
        """
        private readonly CancellationTokenSource _stop = new();
        private readonly Polly.ResiliencePipeline _limited = new Polly.ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes(5)).Build();
        """,
        fixedCode: true).Replace("using OpenClaw.Resilience;", "using OpenClaw.Resilience;\nusing Polly;", StringComparison.Ordinal);
}
