namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Runs on a store that fails.</summary>
public sealed class AgentRunFailureTests : RunTestBase
{
    private int _executions;

    [Fact]
    public async Task A_step_whose_start_could_not_be_marked_does_not_run()
    {
        await using AgentRun run = await ResumeAsync();
        Store.BeforeAppend = _ => throw new CheckpointStoreException("disk full");

        await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", MustNotRun<int>));

        Store.BeforeAppend = _ => Task.CompletedTask;
        Assert.Equal(1, await run.StepAsync("act", (step, _) => Task.FromResult(step.Attempt)));
    }

    [Fact]
    public async Task A_result_that_could_not_be_stored_is_kept_and_stored_by_asking_again()
    {
        AgentRun run = await ResumeAsync();
        FailCompletions(1);
        await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", ExecuteAsync));

        Assert.Equal("result 1", await run.StepAsync("act", ExecuteAsync));

        Assert.Equal(1, _executions);
        Assert.Equal("result 2", await run.StepAsync("act", ExecuteAsync));
        Crash();
        await using AgentRun next = await ResumeAsync();
        Assert.Equal("result 1", await next.StepAsync("act", MustNotRun<string>));
        Assert.Equal("result 2", await next.StepAsync("act", MustNotRun<string>));
    }

    [Fact]
    public async Task A_process_that_dies_with_a_result_it_could_not_store_leaves_the_step_in_doubt()
    {
        AgentRun run = await ResumeAsync();
        FailCompletions(1);
        await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", ExecuteAsync));
        Crash();

        await using AgentRun next = await ResumeAsync();

        await Assert.ThrowsAsync<StepInDoubtException>(() => next.StepAsync("act", MustNotRun<string>));
    }

    [Theory]
    [InlineData(StepRecordKind.StepStarted)]
    [InlineData(StepRecordKind.StepCompleted)]
    public async Task An_append_that_threw_and_arrived_all_the_same_is_not_made_twice(StepRecordKind kind)
    {
        AgentRun run = await ResumeAsync();
        LoseAnswers(kind, 1);
        await Assert.ThrowsAsync<IOException>(() => run.StepAsync("act", ExecuteAsync));

        Assert.Equal("result 1", await run.StepAsync("act", ExecuteAsync));

        Assert.Equal(1, _executions);
        Assert.Single(Store.Appended, record => record.Kind == StepRecordKind.StepCompleted);
        Crash();
        await using AgentRun next = await ResumeAsync();
        Assert.Equal("result 1", await next.StepAsync("act", MustNotRun<string>));
    }

    [Fact]
    public async Task Another_step_goes_on_after_an_append_whose_outcome_was_unknown_and_nothing_is_stored_twice()
    {
        await using AgentRun run = await ResumeAsync();
        LoseAnswers(StepRecordKind.StepCompleted, 1);
        await Assert.ThrowsAsync<IOException>(() => run.StepAsync("a", ExecuteAsync));

        Assert.Equal("result 2", await run.StepAsync("b", ExecuteAsync));
        Assert.Equal("result 1", await run.StepAsync("a", ExecuteAsync));
        await run.CompleteAsync();

        Assert.Equal(["a", "b"], Store.Appended.Where(record => record.Kind == StepRecordKind.StepCompleted).Select(record => record.Step));
        Assert.Equal(Enumerable.Range(0, Store.Appended.Count).Select(i => (long)i), Store.Appended.Select(record => record.Sequence));
    }

    [Fact]
    public async Task A_completion_whose_answer_was_lost_is_complete()
    {
        AgentRun run = await ResumeAsync();
        LoseAnswers(StepRecordKind.RunCompleted, 1);
        await Assert.ThrowsAsync<IOException>(() => run.CompleteAsync());

        await run.CompleteAsync();
        await run.DisposeAsync();

        Assert.Single(Store.Appended, record => record.Kind == StepRecordKind.RunCompleted);
        await using AgentRun next = await ResumeAsync();
        Assert.Equal(2, next.Generation);
    }

    private Task<string> ExecuteAsync(StepContext step, CancellationToken cancellationToken) => Task.FromResult($"result {++_executions}");

    private void FailCompletions(int times) => Store.BeforeAppend = record =>
        record.Kind == StepRecordKind.StepCompleted && times-- > 0 ? throw new CheckpointStoreException("disk full") : Task.CompletedTask;

    /// <summary>The record arrives, the connection dies before the answer.</summary>
    private void LoseAnswers(StepRecordKind kind, int times) => Store.AfterAppend = record =>
        record.Kind == kind && times-- > 0 ? throw new IOException("connection lost") : Task.CompletedTask;
}
