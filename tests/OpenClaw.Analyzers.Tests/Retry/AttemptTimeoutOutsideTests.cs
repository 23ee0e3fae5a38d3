using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.PipelineAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.MoveTimeoutInside>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Where the time limit of a pipeline stands.</summary>
public sealed class AttemptTimeoutOutsideTests
{
    private const string Limit = ".AddTimeout(TimeSpan.FromMinutes(2))";
    private const string Marked = ".{|OCG1111:AddTimeout|}(TimeSpan.FromMinutes(2))";
    private const string Retry = ".AddRetry(new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential })";
    private const string Breaker = ".AddCircuitBreaker(new CircuitBreakerStrategyOptions { MinimumThroughput = 5 })";
    private const string On = "dotnet_diagnostic.OCG1111.severity = suggestion";

    [Theory]
    [InlineData("new ResiliencePipelineBuilder()" + Marked + Retry + ".Build()")]
    [InlineData("new ResiliencePipelineBuilder()" + Marked + Retry + Breaker + ".Build()")]
    [InlineData("new ResiliencePipelineBuilder()" + Breaker + Marked + Retry + ".Build()")]
    public Task The_only_limit_outside_of_the_retry_is_reported(string pipeline) => Verifier.ReportedAsync(Code(pipeline), config: On);

    [Theory]
    [InlineData("new ResiliencePipelineBuilder()" + Retry + Limit + ".Build()")]
    [InlineData("new ResiliencePipelineBuilder()" + Limit + Retry + Limit + ".Build()")]
    [InlineData("new ResiliencePipelineBuilder()" + Limit + Breaker + ".Build()")]
    [InlineData("new ResiliencePipelineBuilder()" + Limit + Retry + ".AddPipeline(ResiliencePipeline.Empty).Build()")]
    [InlineData("Given()" + Limit + Retry + ".Build()")]
    public Task Another_order_and_what_is_out_of_sight_are_silent(string pipeline) => Verifier.SilentAsync(Code(pipeline), config: On);

    [Fact]
    public Task Statements_are_read_in_their_order() => Verifier.ReportedAsync(Statements("builder" + Marked + ";\n        builder" + Retry + ";"), config: On);

    [Theory]
    [InlineData("builder" + Retry + ";\n        builder" + Limit + ";")]
    [InlineData("builder" + Limit + ";\n        if (chat is not null) { builder" + Retry + "; }")]
    public Task Statements_in_another_order_or_under_a_condition_are_silent(string statements) => Verifier.SilentAsync(Statements(statements), config: On);

    [Theory]
    [InlineData("\n        " + Marked + "\n        " + Retry + "\n        .Build()", "\n        " + Retry + "\n        " + Limit + "\n        .Build()")]
    [InlineData(Marked + Retry + Breaker + ".Build()", Retry + Breaker + Limit + ".Build()")]
    public Task The_limit_moves_inside(string chain, string fixedChain)
        => FixedAsync(Code("new ResiliencePipelineBuilder()" + chain), Code("new ResiliencePipelineBuilder()" + fixedChain));

    [Fact]
    public Task Limits_in_statements_and_with_comments_stay() => NotFixedAsync(
        Statements("builder" + Marked + ";\n        builder" + Retry + ";"),
        Code("new ResiliencePipelineBuilder()\n        // All in all.\n        " + Marked + "\n        " + Retry + "\n        .Build()"));

    private static async Task NotFixedAsync(params string[] sources)
    {
        foreach (string source in sources)
        {
            await FixedAsync(source, source);
        }
    }

    private static Task FixedAsync(string source, string fixedSource)
    {
        var test = new RuleTest<Analyzers.Retry.PipelineAnalyzer, CodeFixes.Retry.MoveTimeoutInside> { TestCode = source };
        test.Expect(fixedSource);
        test.TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\n" + On));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Code(string pipeline) => $$"""
        using OpenAI.Chat;
        using Polly;
        using Polly.CircuitBreaker;
        using Polly.Retry;

        class Agent
        {
            private static readonly ResiliencePipeline Pipeline = {{pipeline}};

            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task AskAsync(List<ChatMessage> messages)
                => await Pipeline.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct));

            private static ResiliencePipelineBuilder Given() => Activator.CreateInstance<ResiliencePipelineBuilder>();

            static void Main() { }
        }
        """;

    private static string Statements(string statements) => $$"""
        using OpenAI.Chat;
        using Polly;
        using Polly.Retry;

        class Agent
        {
            private readonly ChatClient _chat;
            private readonly ResiliencePipeline _pipeline;

            public Agent(ChatClient chat)
            {
                _chat = chat;
                var builder = new ResiliencePipelineBuilder();
                {{statements}}
                _pipeline = builder.Build();
            }

            public async Task AskAsync(List<ChatMessage> messages)
                => await _pipeline.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct));

            static void Main() { }
        }
        """;
}
