namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>Runs in a store whose leases expire, as one for several machines.</summary>
public sealed class AgentRunLeaseTests : RunTestBase
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_lease_is_renewed_after_each_third_of_it()
    {
        await using AgentRun run = await ResumeAsync();

        Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Store.Renewals);
        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Store.Renewals);
        Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(61, Store.Renewals);
    }

    [Theory]
    [InlineData(-3650)]
    [InlineData(3650)]
    public async Task A_clock_that_is_set_costs_neither_the_lease_nor_a_step(int days)
    {
        SetClock clock = new(Clock);
        AgentRunOptions options = new() { Store = Store, TimeProvider = clock, OnInDoubt = InDoubtAction.Throw };
        await using (AgentRun run = await AgentRun.ResumeAsync(Run, options))
        {
            Assert.Equal("one", await run.StepAsync("act", Returns("one")));
            clock.Offset = TimeSpan.FromDays(days);
            Clock.Advance(Lease / 3);
            Assert.Equal(1, Store.Renewals);
            Assert.Equal("two", await run.StepAsync("act", (_, token) => Task.FromResult(token.IsCancellationRequested ? "lost" : "two")));
        }

        clock.Offset = TimeSpan.Zero;
        await using AgentRun next = await AgentRun.ResumeAsync(Run, options);
        Assert.Equal("one", await next.StepAsync("act", MustNotRun<string>));
        Assert.Equal("two", await next.StepAsync("act", MustNotRun<string>));
        Assert.Equal("three", await next.StepAsync("act", Returns("three")));
    }

    [Fact]
    public async Task After_disposal_nothing_is_renewed()
    {
        AgentRun run = await ResumeAsync();
        await run.DisposeAsync();

        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(0, Store.Renewals);
    }

    [Fact]
    public async Task A_paused_worker_whose_run_was_taken_cannot_store_its_result()
    {
        AgentRun paused = await ResumeAsync();
        var gate = new TaskCompletionSource<string>();
        var started = new TaskCompletionSource();
        Task<string> step = paused.StepAsync("act", (_, _) =>
        {
            started.SetResult();
            return gate.Task;
        });
        await started.Task;
        Crash();
        await using AgentRun other = await ResumeAsync();
        Assert.Equal("fresh", await other.StepAsync("act", Returns("fresh"), new StepOptions { OnInDoubt = InDoubtAction.RunAgain }));

        gate.SetResult("stale");

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => step);
        Assert.Equal(CheckpointConflict.FencedOff, conflict.Conflict);
        await Assert.ThrowsAsync<CheckpointConflictException>(() => paused.StepAsync("act", MustNotRun<string>));
        await Assert.ThrowsAsync<CheckpointConflictException>(() => paused.CompleteAsync());
        Assert.DoesNotContain(Store.Appended, record => record.Payload.Span.IndexOf("stale"u8) >= 0);
        await paused.DisposeAsync();
        Assert.Equal("next", await other.StepAsync("act", Returns("next")));
    }

    [Fact]
    public async Task A_worker_that_learns_of_the_loss_stops_its_step()
    {
        ManualClock first = Clock;
        AgentRun paused = await ResumeAsync();
        Task<int> step = paused.StepAsync("act", HangAsync);
        Crash();
        await using AgentRun other = await ResumeAsync();

        first.Advance(TimeSpan.FromSeconds(10));

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => step);
        Assert.Equal(CheckpointConflict.FencedOff, conflict.Conflict);
        Assert.IsType<OperationCanceledException>(conflict.InnerException, exactMatch: false);
        await paused.DisposeAsync();
    }

    [Fact]
    public async Task A_worker_that_cannot_reach_the_store_stops_when_its_lease_has_run_out_and_not_before()
    {
        await using AgentRun run = await ResumeAsync();
        Store.BeforeRenew = () => throw new IOException("no route");
        bool stopped = false;
        Task<int> step = run.StepAsync("act", async (context, token) =>
        {
            using CancellationTokenRegistration registration = token.Register(() => stopped = true);
            return await HangAsync(context, token);
        });

        Clock.Advance(Lease - TimeSpan.FromTicks(1));
        Assert.False(stopped);
        Clock.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAsync<CheckpointConflictException>(() => step);
    }

    [Fact]
    public async Task A_renewal_that_gets_no_answer_is_no_renewal()
    {
        await using AgentRun run = await ResumeAsync();
        var answer = new TaskCompletionSource();
        Store.BeforeRenew = () => answer.Task;
        Task<int> step = run.StepAsync("act", HangAsync);

        Clock.Advance(Lease);

        await Assert.ThrowsAsync<CheckpointConflictException>(() => step);
        answer.SetResult();
    }

    [Fact]
    public async Task A_renewal_that_fails_once_does_no_harm()
    {
        await using AgentRun run = await ResumeAsync();
        int failures = 2;
        Store.BeforeRenew = () => failures-- > 0 ? throw new IOException("no route") : Task.CompletedTask;

        Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(5, await run.StepAsync("act", (_, token) =>
        {
            token.ThrowIfCancellationRequested();
            return Task.FromResult(5);
        }));
    }

    [Fact]
    public async Task A_renewal_that_hangs_is_not_made_twice_at_once_and_ends_with_the_run()
    {
        AgentRun run = await ResumeAsync();
        int inside = 0;
        int most = 0;
        var hanging = new TaskCompletionSource();
        Store.BeforeRenew = async () =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await hanging.Task;
            Interlocked.Decrement(ref inside);
        };
        Clock.Advance(TimeSpan.FromSeconds(25));

        Assert.Equal(1, most);
        ValueTask disposal = run.DisposeAsync();
        hanging.SetResult();
        await disposal;
    }

    private static async Task<int> HangAsync(StepContext step, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    /// <summary>A clock whose time of day is set by someone; what measures durations goes on.</summary>
    private sealed class SetClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Offset;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }
}
