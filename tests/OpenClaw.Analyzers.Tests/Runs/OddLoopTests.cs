namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Loops in shapes that one does not think of first: fixed, killed at each of their turns, and continued to the end.</summary>
public sealed class OddLoopTests : FixedProgramTests
{
    private const string Topic = "a,b,a,c,d,e,f";

    [Fact]
    public Task An_item_that_a_queue_hands_out() => ContinuesAsync(
        """
        var open = new Queue<string>(topic.Split(','));
        string last = topic;
        while (open.TryDequeue(out string? next))
        {
            last = await {|OCG1301:AskAsync|}(next + last, cancellationToken);
            if (last.Length % 5 == 0)
            {
                open.Enqueue("more");
            }
        }

        return last;
        """,
        """
        var open = new Queue<string>(topic.Split(','));
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (open.TryDequeue(out string? next))
        {
            last = await run.StepAsync(StepName.ForItem("last", next), (_, ct) => AskAsync(next + last, ct), cancellationToken);
            if (last.Length % 5 == 0)
            {
                open.Enqueue("more");
            }
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task A_counter_that_is_passed_by_reference() => ContinuesAsync(
        """
        int step = 0;
        string last = topic;
        while (step < 7)
        {
            last = await {|OCG1301:AskAsync|}(last + step, cancellationToken);
            Interlocked.Increment(ref step);
        }

        return last;
        """,
        """
        int step = 0;
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (step < 7)
        {
            last = await run.StepAsync("last", (_, ct) => AskAsync(last + step, ct), cancellationToken);
            Interlocked.Increment(ref step);
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task A_record_that_is_copied_with_each_answer() => ContinuesAsync(
        """
        var state = new { Last = topic, Step = 0 };
        while (state.Step < 7)
        {
            state = state with { Last = await {|OCG1301:AskAsync|}(state.Last, cancellationToken), Step = state.Step + 1 };
        }

        return state.Last;
        """,
        """
        var state = new { Last = topic, Step = 0 };
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        while (state.Step < 7)
        {
            state = state with { Last = await run.StepAsync("last", (_, ct) => AskAsync(state.Last, ct), cancellationToken), Step = state.Step + 1 };
        }

        await run.CompleteAsync(cancellationToken);
        return state.Last;
        """);

    [Fact]
    public Task A_local_function_that_asks() => ContinuesAsync(
        """
        string last = topic;
        for (int i = 0; i < 7; i++)
        {
            last = await {|OCG1301:TurnAsync|}(last + i);
        }

        return last;

        async Task<string> TurnAsync(string question) => await AskAsync(question, cancellationToken);
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int i = 0; i < 7; i++)
        {
            last = await run.StepAsync("last", (_, _) => TurnAsync(last + i), cancellationToken);
        }

        await run.CompleteAsync(cancellationToken);
        return last;

        async Task<string> TurnAsync(string question) => await AskAsync(question, cancellationToken);
        """);

    [Fact]
    public Task An_answer_that_is_asked_for_only_once() => ContinuesAsync(
        """
        var known = new Dictionary<string, string>();
        string last = topic;
        foreach (string word in topic.Split(','))
        {
            if (!known.TryGetValue(word, out string? answer))
            {
                known[word] = answer = await {|OCG1301:AskAsync|}(word + last, cancellationToken);
            }

            last += answer;
        }

        return last;
        """,
        """
        var known = new Dictionary<string, string>();
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        foreach (string word in topic.Split(','))
        {
            if (!known.TryGetValue(word, out string? answer))
            {
                known[word] = answer = await run.StepAsync(StepName.ForItem("answer", word), (_, ct) => AskAsync(word + last, ct), cancellationToken);
            }

            last += answer;
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task A_judge_in_the_condition() => ContinuesAsync(
        """
        string draft = topic;
        int round = 0;
        do
        {
            draft += await {|OCG1301:AskAsync|}(draft, cancellationToken);
            round++;
        }
        while (round < 6 && (await AskAsync("judge " + draft, cancellationToken)).Length > 0);

        return draft;
        """,
        """
        string draft = topic;
        int round = 0;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        do
        {
            draft += await run.StepAsync("draft", (_, ct) => AskAsync(draft, ct), cancellationToken);
            round++;
        }
        while (round < 6 && (await run.StepAsync("ask", (_, ct) => AskAsync("judge " + draft, ct), cancellationToken)).Length > 0);

        await run.CompleteAsync(cancellationToken);
        return draft;
        """);

    [Fact]
    public Task Two_turns_in_one_statement_and_one_of_two_in_another() => ContinuesAsync(
        """
        string last = topic;
        for (int i = 0; i < 6; i++)
        {
            last = await {|OCG1301:AskAsync|}("left" + last, cancellationToken) + await AskAsync("right" + last, cancellationToken);
            last = last.Length % 2 == 0 ? await AskAsync("even" + last, cancellationToken) : last + i;
        }

        return last;
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int i = 0; i < 6; i++)
        {
            last = await run.StepAsync("ask", (_, ct) => AskAsync("left" + last, ct), cancellationToken) + await run.StepAsync("ask-2", (_, ct) => AskAsync("right" + last, ct), cancellationToken);
            last = last.Length % 2 == 0 ? await run.StepAsync("ask-3", (_, ct) => AskAsync("even" + last, ct), cancellationToken) : last + i;
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task Turns_in_the_arms_of_a_switch() => ContinuesAsync(
        """
        string last = topic;
        for (int i = 0; i < 8; i++)
        {
            last = (i % 3) switch
            {
                0 => await {|OCG1301:AskAsync|}("first" + last, cancellationToken),
                1 => await AskAsync("second" + last, cancellationToken),
                _ => last + i,
            };
        }

        return last;
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int i = 0; i < 8; i++)
        {
            last = (i % 3) switch
            {
                0 => await run.StepAsync("ask", (_, ct) => AskAsync("first" + last, ct), cancellationToken),
                1 => await run.StepAsync("ask-2", (_, ct) => AskAsync("second" + last, ct), cancellationToken),
                _ => last + i,
            };
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    [Fact]
    public Task A_plan_and_a_short_loop_before_the_loop() => ContinuesAsync(
        """
        string plan = await AskAsync("plan " + topic, cancellationToken);
        for (int i = 0; i < 2; i++)
        {
            plan = await AskAsync("better " + plan, cancellationToken);
        }

        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            notes.Add(await {|OCG1301:AskAsync|}(plan + part, cancellationToken));
        }

        return string.Join(",", notes);
        """,
        """
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        string plan = await run.StepAsync("plan", (_, ct) => AskAsync("plan " + topic, ct), cancellationToken);
        for (int i = 0; i < 2; i++)
        {
            plan = await run.StepAsync("plan-2", (_, ct) => AskAsync("better " + plan, ct), cancellationToken);
        }

        var notes = new List<string>();
        foreach (string part in topic.Split(','))
        {
            notes.Add(await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(plan + part, ct), cancellationToken));
        }

        await run.CompleteAsync(cancellationToken);
        return string.Join(",", notes);
        """);

    [Fact]
    public Task Closures_over_each_answer() => ContinuesAsync(
        """
        var later = new List<Func<string>>();
        string last = topic;
        for (int i = 0; i < 7; i++)
        {
            int number = i;
            last = await {|OCG1301:AskAsync|}(last + number, cancellationToken);
            string kept = last;
            later.Add(() => kept + number);
        }

        return string.Join(",", later.Select(text => text()));
        """,
        """
        var later = new List<Func<string>>();
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int i = 0; i < 7; i++)
        {
            int number = i;
            last = await run.StepAsync("last", (_, ct) => AskAsync(last + number, ct), cancellationToken);
            string kept = last;
            later.Add(() => kept + number);
        }

        await run.CompleteAsync(cancellationToken);
        return string.Join(",", later.Select(text => text()));
        """);

    [Fact]
    public Task Ways_out_of_a_switch_in_the_loop() => ContinuesAsync(
        """
        string last = topic;
        for (int i = 0; ; i++)
        {
            last = await {|OCG1301:AskAsync|}(last + i, cancellationToken);
            switch (i)
            {
                case 7:
                    return last;
                case 3 when last.Length == 0:
                    throw new FormatException();
                default:
                    continue;
            }
        }
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int i = 0; ; i++)
        {
            last = await run.StepAsync("last", (_, ct) => AskAsync(last + i, ct), cancellationToken);
            switch (i)
            {
                case 7:
                    await run.CompleteAsync(cancellationToken);
                    return last;
                case 3 when last.Length == 0:
                    throw new FormatException();
                default:
                    continue;
            }
        }
        """);

    [Fact]
    public Task A_variable_with_the_name_of_a_discard() => ContinuesAsync(
        """
        string last = topic;
        foreach (string _ in topic.Split(','))
        {
            last = await {|OCG1301:AskAsync|}(_ + last, cancellationToken);
        }

        return last;
        """,
        """
        string last = topic;
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        foreach (string _ in topic.Split(','))
        {
            last = await run.StepAsync(StepName.ForItem("last", _), (step, ct) => AskAsync(_ + last, ct), cancellationToken);
        }

        await run.CompleteAsync(cancellationToken);
        return last;
        """);

    /// <summary>Whatever turn a life ends in, the next one ends as an undisturbed run does, and no question is asked twice.</summary>
    private static async Task ContinuesAsync(string body, string fixedBody)
    {
        FixedProgram program = await FixedProgram.CreateAsync(body, fixedBody);
        var undisturbed = new FakeModel();
        string expected = await program.RunAsync(undisturbed, Topic);
        Assert.True(undisturbed.Answered.Count > 5);
        for (int turn = 0; turn < undisturbed.Answered.Count; turn++)
        {
            int asked = 0;
            var first = new FakeModel(_ => asked++ == turn ? new InvalidOperationException("cut") : null);
            await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(first, Topic));
            var second = new FakeModel();

            Assert.Equal(expected, await program.RunAsync(second, Topic));
            Assert.Equal(undisturbed.Answered, first.Answered.Concat(second.Answered));
        }
    }
}
