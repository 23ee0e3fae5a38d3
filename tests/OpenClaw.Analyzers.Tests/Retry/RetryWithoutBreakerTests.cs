using System.Collections.Immutable;
using Microsoft.CodeAnalysis.CodeFixes;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.Tests.Retry.NoFixForMissingBreaker>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Retries that no circuit breaker stops.</summary>
public sealed class RetryWithoutBreakerTests
{
    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("await Task.Delay(100 << attempt, token);")]
    [InlineData("await OpenClaw.Resilience.Backoff.DelayAsync(attempt, token);")]
    public Task A_loop_without_one_is_reported(string wait) => Verifier.ReportedAsync(RetryCode.InMethod(Loop("{|OCG1110:for|}", wait)));

    [Theory]
    [InlineData("await Task.Delay(100, token);")]
    [InlineData("_log.LogWarning(\"again\");")]
    [InlineData("_ = _circuitIsOpen; await Task.Delay(100 << attempt, token);")]
    public Task A_loop_with_one_or_with_a_greater_problem_is_silent(string wait)
        => Verifier.SilentAsync(RetryCode.InMethod(Loop("for", wait), members: wait.Contains("Open", StringComparison.Ordinal) ? "private readonly bool _circuitIsOpen = false;\n" : "")
            .Replace("_circuitIsOpen", "_isCircuitOpen", StringComparison.Ordinal));

    [Fact]
    public Task A_loop_inside_of_a_pipeline_is_silent() => Verifier.SilentAsync(RetryCode.InMethod(
        $$"""
        return await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(async ct =>
        {
            {{Loop("for", "await Task.Delay(100 << attempt, token);")}}
        }, token);
        """));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1110:WaitAndRetryAsync|}(3, attempt => TimeSpan.FromSeconds(attempt)).ExecuteAsync(() => _chat.CompleteChatAsync(text))")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1110:AddRetry|}(new RetryStrategyOptions { BackoffType = DelayBackoffType.Linear }).Build().ExecuteAsync(async ct => await _chat.CompleteChatAsync(text))")]
    public Task A_policy_without_one_is_reported(string execution) => Verifier.ReportedAsync(Policies(execution));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().RetryAsync(3).ExecuteAsync(() => _chat.CompleteChatAsync(text))")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { BackoffType = DelayBackoffType.Linear }).AddCircuitBreaker(new Polly.CircuitBreaker.CircuitBreakerStrategyOptions()).Build().ExecuteAsync(async ct => await _chat.CompleteChatAsync(text))")]
    public Task A_policy_with_one_or_with_a_greater_problem_is_silent(string execution) => Verifier.SilentAsync(Policies(execution));

    private static string Loop(string keyword, string wait) => $$"""
        {{keyword}} (int attempt = 0; attempt < 5; attempt++)
        {
            try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
            catch (ClientResultException) { {{wait}} }
        }

        return "";
        """;

    private static string Policies(string execution) => RetryCode.WithPolly($"public async Task<string> AskAsync(string text) => (await {execution}).Value.Content[0].Text;");
}

/// <summary>Says which rule the tests are about; the rule has no fix.</summary>
internal sealed class NoFixForMissingBreaker : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["OCG1110"];

    public override FixAllProvider? GetFixAllProvider() => null;

    public override Task RegisterCodeFixesAsync(CodeFixContext context) => Task.CompletedTask;
}
