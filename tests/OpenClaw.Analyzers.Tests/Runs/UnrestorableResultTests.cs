using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.Results.StepResultAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.UnwrapResult>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>OCG1308: what a step returns and its checkpoint cannot give back.</summary>
public sealed class UnrestorableResultTests
{
    [Theory]
    [MemberData(nameof(ResultTypes.Lost), MemberType = typeof(ResultTypes))]
    public async Task What_does_not_come_back_is_reported(string type)
    {
        await Verifier.ReportedAsync(Step(type, "{|OCG1308:StepAsync|}"));
        var test = new RuleTest<OpenClaw.Analyzers.Runs.Results.StepResultAnalyzer, Microsoft.CodeAnalysis.Testing.EmptyCodeFixProvider> { TestCode = Step(type, "{|#0:StepAsync|}") };
        string name = type.Replace("System.ClientModel.", "", StringComparison.Ordinal).Replace("OpenAI.Chat.", "", StringComparison.Ordinal);
        test.TestState.ExpectedDiagnostics.Add(new Microsoft.CodeAnalysis.Testing.DiagnosticResult("OCG1308", Microsoft.CodeAnalysis.DiagnosticSeverity.Warning).WithLocation(0)
            .WithMessage($"A step cannot return '{name}': it {ResultTypes.Of(type).Problem}"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(ResultTypes.Kept), MemberType = typeof(ResultTypes))]
    public Task What_comes_back_or_may_is_silent(string type) => Verifier.SilentAsync(Step(type, "StepAsync"));

    [Fact]
    public Task A_type_parameter_is_unknown() => Verifier.SilentAsync(Step("T", "StepAsync", generic: "<T>"));

    [Fact]
    public Task A_contract_of_the_users_own_is_theirs() => Verifier.SilentAsync(Step("WithField", "StepAsync", ", (System.Text.Json.Serialization.Metadata.JsonTypeInfo<WithField>)null!"));

    [Fact]
    public Task Serializer_options_of_the_users_own_may_write_fields() => Verifier.SilentAsync(
        Step("(int, int)", "StepAsync") + "\nclass Options { AgentRunOptions options = new() { SerializerOptions = new System.Text.Json.JsonSerializerOptions { IncludeFields = true } }; }");

    [Fact]
    public Task A_step_of_another_library_is_not_meant() => Verifier.SilentAsync(
        "class Engine { public Task<T> StepAsync<T>(Func<Task<T>> work) => work(); Task Run() => StepAsync(() => Task.FromResult((1, 2))); } static class Program { static void Main() { } }");

    [Theory]
    [InlineData(
        "ChatCompletion answer = await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct));\n        return answer.Content[0].Text;",
        "ChatCompletion answer = await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct)).Value);\n        return answer.Content[0].Text;")]
    [InlineData(
        "var answer = await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct)).ConfigureAwait(false);\n        return answer.Value.Content[0].Text + answer.Value.Model;",
        "var answer = await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct)).Value).ConfigureAwait(false);\n        return answer.Content[0].Text + answer.Model;")]
    [InlineData(
        "ClientResult<ChatCompletion> answer = await run.{|OCG1308:StepAsync|}(\"ask\", async (_, ct) => await chat.CompleteChatAsync(messages, null, ct).ConfigureAwait(false));\n        return answer.Value.Model;",
        "ChatCompletion answer = await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct).ConfigureAwait(false)).Value);\n        return answer.Model;")]
    [InlineData(
        "return (await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct))).Value.Model;",
        "return (await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct)).Value)).Model;")]
    [InlineData(
        "await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct));\n        return \"\";",
        "await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct)).Value);\n        return \"\";")]
    public Task The_value_of_a_wrapper_is_returned_by_the_step(string body, string fixedBody) => Verifier.FixedAsync(Ask(body), Ask(fixedBody));

    [Fact]
    public Task Every_wrapper_is_opened() => Verifier.FixedInAllAsync(
        [Ask("return (await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct))).Value.Model;"), Ask("ChatCompletion answer = await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct));\n        return answer.Model;", "Second", "")],
        [Ask("return (await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct)).Value)).Model;"), Ask("ChatCompletion answer = await run.StepAsync(\"ask\", async (_, ct) => (await chat.CompleteChatAsync(messages, null, ct)).Value);\n        return answer.Model;", "Second", "")]);

    [Theory]
    [InlineData("var answer = await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct)); return answer.Value.Model + answer.GetRawResponse().Status;")]
    [InlineData("var answer = await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct)); return Show(answer);")]
    [InlineData("return Show(await run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct)));")]
    [InlineData("var answer = await run.{|OCG1308:StepAsync|}(\"ask\", async (_, ct) => { return await chat.CompleteChatAsync(messages, null, ct); }); return answer.Value.Model;")]
    [InlineData("var answer = await run.{|OCG1308:StepAsync|}<ClientResult<ChatCompletion>>(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct)); return answer.Value.Model;")]
    [InlineData("var answer = run.{|OCG1308:StepAsync|}(\"ask\", (_, ct) => chat.CompleteChatAsync(messages, null, ct)); return (await answer).Value.Model;")]
    [InlineData("var answer = await run.{|OCG1308:StepAsync|}(\"ask\", (_, _) => Task.FromResult((\"a\", 1))); return answer.Item1;")]
    public Task What_else_is_used_of_a_result_only_the_author_can_store(string body) => Verifier.NotFixableAsync(Ask(body));

    private static string Ask(string body, string agent = "Agent", string rest = "static class Program { static void Main() { } }") => $$"""
        using OpenAI.Chat;
        using OpenClaw.Resilience;
        using System.ClientModel;

        class {{agent}}
        {
            public async Task<string> AskAsync(AgentRun run, ChatClient chat, List<ChatMessage> messages)
            {
                {{body}}
            }

            private static string Show(object value) => value.ToString()!;
        }

        {{rest}}
        """;

    private static string Step(string type, string name, string contract = "", string generic = "") => $$"""
        using System.Text.Json;
        using System.Text.Json.Serialization;
        using OpenAI.Chat;
        using OpenClaw.Resilience;
        using System.ClientModel;

        class Agent
        {
            async Task RunAsync{{generic}}(AgentRun run, Func<Task<{{type}}>> work) => await run.{{name}}("step", (_, _) => work(){{contract}});
        }

        static class Program { static void Main() { } }

        {{ResultTypes.Types}}
        """;
}
