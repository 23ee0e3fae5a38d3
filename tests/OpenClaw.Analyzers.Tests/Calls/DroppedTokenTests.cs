using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.CallSiteAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.PassToken>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1005: the token of an execution that does not arrive at the call.</summary>
public sealed class DroppedTokenTests
{
    private const string Limited = "private readonly Polly.ResiliencePipeline _limited = new Polly.ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes(5)).Build();";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.{|OCG1005:CompleteChatAsync|}(messages));")]
    [InlineData("await pipeline.ExecuteAsync(_ => _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, {|OCG1005:CancellationToken.None|}), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, cancellationToken: {|OCG1005:default|}), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(async ct => { await Task.Yield(); return await _chat.{|OCG1005:CompleteChatAsync|}(messages); }, cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(delegate(CancellationToken ct) { return _chat.{|OCG1005:CompleteChatAsync|}(messages); }, cancellationToken);")]
    [InlineData("pipeline.Execute(ct => _chat.{|OCG1005:CompleteChat|}(messages), cancellationToken);\nawait Task.Yield();")]
    [InlineData("using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);\nawait pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, {|OCG1005:source.Token|}), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(ct => Task.Run(() => _chat.{|OCG1005:CompleteChatAsync|}(messages), ct), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.{|OCG1005:CompleteChatAsync|}(new UserChatMessage(\"hi\")), cancellationToken);")]
    [InlineData("await foreach (var part in pipeline.ExecuteStreamingAsync(ct => _chat.{|OCG1005:CompleteChatStreamingAsync|}(messages), cancellationToken)) { }")]
    [InlineData("await pipeline.WhenAllAsync(new[] { 1, 2 }, (item, ct) => _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken);")]
    public Task A_call_in_our_pipeline_is_reported(string statement) => Verifier.ReportedAsync(
        InMethod("var pipeline = OpenClaw.Resilience.GatewayPipeline.Shared;\n" + statement));

    [Theory]
    [InlineData("await _limited.ExecuteAsync(async ct => await _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken);")]
    [InlineData("await _limited.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}), cancellationToken);")]
    [InlineData("await _limited.ExecuteAsync(async (state, ct) => await state.{|OCG1005:CompleteChatAsync|}(messages), _chat, cancellationToken);")]
    [InlineData("await _limited.ExecuteAsync(static async (_, _) => await Task.Yield(), 1, cancellationToken);\nawait _limited.ExecuteAsync(async (_, _) => await _chat.{|OCG1005:CompleteChatAsync|}(messages), 1, cancellationToken);")]
    [InlineData("var context = Polly.ResilienceContextPool.Shared.Get(cancellationToken);\nawait _limited.ExecuteAsync(async c => await _chat.CompleteChatAsync(messages, null, {|OCG1005:cancellationToken|}), context);")]
    [InlineData("await Polly.Policy.TimeoutAsync(5).ExecuteAsync(ct => _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken);")]
    public Task A_call_in_a_pipeline_of_Polly_is_reported(string statements) => Verifier.ReportedAsync(InMethod(statements, Limited));

    [Fact]
    public Task A_call_of_a_method_that_makes_the_gateway_call_is_reported() => Verifier.ReportedAsync(InMethod(
        "await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(ct => AskAsync(messages, {|OCG1005:cancellationToken|}), cancellationToken);",
        "private async Task<string> AskAsync(List<ChatMessage> messages, CancellationToken token) => (await _chat.CompleteChatAsync(messages, null, token)).Value.Content[0].Text;"));

    [Fact]
    public Task A_method_of_ones_own_around_a_pipeline_hands_out_a_token_as_well() => Verifier.ReportedAsync(InMethod(
        "await GuardAsync(async ct => await _chat.{|OCG1005:CompleteChatAsync|}(messages), cancellationToken);",
        Limited + "\nprivate async Task GuardAsync(Func<CancellationToken, Task> call, CancellationToken token) => await _limited.ExecuteAsync(async t => await call(t), token);"));

    [Theory]
    [InlineData("await retry.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, null, {|#0:cancellationToken|}), cancellationToken);", DiagnosticSeverity.Info)]
    [InlineData("await retry.ExecuteAsync(async ct => await _chat.{|#0:CompleteChatAsync|}(messages));", DiagnosticSeverity.Info)]
    [InlineData("await retry.ExecuteAsync(async ct => await _chat.{|#0:CompleteChatAsync|}(messages), cancellationToken);", DiagnosticSeverity.Warning)]
    public Task Without_a_time_limit_in_sight_it_matters_only_where_the_callers_token_is_lost(string statement, DiagnosticSeverity severity)
        => Verifier.ReportedAsync(
            InMethod("var retry = new Polly.ResiliencePipelineBuilder().AddRetry(new Polly.Retry.RetryStrategyOptions()).Build();\n" + statement),
            new DiagnosticResult("OCG1005", severity).WithLocation(0));

    [Theory]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct));")]
    [InlineData("await pipeline.ExecuteAsync(cancellationToken => _chat.CompleteChatAsync(messages, null, cancellationToken));")]
    [InlineData("await pipeline.ExecuteAsync(ct => { var token = ct; return _chat.CompleteChatAsync(messages, null, token); });")]
    [InlineData("await pipeline.ExecuteAsync(async ct => { using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, cancellationToken); return await _chat.CompleteChatAsync(messages, null, both.Token); });")]
    [InlineData("await pipeline.ExecuteAsync(async ct => { using var limit = OpenClaw.Resilience.Deadline.After(TimeSpan.FromMinutes(5), ct); return await _chat.CompleteChatAsync(messages, null, limit.Token); });")]
    [InlineData("await pipeline.ExecuteAsync(async ct => { using var own = new CancellationTokenSource(); using var on = ct.Register(own.Cancel); return await _chat.CompleteChatAsync(messages, null, own.Token); });")]
    [InlineData("await pipeline.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, Join(ct)));\nstatic CancellationToken Join(CancellationToken token) => token;")]
    [InlineData("await pipeline.ExecuteAsync(ct => Task.Delay(5));")]
    [InlineData("await pipeline.ExecuteAsync(ct => WithoutTokenAsync());")]
    [InlineData("await pipeline.ExecuteAsync(async ct => await Parallel.ForEachAsync(new[] { 1 }, ct, async (item, token) => await _chat.CompleteChatAsync(messages, null, token)));")]
    [InlineData("await _chat.CompleteChatAsync(messages);")]
    [InlineData("await _limited.ExecuteAsync(async c => await _chat.CompleteChatAsync(messages, null, c.CancellationToken), Polly.ResilienceContextPool.Shared.Get(cancellationToken));")]
    [InlineData("await Polly.Policy.TimeoutAsync(5).ExecuteAsync(() => _chat.CompleteChatAsync(messages));")]
    [InlineData("await pipeline.ExecuteAsync(async ct => await _limited.ExecuteAsync(async t => await _chat.CompleteChatAsync(messages, null, t), ct), cancellationToken);")]
    [InlineData("await foreach (var part in pipeline.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct), cancellationToken)) { }")]
    [InlineData("await pipeline.ExecuteAsync(async ct => { await foreach (var part in _chat.CompleteChatStreamingAsync(messages).WithCancellation(ct)) { } });")]
    public Task A_call_that_gets_the_token_or_takes_none_is_left_alone(string statements) => Verifier.SilentAsync(InMethod(
        "var pipeline = OpenClaw.Resilience.GatewayPipeline.Shared;\n" + statements,
        Limited + "\nprivate async Task WithoutTokenAsync() => await _chat.CompleteChatAsync(new List<ChatMessage>());"));

    [Fact]
    public Task A_delegate_that_nothing_protects_may_have_any_token() => Verifier.SilentAsync(InMethod(
        "await OnceAsync(ct => _chat.CompleteChatAsync(messages), cancellationToken);",
        "private static Task OnceAsync(Func<CancellationToken, Task> call, CancellationToken token) => call(token);"));

    private static string InMethod(string statements, string members = "") => Code.InMethod(statements, members).Replace("using OpenAI.Chat;", "using OpenAI.Chat;\nusing Polly;", StringComparison.Ordinal);
}
