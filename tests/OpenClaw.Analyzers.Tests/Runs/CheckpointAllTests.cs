using OpenClaw.Analyzers.CodeFixes.Runs;
using OpenClaw.Analyzers.Runs;
using OpenClaw.Analyzers.Tests.Catalogue;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Several runs at once, and what the fix needs around them: directives, contracts.</summary>
public sealed class CheckpointAllTests
{
    [Fact]
    public Task Each_method_gets_a_run_of_its_own() => Verifier.FixedAsync(
        AgentCode.InMethod(
            Loop("topic", "", "{|OCG1301:AskAsync|}(last, cancellationToken)", ""),
            members: "public async Task<string> PublishAsync(string title)\n{\n    " + Loop("title", "", "{|OCG1301:AskAsync|}(last)", "").Replace("\n", "\n    ", StringComparison.Ordinal) + "\n}"),
        AgentCode.InMethod(
            Loop("topic", Opening("Researcher.Research", "topic", ", cancellationToken"), "run.StepAsync(\"last\", (_, ct) => AskAsync(last, ct), cancellationToken)", "await run.CompleteAsync(cancellationToken);\n"),
            members: "public async Task<string> PublishAsync(string title)\n{\n    " + Loop(
                "title",
                Opening("Researcher.Publish", "title", ""),
                "run.StepAsync(\"last\", (_, _) => AskAsync(last))",
                "await run.CompleteAsync();\n").Replace("\n", "\n    ", StringComparison.Ordinal) + "\n}"));

    [Fact]
    public Task Several_documents_are_fixed_together() => Verifier.FixedInAllAsync(
        [InDocument("A", "", "", "{|OCG1301:AskAsync|}(last)", ""), InDocument("B", "", "", "{|OCG1301:AskAsync|}(last)", ""), Client],
        [
            InDocument("A", "using OpenClaw.Resilience;\n\n", Opening("A.Work", "topic", ""), "run.StepAsync(\"last\", (_, _) => client.AskAsync(last))", "await run.CompleteAsync();\n"),
            InDocument("B", "using OpenClaw.Resilience;\n\n", Opening("B.Work", "topic", ""), "run.StepAsync(\"last\", (_, _) => client.AskAsync(last))", "await run.CompleteAsync();\n"),
            Client,
        ]);

    [Fact]
    public Task The_directive_is_added_among_the_others() => Verifier.FixedInAllAsync(
        [InDocument("A", "using OpenAI.Chat;\nusing Polly;\n\n", "", "{|OCG1301:AskAsync|}(last)", ""), Client],
        [
            InDocument(
                "A",
                "using OpenAI.Chat;\nusing OpenClaw.Resilience;\nusing Polly;\n\n",
                Opening("A.Work", "topic", ""),
                "run.StepAsync(\"last\", (_, _) => client.AskAsync(last))",
                "await run.CompleteAsync();\n"),
            Client,
        ]);

    [Fact]
    public Task A_type_of_the_users_own_with_such_a_name_keeps_its_meaning() => Verifier.FixedInAllAsync(
        [InDocument("A", "", "", "{|OCG1301:AskAsync|}(last)", "") + "class AgentRun { }\n", Client],
        [
            InDocument(
                "A",
                "using OpenClaw.Resilience;\n\n",
                Opening("A.Work", "topic", "").Replace("AgentRun", "global::OpenClaw.Resilience.AgentRun", StringComparison.Ordinal),
                "run.StepAsync(\"last\", (_, _) => client.AskAsync(last))",
                "await run.CompleteAsync();\n") + "class AgentRun { }\n",
            Client,
        ]);

    [Fact]
    public async Task A_program_compiled_ahead_of_time_gets_the_contract_of_its_own_serializer_context()
    {
        const string Context = """

            [System.Text.Json.Serialization.JsonSerializable(typeof(string))]
            class AppJson : System.Text.Json.Serialization.JsonSerializerContext
            {
                public AppJson() : base(null) { }
                public static AppJson Default { get; } = new();
                public System.Text.Json.Serialization.Metadata.JsonTypeInfo<string> String => (System.Text.Json.Serialization.Metadata.JsonTypeInfo<string>)GetTypeInfo(typeof(string))!;
                protected override System.Text.Json.JsonSerializerOptions? GeneratedSerializerOptions => null;
                public override System.Text.Json.Serialization.Metadata.JsonTypeInfo? GetTypeInfo(Type type) => null;
            }
            """;
        await AheadOfTimeAsync(
            AgentCode.InMethod(Loop("topic", "", "{|OCG1301:AskAsync|}(last, cancellationToken)", "")) + Context,
            AgentCode.InMethod(Loop(
                "topic",
                Opening("Researcher.Research", "topic", ", cancellationToken"),
                "run.StepAsync(\"last\", (_, ct) => AskAsync(last, ct), AppJson.Default.String, cancellationToken)",
                "await run.CompleteAsync(cancellationToken);\n")) + Context);
    }

    [Fact]
    public Task Without_a_contract_a_program_compiled_ahead_of_time_cannot_store_the_result()
    {
        string source = AgentCode.InMethod(Loop("topic", "", "{|OCG1301:AskAsync|}(last, cancellationToken)", ""));
        return AheadOfTimeAsync(source, source);
    }

    [Fact]
    public Task The_sample_agent_gets_its_run()
    {
        // The oldest compiler that the rules run on does not know collection expressions.
        string naive = Repository.Read("samples/ResearchAgent/Researcher.cs")
            .Replace("[new UserChatMessage(question)]", "new ChatMessage[] { new UserChatMessage(question) }", StringComparison.Ordinal)
            .Replace("messages =\n        [", "messages =\n        {", StringComparison.Ordinal)
            .Replace("        ];", "        };", StringComparison.Ordinal);
        string settings = Repository.Read("samples/ResearchAgent/AgentSettings.cs");
        const string Call = "string note = await AskAsync(question, cancellationToken);";
        const string Loop = "        for (int step = 1;";
        string source = naive.Replace(Call, Call.Replace("AskAsync", "{|OCG1301:AskAsync|}", StringComparison.Ordinal), StringComparison.Ordinal);
        string expected = naive
            .Replace("using OpenAI.Chat;\n", "using OpenAI.Chat;\nusing OpenClaw.Resilience;\n", StringComparison.Ordinal)
            .Replace(Loop, "        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"ResearchAgent.Researcher.Run\", topic), cancellationToken);\n" + Loop, StringComparison.Ordinal)
            .Replace(Call, "string note = await run.StepAsync(\"note\", (_, ct) => AskAsync(question, ct), cancellationToken);", StringComparison.Ordinal)
            .Replace(
                "        return await SummarizeAsync(topic, notes, cancellationToken);",
                "        var result = await SummarizeAsync(topic, notes, cancellationToken);\n        await run.CompleteAsync(cancellationToken);\n        return result;",
                StringComparison.Ordinal);
        return Verifier.FixedInAllAsync([source, settings, "class Program { static void Main() { } }"], [expected, settings, "class Program { static void Main() { } }"]);
    }

    private static Task AheadOfTimeAsync(string source, string fixedSource)
    {
        var test = new RuleTest<StepAnalyzer, CheckpointSteps> { TestCode = source };
        test.Expect(fixedSource);
        test.TestState.AnalyzerConfigFiles.Add(("/.globalconfig", "is_global = true\nbuild_property.PublishAot = true\n"));
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Opening(string name, string input, string token)
        => $"await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"{name}\", {input}){token});\n";

    private static string Loop(string input, string opening, string turn, string completion)
        => $"string last = {input};\n{opening}while (last != \"done\")\n{{\n    last = await {turn};\n}}\n\n{completion}return last;";

    private const string Client = """
        using OpenAI.Chat;

        class AgentClient
        {
            private readonly ChatClient _chat = new("m", "k");
            public Task<string> AskAsync(string question) => OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(async ct => (await _chat.CompleteChatAsync(question)).Value.Content[0].Text);
            static void Main() { }
        }
        """;

    private static string InDocument(string type, string head, string opening, string turn, string completion)
        => $"{head}class {type}\n{{\n    public async Task<string> WorkAsync(string topic, AgentClient client)\n    {{\n        "
            + Loop("topic", opening, turn.Replace("{|OCG1301:AskAsync|}", "client.{|OCG1301:AskAsync|}", StringComparison.Ordinal), completion).Replace("\n", "\n        ", StringComparison.Ordinal).Replace("\n        \n", "\n\n", StringComparison.Ordinal)
            + "\n    }\n}\n";
}
