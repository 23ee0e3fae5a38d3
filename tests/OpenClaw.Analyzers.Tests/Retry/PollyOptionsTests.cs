using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>The retry options of Polly 8.</summary>
public sealed class PollyOptionsTests
{
    private const string Grown = "BackoffType = DelayBackoffType.Exponential, UseJitter = true";
    private const string Call = "_chat.CompleteChatAsync(new ChatMessage[] { text }, cancellationToken: ct)";
    private const string Short = "MaxDelay = TimeSpan.FromSeconds(30)";

    [Theory]
    [InlineData("new RetryStrategyOptions()", $"new RetryStrategyOptions() {{ {Grown}, {Short} }}")]
    [InlineData("new RetryStrategyOptions { }", $"new RetryStrategyOptions {{ {Grown}, {Short} }}")]
    [InlineData("new()", $"new() {{ {Grown}, {Short} }}")]
    [InlineData("new RetryStrategyOptions { MaxRetryAttempts = 5 }", $"new RetryStrategyOptions {{ MaxRetryAttempts = 5, {Grown}, {Short} }}")]
    [InlineData("new RetryStrategyOptions { Delay = TimeSpan.Zero }", $"new RetryStrategyOptions {{ Delay = TimeSpan.FromSeconds(1), {Grown}, {Short} }}")]
    [InlineData("new RetryStrategyOptions { Delay = TimeSpan.Zero, BackoffType = DelayBackoffType.Exponential }", "new RetryStrategyOptions { Delay = TimeSpan.FromSeconds(1), BackoffType = DelayBackoffType.Exponential, UseJitter = true, MaxDelay = TimeSpan.FromSeconds(30) }")]
    [InlineData("new RetryStrategyOptions { Delay = TimeSpan.FromSeconds(2), BackoffType = DelayBackoffType.Constant, UseJitter = false }", "new RetryStrategyOptions { Delay = TimeSpan.FromSeconds(2), BackoffType = DelayBackoffType.Exponential, UseJitter = true, MaxDelay = TimeSpan.FromSeconds(30) }")]
    [InlineData("new RetryStrategyOptions { Delay = Pause }", $"new RetryStrategyOptions {{ Delay = Pause, {Grown}, MaxDelay = TimeSpan.FromMinutes(5) }}")]
    [InlineData("new RetryStrategyOptions { Delay = TimeSpan.FromMinutes(1) }", $"new RetryStrategyOptions {{ Delay = TimeSpan.FromMinutes(1), {Grown}, MaxDelay = TimeSpan.FromMinutes(5) }}")]
    [InlineData("new RetryStrategyOptions { MaxDelay = TimeSpan.FromSeconds(7) }", $"new RetryStrategyOptions {{ MaxDelay = TimeSpan.FromSeconds(7), {Grown} }}")]
    public Task Options_get_growth_jitter_and_a_cap(string options, string grown) => Verifier.FixedAsync(Pipeline(options), Pipeline(grown, reported: false));

    [Fact]
    public Task Options_over_several_lines_keep_their_layout_and_comments() => Verifier.FixedAsync(
        Pipeline("""
            new RetryStrategyOptions
                    {
                        ShouldHandle = new PredicateBuilder().Handle<ClientResultException>(), // transport
                        MaxRetryAttempts = 4, // enough
                    }
            """),
        Pipeline(
            """
            new RetryStrategyOptions
                    {
                        ShouldHandle = new PredicateBuilder().Handle<ClientResultException>(), // transport
                        MaxRetryAttempts = 4, // enough
                        BackoffType = DelayBackoffType.Exponential,
                        UseJitter = true,
                        MaxDelay = TimeSpan.FromSeconds(30),
                    }
            """,
            reported: false));

    [Fact]
    public Task Options_in_a_field_are_followed() => Verifier.FixedAsync(
        Held("private readonly RetryStrategyOptions _options = new() { MaxRetryAttempts = 3 };", "{|OCG1101:AddRetry|}"),
        Held($"private readonly RetryStrategyOptions _options = new() {{ MaxRetryAttempts = 3, {Grown}, {Short} }};", "AddRetry"));

    [Fact]
    public Task Options_that_two_pipelines_share_are_fixed_once() => Verifier.FixedAsync(
        Held("private readonly RetryStrategyOptions _options = new();", "{|OCG1101:AddRetry|}(_options).{|OCG1101:AddRetry|}"),
        Held($"private readonly RetryStrategyOptions _options = new() {{ {Grown}, {Short} }};", "AddRetry(_options).AddRetry"),
        remaining: Held($"private readonly RetryStrategyOptions _options = new() {{ {Grown}, {Short} }};", "AddRetry(_options).AddRetry").Replace("CompleteChatAsync", "{|OCG1105:CompleteChatAsync|}"));

    [Theory]
    [InlineData("new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential }")]
    [InlineData("new RetryStrategyOptions { BackoffType = DelayBackoffType.Linear }")]
    [InlineData("new RetryStrategyOptions { BackoffType = Kind }")]
    [InlineData("new RetryStrategyOptions { DelayGenerator = _ => new ValueTask<TimeSpan?>(TimeSpan.FromSeconds(1)) }")]
    [InlineData("new RetryStrategyOptions { MaxRetryAttempts = 1 }")]
    [InlineData("new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<System.Text.Json.JsonException>() }")]
    [InlineData("new GrowingOptions()")]
    [InlineData("Known()")]
    [InlineData("_given")]
    public Task Options_that_grow_or_cannot_be_told_are_silent(string options) => Verifier.SilentAsync(Pipeline(options, reported: false));

    [Theory]
    [InlineData("new RetryStrategyOptions()", DiagnosticSeverity.Info, "always waits the same time")]
    [InlineData("new RetryStrategyOptions { Delay = TimeSpan.Zero }", DiagnosticSeverity.Warning, "does not wait between the attempts")]
    public Task A_constant_wait_of_the_options_is_a_suggestion_and_none_a_warning(string options, DiagnosticSeverity severity, string message)
    {
        var test = new RuleTest<Analyzers.Retry.RetryAnalyzer, CodeFixes.Retry.AddBackoff>
        {
            TestCode = Pipeline(options)
                .Replace("{|OCG1101:", "{|#0:", StringComparison.Ordinal)
                .Replace(Call, $"{{|#1:{Call}|}}", StringComparison.Ordinal),
        };
        test.ExpectedDiagnostics.Add(new DiagnosticResult("OCG1101", severity).WithLocation(0).WithLocation(1).WithArguments("ChatClient.CompleteChatAsync", message));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task What_is_set_behind_the_creation_would_win_over_the_fix() => Verifier.NotFixableAsync(RetryCode.WithPolly("""
        public async Task<string> AskAsync(string text)
        {
            var options = new RetryStrategyOptions();
            options.Delay = TimeSpan.Zero;
            ResiliencePipeline pipeline = new ResiliencePipelineBuilder().{|OCG1101:AddRetry|}(options).Build();
            return (await pipeline.ExecuteAsync(async ct => await _chat.CompleteChatAsync(new ChatMessage[] { text }, cancellationToken: ct))).Value.Content[0].Text;
        }
        """));

    [Fact]
    public Task A_pipeline_for_results_is_fixed_as_well() => Verifier.FixedAsync(
        Results("{|OCG1101:AddRetry|}(new RetryStrategyOptions<string> { MaxRetryAttempts = 3 })"),
        Results($"AddRetry(new RetryStrategyOptions<string> {{ MaxRetryAttempts = 3, {Grown}, {Short} }})"));

    [Fact]
    public Task Names_that_are_not_imported_are_imported() => Verifier.FixedAsync(
        Bare("{|OCG1101:AddRetry|}(new Polly.Retry.RetryStrategyOptions())", ""),
        Bare("AddRetry(new Polly.Retry.RetryStrategyOptions() { BackoffType = DelayBackoffType.Exponential, UseJitter = true, MaxDelay = TimeSpan.FromSeconds(30) })", "using System;\n"),
        Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp9);

    [Fact]
    public Task A_pipeline_that_is_registered_for_others_is_silent() => Verifier.SilentAsync(RetryCode.WithPolly("""
        public static void Register(Microsoft.Extensions.DependencyInjection.IServiceCollection services, Action<ResiliencePipelineBuilder> configure)
            => Add(services, builder => builder.AddRetry(new RetryStrategyOptions()));

        private static void Add(Microsoft.Extensions.DependencyInjection.IServiceCollection services, Action<ResiliencePipelineBuilder> configure)
            => configure(new ResiliencePipelineBuilder());
        """));

    private static string Pipeline(string options, bool reported = true) => RetryCode.WithPolly($$"""
        private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
        private readonly RetryStrategyOptions _given = Known();

        private static DelayBackoffType Kind => DelayBackoffType.Exponential;

        public async Task<string> AskAsync(string text)
        {
            ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
                .{{(reported ? "{|OCG1101:AddRetry|}" : "AddRetry")}}({{options}})
                .Build();
            return (await pipeline.ExecuteAsync(async ct => await _chat.CompleteChatAsync(new ChatMessage[] { text }, cancellationToken: ct))).Value.Content[0].Text;
        }

        private static RetryStrategyOptions Known() => throw new NotSupportedException(Pause.ToString());

        private sealed class GrowingOptions : RetryStrategyOptions
        {
            public GrowingOptions() => BackoffType = DelayBackoffType.Exponential;
        }
        """);

    private static string Held(string field, string addRetry) => RetryCode.WithPolly($$"""
        {{field}}

        public async Task<string> AskAsync(string text)
        {
            ResiliencePipeline pipeline = new ResiliencePipelineBuilder().{{addRetry}}(_options).Build();
            return (await pipeline.ExecuteAsync(async ct => await _chat.CompleteChatAsync(new ChatMessage[] { text }, cancellationToken: ct))).Value.Content[0].Text;
        }
        """);

    private static string Results(string addRetry) => RetryCode.WithPolly($$"""
        public async Task<string> AskAsync(string text)
        {
            ResiliencePipeline<string> pipeline = new ResiliencePipelineBuilder<string>().{{addRetry}}.Build();
            return await pipeline.ExecuteAsync(async ct => (await _chat.CompleteChatAsync(new ChatMessage[] { text }, cancellationToken: ct)).Value.Content[0].Text);
        }
        """);

    private static string Bare(string addRetry, string import) => $$"""
        {{import}}using OpenAI.Chat;
        using Polly;

        class Agent
        {
            public static async System.Threading.Tasks.Task AskAsync(ChatClient chat)
            {
                ResiliencePipeline pipeline = new ResiliencePipelineBuilder().{{addRetry}}.Build();
                await pipeline.ExecuteAsync(async ct => await chat.CompleteChatAsync(new ChatMessage[] { "hello" }, cancellationToken: ct));
            }

            static void Main() { }
        }
        """;
}
