namespace OpenClaw.Resilience.Tests.Runs;

/// <content>What pruning takes, and what it must leave.</content>
public abstract partial class CheckpointStoreContract
{
    [Fact]
    public async Task Pruning_deletes_what_ended_before_and_nothing_else()
    {
        ICheckpointStore store = OpenStore();
        DateTimeOffset noon = Records.Noon;
        RunId old = await MakeAsync("old", noon.AddDays(-2), complete: true);
        RunId recent = await MakeAsync("recent", noon, complete: true);
        RunId unfinished = await MakeAsync("unfinished", noon.AddDays(-9), complete: false);
        RunLease held = await store.AcquireAsync(await MakeAsync("held", noon.AddDays(-9), complete: true));

        Assert.Equal(1, await store.PruneAsync(noon.AddDays(-1)));
        Assert.Equal(0, await store.PruneAsync(noon.AddDays(-1)));

        Assert.NotEmpty(await store.InspectAsync(unfinished));
        Assert.Equal(2, (await store.AcquireAsync(recent)).Generation);
        Assert.Empty(await store.InspectAsync(old));
        await store.ReleaseAsync(held);
        Assert.Equal(1, await store.PruneAsync(noon.AddDays(-1)));

        async Task<RunId> MakeAsync(string name, DateTimeOffset at, bool complete)
        {
            RunId id = RunId.From(name);
            RunLease lease = await store.AcquireAsync(id);
            await store.AppendAsync(lease, Records.Opened(0, at));
            if (complete)
            {
                await store.AppendAsync(lease, Records.RunCompleted(1, at));
            }

            await store.ReleaseAsync(lease);
            return id;
        }
    }

    [Fact]
    public async Task Pruning_takes_stale_runs_when_told_to_but_never_a_held_one()
    {
        ICheckpointStore store = OpenStore();
        RunLease stale = await store.AcquireAsync(RunId.From("stale"));
        await store.AppendAsync(stale, Records.Opened(0, Records.Noon.AddDays(-9)));
        await store.ReleaseAsync(stale);
        RunLease held = await store.AcquireAsync(RunId.From("held"));
        await store.AppendAsync(held, Records.Opened(0, Records.Noon.AddDays(-9)));

        Assert.Equal(1, await OpenStore().PruneAsync(Records.Noon.AddDays(-1), includeStale: true));

        Assert.Single(await store.ReadAllAsync(held));
        Assert.Empty(await store.InspectAsync(RunId.From("stale")));
    }

    [Fact]
    public async Task Pruning_while_runs_come_and_go_takes_nothing_from_one_that_is_held()
    {
        const int Runs = 4;
        const int Lives = 10;
        using CancellationTokenSource over = new();
        Task pruning = Task.Run(async () =>
        {
            ICheckpointStore own = OpenStore();
            while (!over.IsCancellationRequested)
            {
                await own.PruneAsync(DateTimeOffset.MaxValue, includeStale: true);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, Runs).Select(number => Task.Run(async () =>
        {
            ICheckpointStore own = OpenStore();
            for (int life = 0; life < Lives; life++)
            {
                RunLease lease = await TakeAsync(own, RunId.From("busy", number));
                int found = (await own.ReadAllAsync(lease)).Count;
                await own.AppendAsync(lease, Records.Opened(found));
                await own.AppendAsync(lease, Records.Completed(found + 1, $"s{life}"));
                Assert.Equal(found + 2, (await own.ReadAllAsync(lease)).Count);
                if (life % 2 == 0)
                {
                    await own.AppendAsync(lease, Records.RunCompleted(found + 2));
                }

                await own.ReleaseAsync(lease);
            }
        })));

        await over.CancelAsync();
        await pruning;

        // Who prunes may hold a run for a moment.
        static async Task<RunLease> TakeAsync(ICheckpointStore store, RunId run)
        {
            while (true)
            {
                try
                {
                    return await store.AcquireAsync(run);
                }
                catch (CheckpointConflictException conflict) when (conflict.Conflict == CheckpointConflict.Held)
                {
                    await Task.Yield();
                }
            }
        }
    }

    [Fact]
    public async Task Pruning_an_empty_store_does_nothing()
    {
        Assert.Equal(0, await OpenStore().PruneAsync(DateTimeOffset.MaxValue, includeStale: true));
    }
}
