using OpenClaw.Resilience;

namespace OpenClaw.Analyzers.Tests.Runs;

/// <summary>Fixed programs at work: they die in the middle, and begin again where they were.</summary>
public sealed class FixedRunTests : FixedProgramTests
{
    private const string FixedLoop =
        """
        var notes = new List<string>();
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
        for (int step = 1; step <= 10; step++)
        {
            string question = $"{topic} {step} {notes.Count}";
            string note = await run.StepAsync("note", (_, ct) => AskAsync(question, ct), cancellationToken);
            notes.Add(note);
        }

        await run.CompleteAsync(cancellationToken);
        return string.Join("\n", notes);
        """;

    [Fact]
    public async Task A_loop_goes_on_behind_the_last_answer_and_gives_the_same_result()
    {
        FixedProgram program = await LoopAsync();
        var undisturbed = new FakeModel();
        string expected = await program.RunAsync(undisturbed, "undisturbed");

        var first = new FakeModel(question => question.StartsWith("t 4 ", StringComparison.Ordinal) ? new InvalidOperationException("cut") : null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(first, "t"));
        var second = new FakeModel();
        string result = await program.RunAsync(second, "t");

        Assert.Equal(3, first.Answered.Count);
        Assert.Equal(7, second.Answered.Count);
        Assert.Empty(first.Answered.Intersect(second.Answered));
        Assert.Equal(expected.Replace("undisturbed", "t", StringComparison.Ordinal), result);
    }

    [Fact]
    public async Task A_completed_run_starts_anew_and_another_input_is_another_run()
    {
        FixedProgram program = await LoopAsync();
        var model = new FakeModel();
        string once = await program.RunAsync(model, "t");
        string twice = await program.RunAsync(model, "t");
        Assert.Equal(20, model.Answered.Count);
        Assert.Equal(once, twice);

        var dying = new FakeModel(question => question.StartsWith("t 9 ", StringComparison.Ordinal) ? new InvalidOperationException("cut") : null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(dying, "t"));
        var other = new FakeModel();
        await program.RunAsync(other, "u");

        Assert.Equal(10, other.Answered.Count);
        Assert.All(other.Answered, question => Assert.StartsWith("u ", question, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_that_may_have_run_is_in_doubt_and_not_repeated_in_silence()
    {
        FixedProgram program = await LoopAsync();
        var first = new FakeModel(question => question.StartsWith("t 4 ", StringComparison.Ordinal) ? new TimeoutException("no answer") : null);
        await Assert.ThrowsAsync<TimeoutException>(() => program.RunAsync(first, "t"));

        var second = new FakeModel();
        await Assert.ThrowsAsync<StepInDoubtException>(() => program.RunAsync(second, "t"));

        Assert.Empty(second.Answered);
    }

    [Fact]
    public async Task Items_keep_their_answers_when_the_list_has_changed_before_the_restart()
    {
        FixedProgram program = await FixedProgram.CreateAsync(
            """
            var notes = new List<string>();
            foreach (string line in await File.ReadAllLinesAsync(topic, cancellationToken))
            {
                ChatResponse reply = await GatewayPipeline.Shared.{|OCG1301:ExecuteAsync|}(ct => _chat.GetResponseAsync(line, cancellationToken: ct), cancellationToken);
                notes.Add(reply.Text);
            }

            return string.Join(",", notes);
            """,
            """
            var notes = new List<string>();
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
            foreach (string line in await File.ReadAllLinesAsync(topic, cancellationToken))
            {
                var reply = await run.StepAsync(StepName.ForItem("reply", line), async (_, ct2) => ((ChatResponse)(await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.GetResponseAsync(line, cancellationToken: ct), ct2))).Text, cancellationToken);
                notes.Add(reply);
            }

            await run.CompleteAsync(cancellationToken);
            return string.Join(",", notes);
            """);
        System.IO.Directory.CreateDirectory(Directory);
        string list = Path.Combine(Directory, "list.txt");
        await File.WriteAllLinesAsync(list, ["a", "b", "c"], TestContext.Current.CancellationToken);
        var first = new FakeModel(question => question == "c" ? new InvalidOperationException("cut") : null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(first, list));

        await File.WriteAllLinesAsync(list, ["new", "b", "a", "c"], TestContext.Current.CancellationToken);
        var second = new FakeModel();
        string result = await program.RunAsync(second, list);

        Assert.Equal(["a", "b"], first.Answered);
        Assert.Equal(["new", "c"], second.Answered);
        Assert.Equal("<new>,<b>,<a>,<c>", result);
    }

    [Fact]
    public async Task Two_loops_share_a_run_so_that_the_first_is_not_done_again_when_the_second_dies()
    {
        FixedProgram program = await FixedProgram.CreateAsync(
            """
            var notes = new List<string>();
            foreach (string part in topic.Split(','))
            {
                notes.Add(await {|OCG1301:AskAsync|}(part, cancellationToken));
            }

            string draft = "";
            while (draft.Length < 20)
            {
                draft += await {|OCG1301:AskAsync|}(draft + notes.Count, cancellationToken);
                if (draft.Contains("enough"))
                {
                    return draft;
                }
            }

            return draft;
            """,
            """
            var notes = new List<string>();
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
            foreach (string part in topic.Split(','))
            {
                notes.Add(await run.StepAsync(StepName.ForItem("ask", part), (_, ct) => AskAsync(part, ct), cancellationToken));
            }

            string draft = "";
            while (draft.Length < 20)
            {
                draft += await run.StepAsync("draft", (_, ct) => AskAsync(draft + notes.Count, ct), cancellationToken);
                if (draft.Contains("enough"))
                {
                    await run.CompleteAsync(cancellationToken);
                    return draft;
                }
            }

            await run.CompleteAsync(cancellationToken);
            return draft;
            """);
        var first = new FakeModel(question => question.StartsWith("<3>", StringComparison.Ordinal) ? new InvalidOperationException("cut") : null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(first, "a,b,c"));
        var second = new FakeModel();
        await program.RunAsync(second, "a,b,c");

        Assert.Equal(["a", "b", "c", "3"], first.Answered);
        Assert.Empty(first.Answered.Intersect(second.Answered));
    }

    [Fact]
    public async Task Steps_are_not_done_again_when_the_summary_behind_them_dies()
    {
        FixedProgram program = await FixedProgram.CreateAsync(
            """
            string last = topic;
            for (int i = 0; i < 6; i++)
            {
                last = await {|OCG1301:AskAsync|}(last, cancellationToken);
            }

            return await AskAsync("summary of " + last, cancellationToken);
            """,
            """
            string last = topic;
            await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("Researcher.Research", topic), cancellationToken);
            for (int i = 0; i < 6; i++)
            {
                last = await run.StepAsync("last", (_, ct) => AskAsync(last, ct), cancellationToken);
            }

            var result = await AskAsync("summary of " + last, cancellationToken);
            await run.CompleteAsync(cancellationToken);
            return result;
            """);
        var first = new FakeModel(question => question.StartsWith("summary", StringComparison.Ordinal) ? new TimeoutException("no answer") : null);
        await Assert.ThrowsAsync<TimeoutException>(() => program.RunAsync(first, "t"));
        var second = new FakeModel();
        await program.RunAsync(second, "t");

        Assert.Equal(6, first.Answered.Count);
        Assert.Equal(["summary of <<<<<<t>>>>>>"], second.Answered);
    }

    [Fact]
    public async Task A_release_with_a_better_question_keeps_the_answers_that_are_there()
    {
        FixedProgram program = await LoopAsync();
        var first = new FakeModel(question => question.StartsWith("t 4 ", StringComparison.Ordinal) ? new InvalidOperationException("no such question") : null);
        await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(first, "t"));

        var second = new FakeModel();
        string result = await FixedProgram.Of(FixedLoop.Replace("{topic} {step}", "{topic} step {step}", StringComparison.Ordinal)).RunAsync(second, "t");

        Assert.Equal(first.Answered.Select(question => $"<{question}>"), result.Split('\n').Take(3));
        Assert.Equal(7, second.Answered.Count);
        Assert.All(second.Answered, question => Assert.StartsWith("t step ", question, StringComparison.Ordinal));
    }

    private static Task<FixedProgram> LoopAsync() => FixedProgram.CreateAsync(
        """
        var notes = new List<string>();
        for (int step = 1; step <= 10; step++)
        {
            string question = $"{topic} {step} {notes.Count}";
            string note = await {|OCG1301:AskAsync|}(question, cancellationToken);
            notes.Add(note);
        }

        return string.Join("\n", notes);
        """,
        FixedLoop);
}
