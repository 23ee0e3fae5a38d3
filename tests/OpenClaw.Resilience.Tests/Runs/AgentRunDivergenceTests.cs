using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A resumed program that isn't the one which wrote the run: other inputs, another order, other types, another version.</summary>
public sealed class AgentRunDivergenceTests : RunTestBase
{
    private sealed record OldAnswer(string Text);

    private sealed record Answer(string Title, int Length);

    [Fact]
    public async Task A_result_for_another_input_is_not_given_out()
    {
        AgentRun first = await ResumeAsync();
        await first.StepAsync("ask", Returns("42"), With("what is it?"));
        Crash();

        await using AgentRun run = await ResumeAsync();
        var exception = await Assert.ThrowsAsync<RunDivergedException>(() => run.StepAsync("ask", MustNotRun<string>, With("what else?")));

        Assert.Equal("ask", exception.Step);
        Assert.Equal(Run, exception.RunId);
        Assert.Equal("42", await run.StepAsync("ask", MustNotRun<string>, With("what is it?")));
    }

    [Fact]
    public async Task An_input_that_only_one_of_the_two_programs_gives_is_not_compared()
    {
        AgentRun first = await ResumeAsync();
        await first.StepAsync("with", Returns(1), With("x"));
        await first.StepAsync("without", Returns(2));
        Crash();

        await using AgentRun run = await ResumeAsync();

        Assert.Equal(1, await run.StepAsync("with", MustNotRun<int>));
        Assert.Equal(2, await run.StepAsync("without", MustNotRun<int>, With("x")));
    }

    [Fact]
    public async Task A_step_in_doubt_is_compared_too_and_a_failed_one_may_change_its_input()
    {
        await CrashInAsync("doubt", With("one"));
        AgentRun second = await ResumeAsync();
        await Assert.ThrowsAsync<FormatException>(() => second.StepAsync<int>("failed", (_, _) => throw new FormatException(), With("one")));
        Crash();

        await using AgentRun run = await ResumeAsync();

        await Assert.ThrowsAsync<RunDivergedException>(
            () => run.StepAsync("doubt", MustNotRun<string>, new StepOptions { Input = StepInput.From("two"), OnInDoubt = InDoubtAction.RunAgain }));
        Assert.Equal(1, await run.StepAsync("failed", Returns(1), With("repaired")));
    }

    [Fact]
    public async Task Without_more_steps_are_found_by_name_in_any_order()
    {
        await RecordAsync("a", "b");

        await using AgentRun run = await ResumeAsync();

        Assert.Equal("b", await run.StepAsync("b", MustNotRun<string>));
        Assert.Equal("new", await run.StepAsync("inserted", Returns("new")));
        Assert.Equal("a", await run.StepAsync("a", MustNotRun<string>));
    }

    [Fact]
    public async Task Where_the_order_is_required_another_step_in_its_place_is_an_error()
    {
        await RecordAsync("a", "b", "a");
        await using AgentRun run = await ResumeInOrderAsync();
        await run.StepAsync("a", MustNotRun<string>);

        var exception = await Assert.ThrowsAsync<RunDivergedException>(() => run.StepAsync("a", MustNotRun<string>));
        Assert.Contains("'a#2'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'b'", exception.Message, StringComparison.Ordinal);

        await run.StepAsync("b", MustNotRun<string>);
        await run.StepAsync("a", MustNotRun<string>);
        Assert.Equal("c", await run.StepAsync("c", Returns("c")));
    }

    [Fact]
    public async Task A_step_that_fails_and_is_tried_again_keeps_its_place_in_the_order()
    {
        await RecordAsync("a");
        AgentRun second = await ResumeAsync();
        await second.StepAsync("a", MustNotRun<string>);
        await Assert.ThrowsAsync<FormatException>(() => second.StepAsync<string>("b", (_, _) => throw new FormatException()));
        await second.StepAsync("c", Returns("c"));
        Crash();

        await using AgentRun run = await ResumeInOrderAsync();
        await run.StepAsync("a", MustNotRun<string>);
        await Assert.ThrowsAsync<FormatException>(() => run.StepAsync<string>("b", (_, _) => throw new FormatException()));
        await Assert.ThrowsAsync<FormatException>(() => run.StepAsync<string>("b", (_, _) => throw new FormatException()));
        Assert.Equal("c", await run.StepAsync("c", MustNotRun<string>));
    }

    [Fact]
    public async Task A_result_of_another_type_is_refused_and_the_way_out_named()
    {
        await RecordAsync("a");
        await using AgentRun run = await ResumeAsync();

        var exception = await Assert.ThrowsAsync<RunDivergedException>(() => run.StepAsync("a", MustNotRun<int>));

        Assert.Contains(nameof(AgentRunOptions.SchemaVersion), exception.Message, StringComparison.Ordinal);
        Assert.IsType<JsonException>(exception.InnerException);
    }

    [Fact]
    public async Task Old_results_are_migrated_step_by_step_when_they_are_read()
    {
        AgentRun old = await ResumeAsync();
        await old.StepAsync("ask", Returns(new OldAnswer("hello")));
        await old.StepAsync("send", (_, _) => Task.CompletedTask);
        Crash();
        List<string> calls = [];
        AgentRunOptions options = Version(3, new()
        {
            [1] = (step, node) =>
            {
                calls.Add($"1 {step}");
                return new JsonObject { ["Title"] = node!["Text"]!.DeepClone() };
            },
            [2] = (step, node) =>
            {
                calls.Add($"2 {step}");
                node!["Length"] = node["Title"]!.GetValue<string>().Length;
                return node;
            },
        });

        await using AgentRun run = await AgentRun.ResumeAsync(Run, options);

        Assert.Equal(new Answer("hello", 5), await run.StepAsync("ask", MustNotRun<Answer>));
        await run.StepAsync("send", (_, _) => throw new InvalidOperationException("executed"));
        Assert.Equal(["1 ask", "2 ask"], calls);
        Assert.Equal(new Answer("new", 3), await run.StepAsync("ask", Returns(new Answer("new", 3))));
        Assert.Equal(3, Store.Appended[^1].SchemaVersion);
    }

    [Fact]
    public async Task A_missing_migrator_is_found_before_anything_runs()
    {
        await RecordAsync("a");

        var exception = await Assert.ThrowsAsync<CheckpointVersionException>(
            () => AgentRun.ResumeAsync(Run, Version(3, new() { [1] = (_, node) => node })));

        Assert.Equal(1, exception.Found);
        Assert.Equal(3, exception.Known);
        Assert.Contains("from 2 to 3", exception.Message, StringComparison.Ordinal);
        await using AgentRun run = await ResumeAsync();
    }

    [Fact]
    public async Task A_run_written_by_a_newer_program_is_refused()
    {
        AgentRun newer = await AgentRun.ResumeAsync(Run, Version(2, new() { [1] = (_, node) => node }));
        Crash();

        var exception = await Assert.ThrowsAsync<CheckpointVersionException>(ResumeAsync);

        Assert.Equal(2, exception.Found);
        Assert.Equal(1, exception.Known);
        Assert.NotNull(newer);
    }

    [Fact]
    public async Task A_migrator_may_answer_null()
    {
        await RecordAsync("a");

        await using AgentRun run = await AgentRun.ResumeAsync(Run, Version(2, new() { [1] = (_, _) => null }));

        Assert.Null(await run.StepAsync("a", MustNotRun<string?>));
    }

    private static StepOptions With(string input) => new() { Input = StepInput.From(input) };

    private AgentRunOptions Version(int version, Dictionary<int, StepMigrator> migrators) =>
        new() { Store = Store, TimeProvider = Clock, OnInDoubt = InDoubtAction.Throw, SchemaVersion = version, Migrators = migrators };

    private Task<AgentRun> ResumeInOrderAsync() =>
        AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, OnInDoubt = InDoubtAction.Throw, RequireRecordedOrder = true });

    private async Task RecordAsync(params string[] steps)
    {
        AgentRun run = await ResumeAsync();
        foreach (string step in steps)
        {
            await run.StepAsync(step, Returns(step));
        }

        Crash();
    }
}
