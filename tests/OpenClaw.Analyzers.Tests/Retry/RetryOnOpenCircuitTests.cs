using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.LeaveRejections>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Retries around a circuit breaker that repeat what it refuses.</summary>
public sealed class RetryOnOpenCircuitTests
{
    private const string Knocking = "exception => exception is not (OperationCanceledException or BrokenCircuitException) && GatewayFailure.IsTransient(exception)";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData(".{|OCG1106:AddRetry|}(new RetryStrategyOptions()).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    [InlineData(".AddTimeout(TimeSpan.FromMinutes(9)).{|OCG1106:AddRetry|}(new RetryStrategyOptions { MaxRetryAttempts = 5 }).AddTimeout(TimeSpan.FromMinutes(1)).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    [InlineData(".AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().{|OCG1106:Handle|}<Exception>() }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    [InlineData(".AddRetry(new RetryStrategyOptions { ShouldHandle = _ => {|OCG1106:PredicateResult.True()|} }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    public Task A_retry_around_a_breaker_is_reported(string strategies) => Verifier.ReportedAsync(Pipeline(strategies));

    [Theory]
    [InlineData(".AddRetry(new RetryStrategyOptions())")]
    [InlineData(".AddCircuitBreaker(new CircuitBreakerStrategyOptions()).AddRetry(new RetryStrategyOptions())")]
    [InlineData(".AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<ClientResultException>() }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    [InlineData(".AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<Exception>(e => e is not BrokenCircuitException) }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    [InlineData(".AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 1 }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    public Task A_retry_that_lets_refusals_out_is_silent(string strategies) => Verifier.SilentAsync(Pipeline(strategies));

    [Theory]
    [InlineData("_pipeline", "catch ({|OCG1106:Exception|}) { }")]
    [InlineData("_pipeline", "catch (OperationCanceledException) { throw; } catch ({|OCG1106:Exception|}) when (attempt < 3) { }")]
    [InlineData("_pipeline", "{|OCG1106:catch|} { }")]
    [InlineData("OpenClaw.Resilience.GatewayPipeline.Shared", "catch ({|OCG1106:Exception|}) { }")]
    public Task A_loop_around_a_breaker_is_reported(string pipeline, string clauses) => Verifier.ReportedAsync(Loop(pipeline, clauses));

    [Theory]
    [InlineData("_pipeline", "catch (ClientResultException) { }")]
    [InlineData("_pipeline", "catch (BrokenCircuitException) { throw; } catch (Exception) { }")]
    [InlineData("_pipeline", "catch (ExecutionRejectedException) { throw; } catch (Exception) { }")]
    [InlineData("_pipeline", "catch (Exception e) when (e is not BrokenCircuitException) { }")]
    [InlineData("_pipeline", "catch (Exception e) when (OpenClaw.Resilience.GatewayFailure.IsTransient(e)) { }")]
    [InlineData("_plain", "catch (Exception) { }")]
    [InlineData("OpenClaw.Resilience.GatewayPipeline.Shared", "catch (OpenClaw.Resilience.GatewayRejectedException) { throw; } catch (Exception) { }")]
    public Task A_loop_that_lets_refusals_out_is_silent(string pipeline, string clauses) => Verifier.SilentAsync(Loop(pipeline, clauses));

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData(".{|OCG1106:AddRetry|}(new RetryStrategyOptions { UseJitter = true }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())", $".AddRetry(new RetryStrategyOptions {{ UseJitter = true, ShouldHandle = new PredicateBuilder().Handle<Exception>({Knocking}) }}).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    [InlineData(".AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().{|OCG1106:Handle|}<Exception>() }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())", ".AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => exception is not BrokenCircuitException && GatewayFailure.IsTransient(exception)) }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())")]
    public Task Options_let_refusals_out(string strategies, string fixedStrategies) => Verifier.FixedAsync(Pipeline(strategies), Pipeline(fixedStrategies, RetryCode.Import));

    [Theory]
    [InlineData("_pipeline", "BrokenCircuitException", "")]
    [InlineData("OpenClaw.Resilience.GatewayPipeline.Shared", "GatewayRejectedException", RetryCode.Import)]
    public Task A_loop_lets_refusals_out(string pipeline, string rejection, string import) => Verifier.FixedAsync(
        Loop(pipeline, "catch ({|OCG1106:Exception|} e) when (attempt < 3) { await Task.Delay(Random.Shared.Next(100 << attempt), token); }"),
        Loop(pipeline, $"catch (Exception e) when (attempt < 3 && e is not {rejection}) {{ await Task.Delay(Random.Shared.Next(100 << attempt), token); }}", import));

    [Fact]
    public Task A_predicate_of_its_own_is_not_fixable()
        => Verifier.NotFixableAsync(Pipeline(".AddRetry(new RetryStrategyOptions { ShouldHandle = _ => {|OCG1106:PredicateResult.True()|} }).AddCircuitBreaker(new CircuitBreakerStrategyOptions())"));

    [Fact]
    public Task Pipelines_of_several_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [Pipeline(".{|OCG1106:AddRetry|}(new RetryStrategyOptions()).AddCircuitBreaker(new CircuitBreakerStrategyOptions())"), Other(Pipeline(".{|OCG1106:AddRetry|}(new()).AddCircuitBreaker(new CircuitBreakerStrategyOptions())"))],
        [
            Pipeline($".AddRetry(new RetryStrategyOptions() {{ ShouldHandle = new PredicateBuilder().Handle<Exception>({Knocking}) }}).AddCircuitBreaker(new CircuitBreakerStrategyOptions())", RetryCode.Import),
            Other(Pipeline($".AddRetry(new() {{ ShouldHandle = new PredicateBuilder().Handle<Exception>({Knocking}) }}).AddCircuitBreaker(new CircuitBreakerStrategyOptions())", RetryCode.Import)),
        ]);

    private static string Other(string source) => source
        .Replace("class Agent", "class Other", StringComparison.Ordinal)
        .Replace("public Agent", "public Other", StringComparison.Ordinal)
        .Replace("static void Main() { }", "", StringComparison.Ordinal);

    private static string Pipeline(string strategies, string import = "") => WithBreaker(
        $$"""
        public async Task AskAsync(string text)
            => await new ResiliencePipelineBuilder(){{strategies}}.Build().ExecuteAsync(async ct => await _chat.CompleteChatAsync(text));
        """,
        import);

    private static string Loop(string pipeline, string clauses, string import = "") => WithBreaker(
        $$"""
        private static readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder().AddCircuitBreaker(new CircuitBreakerStrategyOptions()).Build();
        private static readonly ResiliencePipeline _plain = new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes(1)).Build();

        public async Task<string> AskAsync(ChatMessage[] messages, CancellationToken token)
        {
            for (int attempt = 0; attempt < 9; attempt++)
            {
                try { return (await {{pipeline}}.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct), token)).Value.Content[0].Text; }
                {{clauses}}
            }

            return _plain.ToString() + _pipeline;
        }
        """,
        import);

    private static string WithBreaker(string members, string import) => RetryCode.WithPolly(members, import).Replace("using Polly.Retry;", "using Polly.CircuitBreaker;\nusing Polly.Retry;", StringComparison.Ordinal);
}
