namespace OpenClaw.Resilience.Tests.Runs;

public sealed class AgentRunConcurrencyTests : RunTestBase
{
    [Fact]
    public async Task Parallel_branches_with_keys_of_their_own_run_side_by_side_and_are_all_kept()
    {
        const int Branches = 50;
        AgentRun first = await ResumeAsync();
        var all = new TaskCompletionSource();
        int running = 0;
        int[] results = await Task.WhenAll(Enumerable.Range(0, Branches).Select(i => first.StepAsync(StepName.ForItem("branch", i), async (_, _) =>
        {
            if (Interlocked.Increment(ref running) == Branches)
            {
                all.SetResult();
            }

            await all.Task;
            return i;
        })));
        Assert.Equal(Enumerable.Range(0, Branches), results);
        Assert.Equal(Enumerable.Range(0, (2 * Branches) + 1).Select(i => (long)i), Store.Appended.Select(record => record.Sequence));
        Crash();

        await using AgentRun second = await ResumeAsync();
        foreach (int i in Enumerable.Range(0, Branches).Reverse())
        {
            Assert.Equal(i, await second.StepAsync(StepName.ForItem("branch", i), MustNotRun<int>));
        }
    }

    [Fact]
    public async Task A_plain_name_used_by_two_branches_at_once_is_refused_and_the_way_out_named()
    {
        await using AgentRun run = await ResumeAsync();
        var gate = new TaskCompletionSource<int>();
        Task<int> first = run.StepAsync("search", (_, _) => gate.Task);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run.StepAsync("search", MustNotRun<int>));

        Assert.Contains("StepName.ForItem(\"search\", item)", exception.Message, StringComparison.Ordinal);
        gate.SetResult(1);
        Assert.Equal(1, await first);
        Assert.Equal(2, await run.StepAsync("search", Returns(2)));
    }

    [Fact]
    public async Task The_same_item_in_two_branches_at_once_is_refused()
    {
        await using AgentRun run = await ResumeAsync();
        var gate = new TaskCompletionSource<int>();
        Task<int> first = run.StepAsync(StepName.ForItem("search", "a"), (_, _) => gate.Task);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run.StepAsync(StepName.ForItem("search", "a"), MustNotRun<int>));

        Assert.Contains("duplicates", exception.Message, StringComparison.Ordinal);
        gate.SetResult(1);
        await first;
    }

    [Fact]
    public async Task A_step_inside_a_step_is_refused()
    {
        await using AgentRun run = await ResumeAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run.StepAsync("outer", async (_, token) =>
        {
            await Task.Yield();
            return await run.StepAsync("inner", MustNotRun<int>, token);
        }));

        Assert.Contains("'inner'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'outer'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await run.StepAsync("inner", Returns(1)));
    }

    [Fact]
    public async Task A_run_inside_a_step_of_another_run_is_fine()
    {
        await using AgentRun outer = await ResumeAsync();

        int result = await outer.StepAsync("outer", async (_, token) =>
        {
            await using AgentRun inner = await AgentRun.ResumeAsync(RunId.From("inner"), Options, token);
            return await inner.StepAsync("inner", Returns(5), token);
        });

        Assert.Equal(5, result);
    }

    [Fact]
    public async Task Work_that_a_step_left_behind_may_start_steps_when_that_step_is_over()
    {
        await using AgentRun run = await ResumeAsync();
        var outerIsOver = new TaskCompletionSource();
        Task<int>? left = null;
        await run.StepAsync("outer", (_, _) =>
        {
            left = LaterAsync();
            return Task.FromResult(0);
        });
        outerIsOver.SetResult();

        Assert.Equal(7, await left!);

        async Task<int> LaterAsync()
        {
            await outerIsOver.Task;
            return await run.StepAsync("later", Returns(7));
        }
    }

    [Fact]
    public async Task Disposal_waits_for_the_running_step_and_its_result_is_kept()
    {
        AgentRun run = await ResumeAsync();
        var gate = new TaskCompletionSource<int>();
        Task<int> step = run.StepAsync("slow", (_, _) => gate.Task);

        ValueTask disposal = run.DisposeAsync();
        Assert.False(disposal.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => run.StepAsync("late", Returns(1)));
        await Assert.ThrowsAsync<CheckpointConflictException>(ResumeAsync);
        gate.SetResult(42);
        await disposal;

        Assert.Equal(42, await step);
        await using AgentRun next = await ResumeAsync();
        Assert.Equal(42, await next.StepAsync("slow", MustNotRun<int>));
    }

    [Fact]
    public async Task Disposal_inside_a_step_fails_instead_of_waiting_for_ever()
    {
        AgentRun run = await ResumeAsync();

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run.StepAsync("act", async (_, _) =>
        {
            await run.DisposeAsync();
            return 1;
        }));

        Assert.Contains("'act'", exception.Message, StringComparison.Ordinal);
        await run.DisposeAsync();
    }

    [Fact]
    public async Task Completion_while_a_step_runs_is_refused_and_the_step_named()
    {
        await using AgentRun run = await ResumeAsync();
        var gate = new TaskCompletionSource<int>();
        Task<int> step = run.StepAsync("forgotten", (_, _) => gate.Task);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => run.CompleteAsync());

        Assert.Contains("'forgotten'", exception.Message, StringComparison.Ordinal);
        gate.SetResult(1);
        await step;
        await run.CompleteAsync();
    }

    [Fact]
    public async Task Disposal_waits_for_a_completion_that_is_being_stored()
    {
        AgentRun run = await ResumeAsync();
        var disk = new TaskCompletionSource();
        Store.BeforeAppend = _ => disk.Task;
        Task completion = run.CompleteAsync();

        ValueTask disposal = run.DisposeAsync();
        Assert.False(disposal.IsCompleted);
        disk.SetResult();
        await disposal;
        await completion;

        await using AgentRun next = await ResumeAsync();
        Assert.Equal(2, next.Generation);
    }

    [Fact]
    public async Task Cancellation_reaches_the_step()
    {
        await using AgentRun run = await ResumeAsync();
        using var source = new CancellationTokenSource();

        Task<int> step = run.StepAsync(
            "slow",
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return 1;
            },
            source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);
    }

    [Fact]
    public async Task A_result_that_came_in_spite_of_cancellation_is_kept()
    {
        await using AgentRun run = await ResumeAsync();
        using var source = new CancellationTokenSource();

        int result = await run.StepAsync(
            "act",
            async (_, _) =>
            {
                await source.CancelAsync();
                return 7;
            },
            source.Token);

        Assert.Equal(7, result);
        Assert.Equal(StepRecordKind.StepCompleted, Store.Appended[^1].Kind);
    }

    [Fact]
    public async Task Cancellation_while_the_result_is_being_stored_does_not_tear_it()
    {
        AgentRun run = await ResumeAsync();
        using var source = new CancellationTokenSource();
        Store.BeforeAppend = record => record.Kind == StepRecordKind.StepCompleted ? source.CancelAsync() : Task.CompletedTask;

        Assert.Equal(7, await run.StepAsync("act", Returns(7), source.Token));
        Crash();

        await using AgentRun next = await ResumeAsync();
        Assert.Equal(7, await next.StepAsync("act", MustNotRun<int>));
    }

    [Fact]
    public async Task Appends_of_parallel_steps_do_not_overlap()
    {
        await using AgentRun run = await ResumeAsync();
        int inside = 0;
        int most = 0;
        Store.BeforeAppend = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        };

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => run.StepAsync(StepName.ForItem("b", i), Returns(i)))));

        Assert.Equal(1, most);
    }
}
