namespace OpenClaw.Resilience.Tests.Runs;

public sealed class AgentRunTests : RunTestBase
{
    private sealed record Plan(string Title, IReadOnlyList<string> Steps);

    [Fact]
    public async Task A_finished_step_is_not_executed_again_after_a_crash()
    {
        AgentRun first = await ResumeAsync();
        await first.StepAsync("plan", Returns(new Plan("lobsters", ["read", "write"])));
        Crash();

        await using AgentRun second = await ResumeAsync();
        Plan plan = await second.StepAsync<Plan>("plan", MustNotRun<Plan>);

        Assert.Equal("lobsters", plan.Title);
        Assert.Equal(["read", "write"], plan.Steps);
        Assert.True(second.Recovery.IsResumed);
        Assert.Equal(1, second.Recovery.StepsRestored);
        Assert.Empty(second.Recovery.InDoubt);
        Assert.Equal(1, second.Generation);
    }

    [Fact]
    public async Task A_new_run_has_nothing_to_recover()
    {
        await using AgentRun run = await ResumeAsync();

        Assert.Equal(Run, run.Id);
        Assert.Equal(new RunRecoveryReport(false, 0, run.Recovery.InDoubt, null), run.Recovery);
        Assert.Empty(run.Recovery.InDoubt);
    }

    [Fact]
    public async Task The_start_is_marked_before_the_step_and_the_result_stored_before_it_is_returned()
    {
        await using AgentRun run = await ResumeAsync();
        int recordsInStep = 0;
        string? inStep = null;

        await run.StepAsync("plan", (_, _) =>
        {
            recordsInStep = Store.Appended.Count;
            inStep = string.Join(' ', Store.Appended.Select(record => record.Kind));
            return Task.FromResult(1);
        });

        Assert.Equal(2, recordsInStep);
        Assert.Equal("RunOpened StepStarted", inStep);
        Assert.Equal(StepRecordKind.StepCompleted, Store.Appended[^1].Kind);
        Assert.Equal([0, 1, 2], Store.Appended.Select(record => record.Sequence));
    }

    [Fact]
    public async Task A_result_is_not_returned_while_it_is_being_stored()
    {
        await using AgentRun run = await ResumeAsync();
        var disk = new TaskCompletionSource();
        var storing = new TaskCompletionSource();
        Store.BeforeAppend = record =>
        {
            if (record.Kind != StepRecordKind.StepCompleted)
            {
                return Task.CompletedTask;
            }

            storing.SetResult();
            return disk.Task;
        };

        Task<int> step = run.StepAsync("plan", Returns(1));
        await storing.Task;
        Assert.False(step.IsCompleted);
        disk.SetResult();

        Assert.Equal(1, await step);
    }

    [Fact]
    public async Task A_name_used_again_means_the_next_occurrence()
    {
        AgentRun first = await ResumeAsync();
        List<string> keys = [];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(i, await first.StepAsync("act", (step, _) =>
            {
                keys.Add(step.Key);
                return Task.FromResult(i);
            }));
        }

        Assert.Equal(["act", "act#2", "act#3"], keys);
        Crash();

        await using AgentRun second = await ResumeAsync();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(i, await second.StepAsync("act", MustNotRun<int>));
        }

        Assert.Equal(3, await second.StepAsync("act", Returns(3)));
    }

    [Fact]
    public async Task A_name_that_looks_like_an_occurrence_is_another_step()
    {
        AgentRun first = await ResumeAsync();
        Assert.Equal("user", await first.StepAsync("act#2", Returns("user")));
        Assert.Equal("one", await first.StepAsync("act", Returns("one")));
        Assert.Equal("two", await first.StepAsync("act", Returns("two")));
        Crash();

        await using AgentRun second = await ResumeAsync();
        Assert.Equal("one", await second.StepAsync("act", MustNotRun<string>));
        Assert.Equal("two", await second.StepAsync("act", MustNotRun<string>));
        Assert.Equal("user", await second.StepAsync("act#2", MustNotRun<string>));
    }

    [Fact]
    public async Task Items_are_found_again_in_any_order()
    {
        AgentRun first = await ResumeAsync();
        foreach (string url in new[] { "a", "b", "c" })
        {
            await first.StepAsync(StepName.ForItem("summarise", url), Returns("sum " + url));
        }

        Crash();

        await using AgentRun second = await ResumeAsync();
        foreach (string url in new[] { "c", "a", "b" })
        {
            Assert.Equal("sum " + url, await second.StepAsync(StepName.ForItem("summarise", url), MustNotRun<string>));
        }
    }

    [Fact]
    public async Task An_item_that_comes_up_twice_is_done_twice()
    {
        await using AgentRun run = await ResumeAsync();

        Assert.Equal(1, await run.StepAsync(StepName.ForItem("poll", "a"), Returns(1)));
        Assert.Equal(2, await run.StepAsync(StepName.ForItem("poll", "a"), Returns(2)));
    }

    [Fact]
    public async Task A_step_without_result_runs_once()
    {
        AgentRun first = await ResumeAsync();
        int sent = 0;
        await first.StepAsync("send", async (_, _) =>
        {
            await Task.Yield();
            sent++;
        });
        Crash();

        await using AgentRun second = await ResumeAsync();
        await second.StepAsync("send", (_, _) =>
        {
            sent++;
            return Task.CompletedTask;
        });

        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task A_completed_run_starts_a_new_generation()
    {
        await using (AgentRun first = await ResumeAsync())
        {
            await first.StepAsync("plan", Returns("yesterday"));
            await first.CompleteAsync();
            await first.CompleteAsync();
        }

        await using AgentRun second = await ResumeAsync();

        Assert.Equal(2, second.Generation);
        Assert.False(second.Recovery.IsResumed);
        Assert.Equal("today", await second.StepAsync("plan", Returns("today")));
        Assert.Single(Store.Appended, record => record.Kind == StepRecordKind.RunCompleted);
    }

    [Fact]
    public async Task A_run_that_was_not_completed_is_resumed_after_disposal()
    {
        await using (AgentRun first = await ResumeAsync())
        {
            await first.StepAsync("plan", Returns("kept"));
        }

        await using AgentRun second = await ResumeAsync();

        Assert.Equal("kept", await second.StepAsync("plan", MustNotRun<string>));
    }

    [Fact]
    public async Task After_completion_no_step_is_admitted()
    {
        await using AgentRun run = await ResumeAsync();
        await run.CompleteAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run.StepAsync("late", Returns(1)));

        Assert.Contains("late", exception.Message, StringComparison.Ordinal);
        Assert.Contains(Run.Value, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_disposal_nothing_is_admitted()
    {
        AgentRun run = await ResumeAsync();
        await run.DisposeAsync();
        await run.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.StepAsync("late", Returns(1)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.CompleteAsync());
    }

    [Fact]
    public async Task Completion_that_could_not_be_stored_can_be_tried_again()
    {
        await using AgentRun run = await ResumeAsync();
        Store.BeforeAppend = _ => throw new CheckpointStoreException("disk full");
        await Assert.ThrowsAsync<CheckpointStoreException>(() => run.CompleteAsync());

        Store.BeforeAppend = _ => Task.CompletedTask;
        Assert.Equal(1, await run.StepAsync("one more", Returns(1)));
        await run.CompleteAsync();

        Assert.Equal(StepRecordKind.RunCompleted, Store.Appended[^1].Kind);
    }

    [Fact]
    public async Task A_second_worker_is_refused_while_the_first_works()
    {
        await using AgentRun first = await ResumeAsync();

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(ResumeAsync);

        Assert.Equal(CheckpointConflict.Held, conflict.Conflict);
        Assert.Contains(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), conflict.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await using AgentRun second = await ResumeAsync();
    }

    [Fact]
    public async Task The_idempotency_key_is_the_same_for_every_execution_and_different_everywhere_else()
    {
        Dictionary<string, string> first = await KeysAsync(complete: false);
        Crash();
        Dictionary<string, string> again = await KeysAsync(complete: true);
        Dictionary<string, string> nextGeneration = await KeysAsync(complete: true);

        Assert.Equal(first, again);
        Assert.All(first.Values, key => Assert.Matches("^[0-9a-f]{32}$", key));
        Assert.Equal(6, first.Values.Concat(nextGeneration.Values).Distinct().Count());

        async Task<Dictionary<string, string>> KeysAsync(bool complete)
        {
            Dictionary<string, string> keys = [];
            AgentRun run = await ResumeAsync();
            foreach (StepName name in new StepName[] { "a", "b", StepName.ForItem("a", 1) })
            {
                var failure = await Assert.ThrowsAsync<FormatException>(() => run.StepAsync<int>(name, (step, _) =>
                {
                    keys.Add(step.Key, step.IdempotencyKey);
                    throw new FormatException();
                }));
            }

            if (complete)
            {
                await run.CompleteAsync();
                await run.DisposeAsync();
            }

            return keys;
        }
    }

    [Fact]
    public async Task Two_runs_have_different_idempotency_keys_for_the_same_step()
    {
        await using AgentRun one = await AgentRun.ResumeAsync(RunId.From("test", 1), Options);
        await using AgentRun other = await AgentRun.ResumeAsync(RunId.From("test", 2), Options);

        Assert.NotEqual(await one.StepAsync("a", Key), await other.StepAsync("a", Key));

        static Task<string> Key(StepContext step, CancellationToken cancellationToken) => Task.FromResult(step.IdempotencyKey);
    }

    [Fact]
    public async Task The_step_learns_what_it_is()
    {
        await using AgentRun run = await ResumeAsync();
        StepContext? seen = null;
        await Assert.ThrowsAsync<FormatException>(() => run.StepAsync<int>("act", Fail));
        Assert.Equal(1, seen!.Attempt);

        await Assert.ThrowsAsync<FormatException>(() => run.StepAsync<int>("act", Fail));

        Assert.Equal(Run, seen.RunId);
        Assert.Equal("act", seen.Key);
        Assert.Equal("act", seen.Name);
        Assert.Equal(2, seen.Attempt);

        Task<int> Fail(StepContext step, CancellationToken cancellationToken)
        {
            seen = step;
            throw new FormatException();
        }
    }

    [Fact]
    public async Task Wrong_arguments_are_refused_before_anything_is_written()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => AgentRun.ResumeAsync(default, Options));
        await Assert.ThrowsAsync<ArgumentNullException>(() => AgentRun.ResumeAsync(Run, null!));
        Assert.Empty(Store.Appended);

        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => run.StepAsync(default, Returns(1)));
        await Assert.ThrowsAsync<ArgumentNullException>(() => run.StepAsync("a", (Func<StepContext, CancellationToken, Task<int>>)null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => run.StepAsync("a", Returns(1), (StepOptions)null!));
        Assert.Single(Store.Appended);
    }

    public static TheoryData<string, AgentRunOptions> WrongOptions => new()
    {
        { nameof(AgentRunOptions.SchemaVersion), new AgentRunOptions { SchemaVersion = 0 } },
        { nameof(AgentRunOptions.LeaseDuration), new AgentRunOptions { LeaseDuration = TimeSpan.Zero } },
        { nameof(AgentRunOptions.Owner), new AgentRunOptions { Owner = "" } },
        { nameof(AgentRunOptions.OnInDoubt), new AgentRunOptions { OnInDoubt = (InDoubtAction)7 } },
        { nameof(AgentRunOptions.Migrators), new AgentRunOptions { Migrators = null! } },
        { nameof(AgentRunOptions.TimeProvider), new AgentRunOptions { TimeProvider = null! } },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public async Task A_wrong_option_is_named(string property, AgentRunOptions options)
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => AgentRun.ResumeAsync(Run, options));

        Assert.Contains(property, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_to_give_the_run_back_does_not_hide_what_went_before()
    {
        AgentRun run = await ResumeAsync();
        Store.BeforeRelease = () => throw new IOException("gone");

        await run.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.StepAsync("late", Returns(1)));
    }

    [Fact]
    public async Task A_run_that_could_not_be_opened_is_given_back()
    {
        Store.BeforeAppend = _ => throw new CheckpointStoreException("disk full");
        await Assert.ThrowsAsync<CheckpointStoreException>(ResumeAsync);
        Store.BeforeAppend = _ => Task.CompletedTask;

        await using AgentRun run = await ResumeAsync();

        Assert.False(run.Recovery.IsResumed);
    }
}
