namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>What every store must do, whatever it is made of. A class for each store derives from it.</summary>
public abstract partial class CheckpointStoreContract : IDisposable
{
    private static readonly RunId Run = RunId.From("contract", 1);

    /// <summary>The store as one process sees it; called again, the same runs as another process sees them.</summary>
    protected abstract ICheckpointStore OpenStore();

    /// <summary>Makes the holder of a run go away as if its process had died or its lease had run out.</summary>
    protected abstract Task AbandonAsync(RunLease lease);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    [Fact]
    public async Task A_new_run_is_empty_and_of_the_first_generation()
    {
        ICheckpointStore store = OpenStore();

        RunLease lease = await store.AcquireAsync(Run, "worker-1");

        Assert.Equal(Run, lease.RunId);
        Assert.Equal("worker-1", lease.Owner);
        Assert.Equal(1, lease.Generation);
        Assert.Null(lease.Repair);
        Assert.Empty(await store.ReadAllAsync(lease));
    }

    [Fact]
    public async Task What_is_appended_is_read_back_with_every_field_by_the_next_process()
    {
        StepRecord[] records =
        [
            Records.Opened(0),
            Records.Started(1, "plan") with { InputDigest = new byte[] { 1, 2 } },
            Records.Completed(2, "plan", """{"text":"Grüße 🦞","n":123456789012345678}"""),
            Records.Started(3, "act[ab]#12", attempt: 7),
            Records.Failed(4, "act[ab]#12", mayHaveRun: true),
            Records.Failed(5, "x", mayHaveRun: false) with { SchemaVersion = 12, At = DateTimeOffset.MaxValue.ToUniversalTime() },
        ];
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);
        foreach (StepRecord record in records)
        {
            await store.AppendAsync(lease, record);
        }

        Assert.Equal(records, await store.ReadAllAsync(lease));
        await store.ReleaseAsync(lease);

        Assert.Equal(records, await OpenStore().InspectAsync(Run));
    }

    [Fact]
    public async Task Reading_begins_at_the_given_record()
    {
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);
        for (int i = 0; i < 5; i++)
        {
            await store.AppendAsync(lease, Records.Started(i, $"s{i}"));
        }

        Assert.Equal(["s3", "s4"], (await store.ReadAllAsync(lease, from: 3)).Select(record => record.Step));
        Assert.Empty(await store.ReadAllAsync(lease, from: 5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task An_append_that_expects_another_version_changes_nothing(long sequence)
    {
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => store.AppendAsync(lease, Records.Completed(sequence, "late")));

        Assert.Equal(CheckpointConflict.Version, conflict.Conflict);
        Assert.Single(await store.ReadAllAsync(lease));
        await store.AppendAsync(lease, Records.Started(1, "next"));
        Assert.Equal(2, (await store.ReadAllAsync(lease)).Count);
    }

    [Fact]
    public async Task A_held_run_is_refused_and_the_holder_named()
    {
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run, "worker-1");

        foreach (ICheckpointStore other in new[] { store, OpenStore() })
        {
            var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => other.AcquireAsync(Run, "worker-2"));
            Assert.Equal(CheckpointConflict.Held, conflict.Conflict);
            Assert.Contains("worker-1", conflict.HeldBy, StringComparison.Ordinal);
            Assert.NotNull(conflict.HeldSince);
            Assert.Contains("worker-1", conflict.Message, StringComparison.Ordinal);
        }

        await store.AppendAsync(lease, Records.Opened(0));
        Assert.Equal(1, (await store.AcquireAsync(RunId.From("contract", 2))).Generation);
    }

    [Fact]
    public async Task A_run_given_back_can_be_taken_and_the_old_lease_is_worthless()
    {
        ICheckpointStore store = OpenStore();
        RunLease old = await store.AcquireAsync(Run);
        await store.AppendAsync(old, Records.Opened(0));
        await store.ReleaseAsync(old);

        RunLease lease = await OpenStore().AcquireAsync(Run);

        Assert.True(lease.FencingToken > old.FencingToken);
        Assert.Equal(1, lease.Generation);
        await AssertFencedOffAsync(() => store.AppendAsync(old, Records.Started(1, "late")));
        await AssertFencedOffAsync(() => store.ReadAllAsync(old));
        await AssertFencedOffAsync(() => store.RenewAsync(old));
        await store.ReleaseAsync(old);
        await Assert.ThrowsAsync<CheckpointConflictException>(() => OpenStore().AcquireAsync(Run));
    }

    [Fact]
    public async Task A_worker_taken_for_dead_cannot_write()
    {
        ICheckpointStore store = OpenStore();
        RunLease dead = await store.AcquireAsync(Run);
        await store.AppendAsync(dead, Records.Opened(0));
        await AbandonAsync(dead);

        ICheckpointStore other = OpenStore();
        RunLease lease = await other.AcquireAsync(Run);
        await AssertFencedOffAsync(() => store.AppendAsync(dead, Records.Completed(1, "stale")));
        await other.AppendAsync(lease, Records.Completed(1, "fresh"));
        await AssertFencedOffAsync(() => store.AppendAsync(dead, Records.Completed(2, "stale")));

        Assert.True(lease.FencingToken > dead.FencingToken);
        Assert.Equal(["", "fresh"], (await other.ReadAllAsync(lease)).Select(record => record.Step));
    }

    [Fact]
    public async Task A_complete_generation_takes_no_more_and_the_next_one_is_empty()
    {
        ICheckpointStore store = OpenStore();
        RunLease first = await store.AcquireAsync(Run);
        await store.AppendAsync(first, Records.Opened(0));
        await store.AppendAsync(first, Records.RunCompleted(1));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AppendAsync(first, Records.Started(2, "late")));
        await store.ReleaseAsync(first);

        ICheckpointStore other = OpenStore();
        RunLease second = await other.AcquireAsync(Run);

        Assert.Equal(2, second.Generation);
        Assert.True(second.FencingToken > first.FencingToken);
        Assert.Empty(await other.ReadAllAsync(second));
        await other.AppendAsync(second, Records.Opened(0));
        Assert.Single(await other.ReadAllAsync(second));
    }

    [Fact]
    public async Task An_unfinished_generation_stays_the_same_over_many_owners()
    {
        for (int i = 0; i < 4; i++)
        {
            ICheckpointStore store = OpenStore();
            RunLease lease = await store.AcquireAsync(Run);
            Assert.Equal(1, lease.Generation);
            await store.AppendAsync(lease, Records.Opened(i));
            await store.ReleaseAsync(lease);
        }

        Assert.Equal(4, (await OpenStore().InspectAsync(Run)).Count);
    }

    [Theory]
    [InlineData("a", "A")]
    [InlineData("a/b", "a\\b")]
    [InlineData("..", ".")]
    [InlineData("con", "nul")]
    [InlineData("a b", "a-b")]
    [InlineData("é", "e\u0301")]
    [InlineData("*?<>|:\"", "\t\n\0")]
    public async Task Ids_are_kept_apart_whatever_they_are_made_of(string one, string other)
    {
        ICheckpointStore store = OpenStore();
        foreach (string id in new[] { one, other })
        {
            RunLease lease = await store.AcquireAsync(RunId.Create(id));
            await store.AppendAsync(lease, Records.Started(0, "of " + id));
            await store.ReleaseAsync(lease);
        }

        Assert.Equal("of " + one, Assert.Single(await OpenStore().InspectAsync(RunId.Create(one))).Step);
        Assert.Equal("of " + other, Assert.Single(await OpenStore().InspectAsync(RunId.Create(other))).Step);
    }

    [Fact]
    public async Task The_longest_id_and_a_large_result_are_stored()
    {
        RunId run = RunId.Create(new string('漢', RunId.MaxLength));
        string large = $"\"{new string('x', 3_000_000)}\"";
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(run);
        await store.AppendAsync(lease, Records.Completed(0, "big", large));
        await store.AppendAsync(lease, Records.Started(1, "next"));
        await store.ReleaseAsync(lease);

        List<StepRecord> records = await OpenStore().InspectAsync(run);

        Assert.Equal(large.Length, records[0].Payload.Length);
        Assert.Equal("next", records[1].Step);
    }

    [Fact]
    public async Task A_cancelled_append_changes_nothing()
    {
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AppendAsync(lease, Records.Opened(0), new CancellationToken(canceled: true)));

        Assert.Empty(await store.ReadAllAsync(lease));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => store.AcquireAsync(RunId.From("other"), "tester", TimeSpan.FromSeconds(30), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Of_appends_at_the_same_time_one_wins_each_place()
    {
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);

        bool[] won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await store.AppendAsync(lease, Records.Completed(0, $"w{i}"));
                return true;
            }
            catch (CheckpointConflictException conflict) when (conflict.Conflict == CheckpointConflict.Version)
            {
                return false;
            }
        })));

        Assert.Single(won, true);
        Assert.Single(await store.ReadAllAsync(lease));
    }

    [Fact]
    public async Task Of_many_who_want_a_run_at_once_one_gets_it()
    {
        object?[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                return (object?)await OpenStore().AcquireAsync(Run, $"worker-{i}");
            }
            catch (CheckpointConflictException)
            {
                return null;
            }
        })));

        Assert.Single(results, result => result is not null);
    }

    [Fact]
    public async Task A_workers_clock_that_is_set_changes_neither_the_order_nor_what_can_be_read()
    {
        ICheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));
        await store.AppendAsync(lease, Records.Completed(1, "later", at: Records.Noon.AddYears(30)));
        await store.AppendAsync(lease, Records.Completed(2, "earlier", at: Records.Noon.AddYears(-30)));
        await store.ReleaseAsync(lease);

        RunLease next = await OpenStore().AcquireAsync(Run);
        Assert.Equal(["", "later", "earlier"], (await store.ReadAllAsync(next)).Select(record => record.Step));
        await store.AppendAsync(next, Records.RunCompleted(3, Records.Noon.AddDays(-9)));
        await store.ReleaseAsync(next);

        // The end counts, whatever was written before it.
        Assert.Equal(1, await store.PruneAsync(Records.Noon.AddDays(-1)));
    }

    private static async Task AssertFencedOffAsync(Func<Task> action)
    {
        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(action);
        Assert.Equal(CheckpointConflict.FencedOff, conflict.Conflict);
    }
}
