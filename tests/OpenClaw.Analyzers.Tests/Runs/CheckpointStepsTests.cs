using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Runs.StepAnalyzer, OpenClaw.Analyzers.CodeFixes.Runs.CheckpointSteps>;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Where the run is opened and completed.</summary>
public sealed class CheckpointStepsTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_loop_becomes_a_run_of_steps() => FixedAsync(
        """
        var notes = new List<string>();
        for (int step = 1; step <= 10; step++)
        {
            // What one step finds is where the next one starts.
            string question = $"{topic} {step} {notes.LastOrDefault()}";
            string note = await {|OCG1301:AskAsync|}(question, cancellationToken);
            notes.Add(note);
        }

        return string.Join("\n", notes);
        """,
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int step = 1; step <= 10; step++)
        {
            // What one step finds is where the next one starts.
            string question = $"{topic} {step} {notes.LastOrDefault()}";
            string note = await run.StepAsync("note", (_, ct) => AskAsync(question, ct), cancellationToken);
            notes.Add(note);
        }

        await run.CompleteAsync(cancellationToken);
        return string.Join("\n", notes);
        """);

    [Fact]
    public Task A_sequence_becomes_a_run_from_its_first_turn_to_its_last() => FixedAsync(
        """
        Console.WriteLine(topic);
        string plan = await {|OCG1301:AskAsync|}(topic, cancellationToken);
        string sources = await AskAsync(plan, cancellationToken);
        string facts = await AskAsync(sources, cancellationToken);
        string draft = await AskAsync(facts, cancellationToken);
        Console.WriteLine(draft);
        draft = await AskAsync(draft, cancellationToken); // second thoughts
        draft = await AskAsync(draft, cancellationToken);
        return draft;
        """,
        """
        Console.WriteLine(topic);
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        string plan = await run.StepAsync("plan", (_, ct) => AskAsync(topic, ct), cancellationToken);
        string sources = await run.StepAsync("sources", (_, ct) => AskAsync(plan, ct), cancellationToken);
        string facts = await run.StepAsync("facts", (_, ct) => AskAsync(sources, ct), cancellationToken);
        string draft = await run.StepAsync("draft", (_, ct) => AskAsync(facts, ct), cancellationToken);
        Console.WriteLine(draft);
        draft = await run.StepAsync("draft-2", (_, ct) => AskAsync(draft, ct), cancellationToken); // second thoughts
        draft = await run.StepAsync("draft-3", (_, ct) => AskAsync(draft, ct), cancellationToken);
        await run.CompleteAsync(cancellationToken);
        return draft;
        """);

    [Fact]
    public Task Every_normal_way_out_completes_the_run_and_no_other() => FixedAsync(
        """
        string last = topic;
        while (true)
        {
            last = await {|OCG1301:AskAsync|}(last, cancellationToken);
            if (last == "done")
                return last;

            if (last == "")
            {
                throw new InvalidOperationException("no answer");
            }

            switch (last)
            {
                case "stop":
                    return topic;
                case "enough":
                    break;
            }

            if (last.Length > 1000)
            {
                break;
            }
        }

        return "too long";
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (true)
        {
            last = await run.StepAsync("last", (_, ct) => AskAsync(last, ct), cancellationToken);
            if (last == "done")
            {
                await run.CompleteAsync(cancellationToken);
                return last;
            }

            if (last == "")
            {
                throw new InvalidOperationException("no answer");
            }

            switch (last)
            {
                case "stop":
                    await run.CompleteAsync(cancellationToken);
                    return topic;
                case "enough":
                    break;
            }

            if (last.Length > 1000)
            {
                break;
            }
        }

        await run.CompleteAsync(cancellationToken);
        return "too long";
        """);

    [Fact]
    public Task Where_the_end_is_out_of_reach_nothing_is_written_there() => FixedAsync(
        """
        string last = topic;
        for (; ; )
        {
            last = await {|OCG1301:AskAsync|}(last, cancellationToken);
            if (last == "done")
            {
                return last;
            }
        }
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (; ; )
        {
            last = await run.StepAsync("last", (_, ct) => AskAsync(last, ct), cancellationToken);
            if (last == "done")
            {
                await run.CompleteAsync(cancellationToken);
                return last;
            }
        }
        """);

    [Fact]
    public Task Two_loops_of_a_method_share_one_run() => FixedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            notes.Add(await {|OCG1301:AskAsync|}(part, cancellationToken));
        }

        Console.WriteLine(notes.Count);
        string summary = "";
        while (summary.Length < 100)
        {
            summary = await {|OCG1301:AskAsync|}(summary, cancellationToken);
        }

        return summary;
        """,
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        foreach (string part in topic.Split(','))
        {
            notes.Add(await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(part, ct), cancellationToken));
        }

        Console.WriteLine(notes.Count);
        string summary = "";
        while (summary.Length < 100)
        {
            summary = await run.StepAsync("summary", (_, ct) => AskAsync(summary, ct), cancellationToken);
        }

        await run.CompleteAsync(cancellationToken);
        return summary;
        """);

    [Fact]
    public Task A_loop_around_the_loop_is_part_of_the_run() => FixedAsync(
        """
        var notes = new List<string>();
        for (int round = 0; round < 3; round++)
        {
            foreach (string part in topic.Split(','))
            {
                notes.Add(await {|OCG1301:AskAsync|}(part + notes.LastOrDefault(), cancellationToken));
            }
        }

        return notes[0];
        """,
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int round = 0; round < 3; round++)
        {
            foreach (string part in topic.Split(','))
            {
                notes.Add(await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(part + notes.LastOrDefault(), ct), cancellationToken));
            }
        }

        await run.CompleteAsync(cancellationToken);
        return notes[0];
        """);

    [Fact]
    public Task Turns_in_a_loop_and_in_a_loop_inside_are_steps_of_one_run() => FixedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            string plan = await {|OCG1301:AskAsync|}(part, cancellationToken);
            foreach (string line in plan.Split('\n'))
            {
                notes.Add(await {|OCG1301:AskAsync|}(line, cancellationToken));
            }

            notes.Add(plan);
        }

        return notes[0];
        """,
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        foreach (string part in topic.Split(','))
        {
            string plan = await run.StepAsync(StepName.ForItem("plan", part), (_, ct) => AskAsync(part, ct), cancellationToken);
            foreach (string line in plan.Split('\n'))
            {
                notes.Add(await run.StepAsync(StepName.ForItem("ask", part, line), (_, ct) => AskAsync(line, ct), cancellationToken));
            }

            notes.Add(plan);
        }

        await run.CompleteAsync(cancellationToken);
        return notes[0];
        """);

    [Fact]
    public Task A_retry_inside_the_pass_stays_around_the_step() => FixedAsync(
        """
        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            for (int attempt = 0; attempt < 3; attempt++)
            {
                try
                {
                    notes.Add(await {|OCG1301:AskAsync|}(part, cancellationToken));
                    break;
                }
                catch (HttpRequestException)
                {
                    await Backoff.DelayAsync(attempt, cancellationToken);
                }
            }
        }

        return notes[0];
        """,
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        foreach (string part in topic.Split(','))
        {
            for (int attempt = 0; attempt < 3; attempt++)
            {
                try
                {
                    notes.Add(await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(part, ct), cancellationToken));
                    break;
                }
                catch (HttpRequestException)
                {
                    await Backoff.DelayAsync(attempt, cancellationToken);
                }
            }
        }

        await run.CompleteAsync(cancellationToken);
        return notes[0];
        """);

    [Fact]
    public Task A_turn_that_follows_the_steps_needs_them_until_it_has_answered() => FixedAsync(
        """
        string last = topic;
        while (last != "done")
        {
            last = await {|OCG1301:AskAsync|}(last, cancellationToken);
            if (last.Length > 9)
                return await AskAsync(last, cancellationToken);

            if (last == "")
            {
                return topic;
            }
        }

        Console.WriteLine(last);
        return "Summary: " + await AskAsync(last, cancellationToken);
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (last != "done")
        {
            last = await run.StepAsync("last", (_, ct) => AskAsync(last, ct), cancellationToken);
            if (last.Length > 9)
            {
                var result = await run.StepAsync("ask", (_, ct) => AskAsync(last, ct), cancellationToken);
                await run.CompleteAsync(cancellationToken);
                return result;
            }

            if (last == "")
            {
                await run.CompleteAsync(cancellationToken);
                return topic;
            }
        }

        Console.WriteLine(last);
        var result2 = "Summary: " + await AskAsync(last, cancellationToken);
        await run.CompleteAsync(cancellationToken);
        return result2;
        """);

    [Theory]
    [InlineData("Task<Box>", "new(await AskAsync(last))", "Box")]
    [InlineData("Task<object>", "await AskAsync(last)", "var")]
    [InlineData("Task<string?>", "last.Length > 3 ? await AskAsync(last) : null", "var")]
    [InlineData("ValueTask<Box?>", "last == \"\" ? null : new(await AskAsync(last))", "Box?")]
    public Task What_is_returned_keeps_its_type(string returned, string value, string declared)
    {
        string Code(string opening, string turn, string end) => AgentCode.InMethod(
            $"string last = topic;\n{opening}while (last != \"done\")\n{{\n    last = {turn};\n}}\n\n{end}",
            signature: $"public async {returned} ResearchAsync(string topic)",
            types: "record Box(string Text);");
        return Verifier.FixedAsync(
            Code("", "await {|OCG1301:AskAsync|}(last)", $"return {value};"),
            Code(
                "await using AgentRun run = await AgentRun.ResumeAsync(RunId.From(\"Researcher.Research\", topic));\n",
                "await run.StepAsync(\"last\", (_, _) => AskAsync(last))",
                $"{declared} result = {value};\nawait run.CompleteAsync();\nreturn result;"));
    }

    [Fact]
    public Task A_turn_in_a_return_is_a_step_too() => FixedAsync(
        """
        string plan = await {|OCG1301:AskAsync|}(topic, cancellationToken);
        string sources = await AskAsync(plan, cancellationToken);
        string facts = await AskAsync(sources, cancellationToken);
        string draft = await AskAsync(facts, cancellationToken);
        draft = await AskAsync(draft, cancellationToken);
        return await AskAsync(draft, cancellationToken);
        """,
        """
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        string plan = await run.StepAsync("plan", (_, ct) => AskAsync(topic, ct), cancellationToken);
        string sources = await run.StepAsync("sources", (_, ct) => AskAsync(plan, ct), cancellationToken);
        string facts = await run.StepAsync("facts", (_, ct) => AskAsync(sources, ct), cancellationToken);
        string draft = await run.StepAsync("draft", (_, ct) => AskAsync(facts, ct), cancellationToken);
        draft = await run.StepAsync("draft-2", (_, ct) => AskAsync(draft, ct), cancellationToken);
        var result = await run.StepAsync("ask", (_, ct) => AskAsync(draft, ct), cancellationToken);
        await run.CompleteAsync(cancellationToken);
        return result;
        """);

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(AgentCode.InMethod(body), AgentCode.InMethod(fixedBody));
}
