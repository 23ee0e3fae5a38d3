using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.CodeFixes.Retry;
using OpenClaw.Analyzers.Retry;
using Breaker = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.PipelineAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.KeepPipeline>;
using Handler = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.PipelineAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.ReplaceHedgingHandler>;
using Hedge = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.PipelineAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.TakeHedgingAway>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Breakers that never open and hedges around turns.</summary>
public sealed class PipelineRuleTests
{
    private const string Options = "new CircuitBreakerStrategyOptions { MinimumThroughput = 5 }";
    private const string Ask = "ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct))";
    private const string Ask7 = "ExecuteAsync(() => _chat.CompleteChatAsync(messages))";
    private const string Policy7 = "Policy.Handle<ClientResultException>()";

    [Theory]
    [InlineData("var pipeline = new ResiliencePipelineBuilder().{|OCG1109:AddCircuitBreaker|}(" + Options + ").Build();\nawait pipeline." + Ask + ";")]
    [InlineData("await new ResiliencePipelineBuilder().AddRetry(new()).{|OCG1109:AddCircuitBreaker|}(" + Options + ").Build()." + Ask + ";")]
    [InlineData("var breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30));\nawait breaker." + Ask7 + ";")]
    [InlineData("await " + Policy7 + ".{|OCG1109:AdvancedCircuitBreakerAsync|}(0.5, TimeSpan.FromSeconds(30), 5, TimeSpan.FromSeconds(30))." + Ask7 + ";")]
    [InlineData("foreach (var message in messages) { var breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30)); await breaker." + Ask7 + "; }")]
    [InlineData("var retry = " + Policy7 + ".RetryAsync(3);\nvar breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30));\nawait Policy.WrapAsync(retry, breaker)." + Ask7 + ";")]
    [InlineData("var breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30));\nvar policy = breaker.WrapAsync(" + Policy7 + ".RetryAsync(3));\nawait policy." + Ask7 + ";")]
    public Task A_breaker_for_each_call_is_reported(string body) => Breaker.ReportedAsync(Method(body));

    [Theory]
    [InlineData("await _breaker." + Ask + ";")]
    [InlineData("var breaker = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\nforeach (var message in messages) { await breaker." + Ask7 + "; }")]
    [InlineData("var breaker = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\nawait Task.WhenAll(messages.Select(message => breaker." + Ask7 + "));")]
    [InlineData("var breaker = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\nawait breaker." + Ask7 + ";\nawait breaker." + Ask7 + ";")]
    [InlineData("var breaker = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\nKeep(breaker);")]
    [InlineData("var retry = " + Policy7 + ".RetryAsync(3);\nawait retry." + Ask7 + ";")]
    [InlineData("var breaker = Policy.Handle<IOException>().CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\nawait breaker.ExecuteAsync(() => File.ReadAllTextAsync(\"a\"));")]
    public Task A_breaker_that_lives_on_is_silent(string body) => Breaker.SilentAsync(Method(body));

    [Fact]
    public Task A_breaker_that_a_kept_wrap_holds_is_silent() => Breaker.SilentAsync(Method(
        "var breaker = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\nKeep(Policy.WrapAsync(" + Policy7 + ".RetryAsync(3), breaker));\nawait _breaker." + Ask + ";"));

    [Fact]
    public Task A_breaker_of_the_entry_point_is_silent() => Breaker.SilentAsync($$"""
        using System.ClientModel;
        using OpenAI.Chat;
        using Polly;

        var chat = Activator.CreateInstance<ChatClient>();
        var breaker = {{Policy7}}.CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));
        await breaker.ExecuteAsync(() => chat.CompleteChatAsync("hello"));
        """);

    [Theory]
    [InlineData("new()", true)]
    [InlineData("new CircuitBreakerStrategyOptions { FailureRatio = 0.5 }", true)]
    [InlineData("new CircuitBreakerStrategyOptions { MinimumThroughput = 5 }", false)]
    [InlineData("new CircuitBreakerStrategyOptions { SamplingDuration = TimeSpan.FromMinutes(10) }", false)]
    [InlineData("Given", false)]
    public Task A_breaker_with_the_defaults_is_a_suggestion(string options, bool reported)
    {
        string source = Method("await _own." + Ask + ";", $"private static CircuitBreakerStrategyOptions Given => null!;\n    private readonly ResiliencePipeline _own = new ResiliencePipelineBuilder().{{|#0:AddCircuitBreaker|}}({options}).Build();");
        var test = new RuleTest<PipelineAnalyzer, KeepPipeline> { TestCode = reported ? source : source.Replace("{|#0:AddCircuitBreaker|}", "AddCircuitBreaker") };
        if (reported)
        {
            test.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1109", DiagnosticSeverity.Info)
                .WithLocation(0)
                .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
                .WithArguments("ChatClient.CompleteChatAsync", "by default it looks at failures only where 100 calls were made within 30 seconds"));
        }

        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_breaker_moves_into_a_field() => Breaker.FixedAsync(
        Method("var breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30));\nawait breaker." + Ask7 + ";"),
        Method("await _breaker2." + Ask7 + ";", Field + "\n    private static readonly AsyncCircuitBreakerPolicy _breaker2 = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));"));

    [Fact]
    public Task A_pipeline_that_is_executed_on_the_spot_moves_into_a_field() => Breaker.FixedAsync(
        Method("await new ResiliencePipelineBuilder().{|OCG1109:AddCircuitBreaker|}(" + Options + ").Build()." + Ask + ";"),
        Method("await _pipeline." + Ask + ";", Field + "\n    private static readonly ResiliencePipeline _pipeline = new ResiliencePipelineBuilder().AddCircuitBreaker(" + Options + ").Build();"));

    [Fact]
    public Task Breakers_of_one_name_get_a_field_each() => Breaker.FixedAsync(
        Method("{ var b = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30)); await b." + Ask7 + "; }\n{ var b = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(4, TimeSpan.FromSeconds(30)); await b." + Ask7 + "; }"),
        Method(
            "{ await _b." + Ask7 + "; }\n{ await _b2." + Ask7 + "; }",
            Field + "\n    private static readonly AsyncCircuitBreakerPolicy _b = " + Policy7 + ".CircuitBreakerAsync(3, TimeSpan.FromSeconds(30));\n    private static readonly AsyncCircuitBreakerPolicy _b2 = " + Policy7 + ".CircuitBreakerAsync(4, TimeSpan.FromSeconds(30));"));

    [Theory]
    [InlineData("var breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(messages.Count, TimeSpan.FromSeconds(30));\nawait breaker." + Ask7 + ";")]
    [InlineData("var breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, Pause);\nawait breaker." + Ask7 + ";")]
    [InlineData("// Three.\nvar breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30));\nawait breaker." + Ask7 + ";")]
    [InlineData("var retry = " + Policy7 + ".RetryAsync(3);\nvar breaker = " + Policy7 + ".{|OCG1109:CircuitBreakerAsync|}(3, TimeSpan.FromSeconds(30));\nawait Policy.WrapAsync(retry, breaker)." + Ask7 + ";")]
    public Task A_breaker_of_what_only_the_call_knows_is_not_fixable(string body) => Breaker.NotFixableAsync(Method(body));

    [Fact]
    public Task A_hedge_around_a_turn_is_taken_away() => Hedge.FixedAsync(Hedged("\n        .{|OCG1112:AddHedging|}(new())", "18789"), Hedged("", "18789"));

    [Fact]
    public Task Hedges_of_several_documents_are_taken_away() => Hedge.FixedInAllAsync(
        [Hedged("\n        .{|OCG1112:AddHedging|}(new())", "18789"), Hedged("\n        .{|OCG1112:AddHedging|}(new())", "18789").Replace("Agent", "Other").Replace("static void Main() { }", "")],
        [Hedged("", "18789"), Hedged("", "18789").Replace("Agent", "Other").Replace("static void Main() { }", "")]);

    [Fact]
    public Task A_hedge_whose_comment_would_be_lost_stays() => Hedge.NotFixableAsync(Hedged(" // Be quick.\n        .{|OCG1112:AddHedging|}(new())", "18789"));

    [Fact]
    public Task A_hedge_around_a_model_is_a_suggestion()
    {
        var test = new RuleTest<PipelineAnalyzer, TakeHedgingAway> { TestCode = Hedged("\n        .{|#0:AddHedging|}(new())", "18789").Replace("http://gateway:18789", "https://api.openai.com") };
        test.Expect(Hedged("", "18789").Replace("http://gateway:18789", "https://api.openai.com"));
        test.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1112", DiagnosticSeverity.Info)
            .WithLocation(0)
            .WithOptions(DiagnosticOptions.IgnoreAdditionalLocations)
            .WithArguments("HttpClient.PostAsync", "every slow answer is made and paid for twice"));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task A_hedge_around_a_read_is_silent() => Hedge.SilentAsync(Hedged("\n        .AddHedging(new())", "18789").Replace("/v1/chat/completions", "/v1/embeddings"));

    [Fact]
    public Task A_hedging_handler_becomes_ours() => Handler.FixedAsync(Registered(".{|OCG1112:AddStandardHedgingHandler|}()"), Registered(".AddOpenClawResilience()"));

    [Theory]
    [InlineData(".{|OCG1112:AddStandardHedgingHandler|}(o => { })")]
    [InlineData(".{|OCG1112:AddStandardHedgingHandler|}().Configure(o => { })")]
    [InlineData(".AddResilienceHandler(\"x\", b => b.{|OCG1112:AddHedging|}(new()))")]
    public Task A_hedging_handler_that_is_configured_is_not_fixable(string handler) => Handler.NotFixableAsync(Registered(handler));

    [Fact]
    public Task A_hedging_handler_of_a_client_without_turns_is_silent()
        => Handler.SilentAsync(Registered(".AddStandardHedgingHandler()").Replace("AddHttpClient<Agent>", "AddHttpClient<Other>") + "class Other { }");

    private const string Field = "private static readonly ResiliencePipeline _breaker = new ResiliencePipelineBuilder().AddCircuitBreaker(" + Options + ").Build();";

    private static string Method(string body, string field = Field) => $$"""
        using System.ClientModel;
        using OpenAI.Chat;
        using Polly;
        using Polly.CircuitBreaker;

        class Agent
        {
            private readonly ChatClient _chat;
            {{field}}

            public Agent(ChatClient chat) => _chat = chat;

            private TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

            public async Task AskAsync(List<ChatMessage> messages)
            {
        {{string.Join('\n', body.Split('\n').Select(line => "        " + line))}}
            }

            private static void Keep(object pipeline) => GC.KeepAlive(pipeline);

            static void Main() { }
        }
        """;

    private static string Hedged(string hedge, string port) => $$"""
        using Polly;

        class Agent
        {
            private static readonly ResiliencePipeline<HttpResponseMessage> Pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
                .AddTimeout(TimeSpan.FromMinutes(5)){{hedge.Replace("\n        ", "\n        ")}}
                .Build();

            private readonly HttpClient _http;

            public Agent(HttpClient http) => _http = http;

            public ValueTask<HttpResponseMessage> AskAsync(string text)
                => Pipeline.ExecuteAsync(async ct => await _http.PostAsync("http://gateway:{{port}}/v1/chat/completions", new StringContent(text), ct));

            static void Main() { }
        }
        """;

    private static string Registered(string handler) => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using Polly;

        class Agent
        {
            private readonly HttpClient _http;

            public Agent(HttpClient http) => _http = http;

            public Task<HttpResponseMessage> AskAsync(string text) => _http.PostAsync("http://gateway:18789/v1/chat/completions", new StringContent(text));

            static void Main() => new ServiceCollection().AddHttpClient<Agent>(){{handler}};
        }

        static class Handlers
        {
            public static IHttpClientBuilder AddStandardHedgingHandler(this IHttpClientBuilder builder) => builder;
            public static IHttpClientBuilder AddStandardHedgingHandler(this IHttpClientBuilder builder, Action<object> configure) => builder;
            public static IHttpClientBuilder AddResilienceHandler(this IHttpClientBuilder builder, string name, Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure) => builder;
            public static IHttpClientBuilder Configure(this IHttpClientBuilder builder, Action<object> configure) => builder;
        }

        """;
}
