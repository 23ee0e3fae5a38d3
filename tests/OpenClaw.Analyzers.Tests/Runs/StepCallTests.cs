using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>How a turn becomes a step: tokens, arguments, names, trivia.</summary>
public sealed class StepCallTests
{
    [Fact]
    public Task ConfigureAwait_stays_and_covers_what_is_added() => FixedAsync(
        """
        string last = topic;
        for (int i = 0; i < 10; i++)
        {
            last = await {|OCG1301:AskAsync|}(last, cancellationToken).ConfigureAwait(false);
        }

        return last;
        """,
        """
        string last = topic;
        AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken).ConfigureAwait(false);
        await using var runScope = run.ConfigureAwait(false);
        for (int i = 0; i < 10; i++)
        {
            last = await run.StepAsync("last", (_, ct) => AskAsync(last, ct), cancellationToken).ConfigureAwait(false);
        }

        await run.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return last;
        """);

    [Theory]
    [InlineData("AskAsync(last)", "(_, _) => AskAsync(last), cancellationToken")]
    [InlineData("AskAsync(last, CancellationToken.None)", "(_, ct) => AskAsync(last, ct)")]
    [InlineData("AskAsync(last, default)", "(_, ct) => AskAsync(last, ct)")]
    [InlineData("AskAsync(last, _stop.Token)", "(_, ct) => AskAsync(last, ct), _stop.Token")]
    [InlineData("AskAsync(cancellationToken: cancellationToken, question: last)", "(_, ct) => AskAsync(cancellationToken: ct, question: last), cancellationToken")]
    [InlineData("LaterAsync(last, cancellationToken)", "async (_, ct) => await LaterAsync(last, ct), cancellationToken")]
    [InlineData("AskAsync(Prompt(last), cancellationToken)", "(_, ct) => AskAsync(Prompt(last), ct), cancellationToken")]
    [InlineData("AskAsync(last + nameof(topic), cancellationToken)", "(_, ct) => AskAsync(last + nameof(topic), ct), cancellationToken")]
    public Task The_token_of_the_turn_goes_to_the_step_and_the_steps_token_to_the_turn(string turn, string step)
    {
        const string Members = """
            private readonly CancellationTokenSource _stop = new();
            private async ValueTask<string> LaterAsync(string text, CancellationToken cancellationToken) => await AskAsync(text, cancellationToken);
            private static string Prompt(string text) => "Go on: " + text;
            """;
        string name = turn[..turn.IndexOf('(', StringComparison.Ordinal)];
        return Verifier.FixedAsync(
            AgentCode.InMethod($"string last = topic;\nfor (int i = 0; i < 10; i++)\n{{\n    last = await {{|OCG1301:{name}|}}{turn[name.Length..]};\n}}\n\nreturn last;", members: Members),
            AgentCode.InMethod(
                $$"""
                string last = topic;
                await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
                for (int i = 0; i < 10; i++)
                {
                    last = await run.StepAsync("last", {{step}});
                }

                await run.CompleteAsync(cancellationToken);
                return last;
                """,
                members: Members));
    }

    [Fact]
    public Task The_bound_of_a_single_wait_stays() => FixedAsync(
        """
        string last = topic;
        for (int i = 0; i < 10; i++)
        {
            using var deadline = Deadline.After(TimeSpan.FromMinutes(5), cancellationToken);
            last = await {|OCG1301:AskAsync|}(last, deadline.Token);
        }

        return last;
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int i = 0; i < 10; i++)
        {
            using var deadline = Deadline.After(TimeSpan.FromMinutes(5), cancellationToken);
            last = await run.StepAsync("last", (_, ct) => AskAsync(last, ct), deadline.Token);
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task Comments_and_line_breaks_in_and_around_a_turn_stay() => FixedAsync(
        """
        // The first question.
        string last = topic;

        // Until nothing is left to say.
        while (last != "done")
        {
            /* the model's turn */ last = await {|OCG1301:AskAsync|}(
                last, // what it said before
                cancellationToken); // may take minutes
        }

        // Nothing is left to say.
        return last;
        """,
        """
        // The first question.
        string last = topic;

        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        // Until nothing is left to say.
        while (last != "done")
        {
            /* the model's turn */ last = await run.StepAsync("last", (_, ct) => AskAsync(
                last, // what it said before
                ct), cancellationToken); // may take minutes
        }

        await run.CompleteAsync(cancellationToken);
        // Nothing is left to say.
        return last;
        """);

    [Fact]
    public Task Arguments_with_effects_are_evaluated_before_the_step() => FixedAsync(
        """
        string last = topic;
        int number = 0;
        while (last != "done")
        {
            last = await {|OCG1301:AskAsync|}($"{++number}: {last}", cancellationToken);
        }

        return last;
        """,
        """
        string last = topic;
        int number = 0;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (last != "done")
        {
            var question = $"{++number}: {last}";
            last = await run.StepAsync("last", (_, ct) => AskAsync(question, ct), cancellationToken);
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task Names_that_are_taken_get_a_number() => FixedAsync(
        """
        int run = 0, ct = 0;
        string last = topic;
        while (last != "done")
        {
            last = await {|OCG1301:AskAsync|}(last + run + ct, cancellationToken);
        }

        return last;
        """,
        """
        int run = 0, ct = 0;
        string last = topic;
        await using AgentRun run2 = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (last != "done")
        {
            last = await run2.StepAsync("last", (_, ct2) => AskAsync(last + run + ct, ct2), cancellationToken);
        }

        await run2.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task Members_that_hide_the_types_of_the_runtime_keep_their_meaning() => Verifier.FixedAsync(
        AgentCode.InMethod(
            """
            string last = topic;
            foreach (string part in topic.Split(','))
            {
                last = await {|OCG1301:AskAsync|}(last + part + RunId, cancellationToken);
            }

            return last;
            """,
            members: "public string RunId => \"r\"; public int AgentRun; public void StepName() { }"),
        AgentCode.InMethod(
            """
            string last = topic;
            await using global::OpenClaw.Resilience.AgentRun run = await global::OpenClaw.Resilience.AgentRun.ResumeAsync(global::OpenClaw.Resilience.RunId.From("Researcher.Research", topic, RunId), cancellationToken);
            foreach (string part in topic.Split(','))
            {
                last = await run.StepAsync(global::OpenClaw.Resilience.StepName.ForItem("last", part), (_, ct) => AskAsync(last + part + RunId, ct), cancellationToken);
            }

            await run.CompleteAsync(cancellationToken);
            return last;
            """,
            members: "public string RunId => \"r\"; public int AgentRun; public void StepName() { }"));

    [Fact]
    public Task Before_CSharp_9_a_lambda_has_one_discard_at_most() => Verifier.FixedAsync(
        "using System; using System.Threading; using System.Threading.Tasks;\n" + AgentCode.InMethod("string last = topic;\nwhile (last != \"\")\n{\n    last = await {|OCG1301:AskAsync|}(last);\n}\n\nreturn last;"),
        "using System; using System.Threading; using System.Threading.Tasks;\n" + AgentCode.InMethod(
            """
            string last = topic;
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
            while (last != "")
            {
                last = await run.StepAsync("last", (_, ct) => AskAsync(last), cancellationToken);
            }

            await run.CompleteAsync(cancellationToken);
            return last;
            """),
        LanguageVersion.CSharp8);

    [Fact]
    public Task A_turn_in_the_argument_of_a_turn_becomes_the_step_before_it() => FixedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            string note = await {|OCG1301:AskAsync|}(await AskAsync(part, cancellationToken), cancellationToken);
            notes.Add(note);
        }

        return notes[0];
        """,
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        foreach (string part in topic.Split(','))
        {
            var question = await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(part, ct), cancellationToken);
            string note = await run.StepAsync(StepName.ForItem("note", part), (_, ct) => AskAsync(question, ct), cancellationToken);
            notes.Add(note);
        }

        await run.CompleteAsync(cancellationToken);
        return notes[0];
        """);

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(AgentCode.InMethod(body), AgentCode.InMethod(fixedBody));
}
