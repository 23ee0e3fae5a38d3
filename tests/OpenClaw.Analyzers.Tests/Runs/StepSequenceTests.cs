using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

public sealed class StepSequenceTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task More_than_five_turns_that_build_on_each_other_are_reported_once() => ReportedAsync(
        """
        string plan = await {|OCG1301:AskAsync|}(topic, cancellationToken);
        string sources = await AskAsync(plan, cancellationToken);
        string facts = await AskAsync(sources, cancellationToken);
        string draft = await AskAsync(facts, cancellationToken);
        string critique = await AskAsync(draft, cancellationToken);
        return await AskAsync(critique, cancellationToken);
        """);

    [Theory]
    [InlineData("_found.Add(await {|OCG1301:AskAsync|}(\"1\")); _found.Add(await AskAsync(\"2\")); _found.Add(await AskAsync(\"3\")); _found.Add(await AskAsync(\"4\")); _found.Add(await AskAsync(\"5\")); _found.Add(await AskAsync(\"6\")); return topic;")]
    [InlineData("try { string a = await {|OCG1301:AskAsync|}(topic); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); return a; } catch (HttpRequestException) { return topic; }")]
    [InlineData("string a = await {|OCG1301:AskAsync|}(topic); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); if (a == \"\") a = await AskAsync(a); return a;")]
    public Task Collected_reassigned_and_conditional_answers_count(string body)
        => ReportedAsync(body, "private readonly List<string> _found = new();");

    [Fact]
    public Task Top_level_statements_are_a_sequence_too() => Verifier.ReportedAsync(
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        var agent = new Agent(new ChatClient("m", "k"));
        string a = await agent.{|OCG1301:AskAsync|}("start");
        a = await agent.AskAsync(a);
        a = await agent.AskAsync(a);
        a = await agent.AskAsync(a);
        a = await agent.AskAsync(a);
        a = await agent.AskAsync(a);
        Console.WriteLine(a);

        class Agent
        {
            private readonly ChatClient _chat;
            public Agent(ChatClient chat) => _chat = chat;
            public Task<string> AskAsync(string question) => GatewayPipeline.Shared.ExecuteAsync(async ct => (await _chat.CompleteChatAsync(question)).Value.Content[0].Text);
        }
        """);

    [Theory]
    [InlineData("string a = await AskAsync(topic); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); return await AskAsync(a);")]
    [InlineData("string a = await AskAsync(topic); a = await AskAsync(a); a = await AskAsync(a); { a = await AskAsync(a); a = await AskAsync(a); } return await AskAsync(a);")]
    public Task Five_turns_in_a_block_are_a_conversation(string body) => SilentAsync(body);

    [Fact]
    public Task How_many_are_too_many_can_be_configured() => Verifier.ReportedAsync(
        AgentCode.InMethod("string a = await {|OCG1301:AskAsync|}(topic); a = await AskAsync(a); return a;"),
        config: "openclaw_step_threshold = 1");

    [Fact]
    public Task Many_turns_within_a_higher_threshold_are_a_conversation() => Verifier.SilentAsync(
        AgentCode.InMethod("string a = await AskAsync(topic); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); a = await AskAsync(a); return a;"),
        config: "openclaw_step_threshold = 6");

    [Fact]
    public Task Answers_that_nothing_uses_are_not_lost() => SilentAsync(
        """
        Console.WriteLine(await AskAsync("1"));
        Console.WriteLine(await AskAsync("2"));
        Console.WriteLine(await AskAsync("3"));
        Console.WriteLine(await AskAsync("4"));
        await AskAsync("5");
        await AskAsync("6");
        return topic;
        """);

    [Fact]
    public Task The_body_of_a_loop_that_is_reported_is_not_reported_again() => ReportedAsync(
        """
        string a = topic;
        while (a != "done")
        {
            a = await {|OCG1301:AskAsync|}(a);
            a = await AskAsync(a);
            a = await AskAsync(a);
            a = await AskAsync(a);
            a = await AskAsync(a);
            a = await AskAsync(a);
        }

        return a;
        """);

    [Fact]
    public Task Turns_that_run_at_once_are_a_fan_out() => SilentAsync(
        """
        Task<string> a = AskAsync("1"), b = AskAsync("2"), c = AskAsync("3");
        Task<string> d = AskAsync("4"), e = AskAsync("5"), f = AskAsync("6");
        string[] all = await Task.WhenAll(a, b, c, d, e, f);
        return all[0];
        """);

    [Fact]
    public Task Reads_and_other_methods_are_no_turns() => SilentAsync(
        """
        string a = await LoadAsync(topic);
        a = await LoadAsync(a);
        a = await LoadAsync(a);
        a = await LoadAsync(a);
        a = await LoadAsync(a);
        a = await LoadAsync(a);
        return await AskAsync(a);
        """,
        "private static Task<string> LoadAsync(string name) => File.ReadAllTextAsync(name);");

    private static Task ReportedAsync(string body, string members = "") => Verifier.ReportedAsync(AgentCode.InMethod(body, members: members));

    private static Task SilentAsync(string body, string members = "") => Verifier.SilentAsync(AgentCode.InMethod(body, members: members));
}
