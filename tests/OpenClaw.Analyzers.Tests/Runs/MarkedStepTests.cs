using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Methods with <c>[AgentStep]</c>: whoever writes that wants them in a run, also a single one.</summary>
public sealed class MarkedStepTests
{
    private const string Members = """
        [AgentStep]
        private Task<string> PlanAsync(string text, CancellationToken cancellationToken = default) => AskAsync(text, cancellationToken);

        [AgentStep]
        private static Task<string> PublishAsync(string text) => Task.FromResult(text);
        """;

    [Fact]
    public Task A_marked_method_outside_of_a_run_is_reported_and_gets_one() => FixedAsync(
        """
        string plan = await {|OCG1301:PlanAsync|}(topic, cancellationToken);
        return plan;
        """,
        """
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        string plan = await run.StepAsync("plan", (_, ct) => PlanAsync(topic, ct), cancellationToken);
        await run.CompleteAsync(cancellationToken);
        return plan;
        """);

    [Fact]
    public Task Marked_methods_of_a_block_make_one_finding_also_without_a_gateway_call_in_sight() => FixedAsync(
        """
        string plan = await {|OCG1301:PlanAsync|}(topic, cancellationToken);
        string link = await PublishAsync(plan);
        return link;
        """,
        """
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        string plan = await run.StepAsync("plan", (_, ct) => PlanAsync(topic, ct), cancellationToken);
        string link = await run.StepAsync("link", (_, _) => PublishAsync(plan), cancellationToken);
        await run.CompleteAsync(cancellationToken);
        return link;
        """);

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++) { await {|OCG1301:PublishAsync|}(topic); } return topic;")]
    [InlineData("foreach (string part in topic.Split(',')) { Console.WriteLine(await {|OCG1301:PublishAsync|}(part)); } return topic;")]
    [InlineData("string last = topic; while (last != \"\") { last = await {|OCG1301:PublishAsync|}(last); } return last;")]
    [InlineData("if (topic != \"\") { return await {|OCG1301:PublishAsync|}(topic); } return topic;")]
    [InlineData("Func<Task> later = async () => { await {|OCG1301:PublishAsync|}(topic); }; await later(); return topic;")]
    public Task One_finding_wherever_it_stands(string body) => Verifier.ReportedAsync(AgentCode.InMethod(body, members: Members));

    [Theory]
    [InlineData("await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"r\", topic)); string plan = await run.StepAsync(\"plan\", (_, ct) => PlanAsync(topic, ct)); await run.CompleteAsync(); return plan;")]
    [InlineData("await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"r\", topic)); string plan = await run.StepAsync(\"plan\", async (_, ct) => { string draft = await PlanAsync(topic, ct); return draft; }); await run.CompleteAsync(); return plan;")]
    [InlineData("Task<string> later = PublishAsync(topic); await Task.WhenAll(later, PublishAsync(topic)); return topic;")]
    [InlineData("string plan = await PublishAsync(topic); await File.WriteAllTextAsync(\"plan\", plan); return plan;")]
    public Task In_a_run_in_a_step_or_with_a_checkpoint_it_is_well(string body) => Verifier.SilentAsync(AgentCode.InMethod(body, members: Members));

    [Theory]
    [InlineData("private")]
    [InlineData("[AgentStep] public")]
    public Task A_method_that_is_marked_itself_or_that_only_steps_call_is_part_of_a_step(string modifiers) => Verifier.SilentAsync(AgentCode.InMethod(
        """
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("r", topic));
        string plan = await run.StepAsync("both", (_, _) => BothAsync(topic));
        await run.CompleteAsync();
        return plan;
        """,
        members: Members + $$"""


        {{modifiers}} async Task<string> BothAsync(string text)
        {
            string plan = await PlanAsync(text);
            return await PublishAsync(plan);
        }
        """));

    [Fact]
    public Task An_attribute_of_another_library_with_that_name_means_nothing() => Verifier.SilentAsync(AgentCode.InMethod(
        "return await DoAsync(topic);",
        members: "[Workflow.AgentStep] private static Task<string> DoAsync(string text) => Task.FromResult(text);",
        types: "namespace Workflow { class AgentStepAttribute : Attribute { } }"));

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(AgentCode.InMethod(body, members: Members), AgentCode.InMethod(fixedBody, members: Members));
}
