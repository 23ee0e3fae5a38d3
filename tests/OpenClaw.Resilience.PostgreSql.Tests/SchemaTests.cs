using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests;

public sealed class SchemaTests(PostgreSqlServer server) : DatabaseTest(server)
{
    private const string OddName = "it's \"odd\"";
    private static readonly RunId Run = RunId.From("schema");

    [Fact]
    public async Task Many_first_uses_at_once_create_the_tables_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () =>
        {
            PostgreSqlCheckpointStore store = OpenStore();
            await store.AppendAsync(await store.AcquireAsync(RunId.From("first", i)), Records.Opened(0));
        })));

        Assert.Equal(12L, await ScalarAsync<long>("SELECT count(*) FROM openclaw.records"));
    }

    [Fact]
    public async Task The_script_may_be_run_by_many_at_once_and_again()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ExecuteAsync(PostgreSqlCheckpointStore.SchemaScript())));
        await OpenStore(new PostgreSqlCheckpointStoreOptions { CreateSchema = false }).AcquireAsync(Run);
        await ExecuteAsync(PostgreSqlCheckpointStore.SchemaScript());

        Assert.Equal(1L, await ScalarAsync<long>("SELECT count(*) FROM openclaw.runs"));
    }

    [Fact]
    public async Task Where_the_tables_may_not_be_created_the_script_is_asked_for()
    {
        PostgreSqlCheckpointStore store = OpenStore(new PostgreSqlCheckpointStoreOptions { CreateSchema = false });

        var failure = await Assert.ThrowsAsync<CheckpointStoreException>(() => store.AcquireAsync(Run));

        Assert.Contains("schema.sql", failure.Message, StringComparison.Ordinal);
        Assert.Contains(Database, failure.Message, StringComparison.Ordinal);
        await ExecuteAsync(PostgreSqlCheckpointStore.SchemaScript());
        Assert.Equal(1, (await store.AcquireAsync(Run)).Generation);
    }

    [Fact]
    public async Task The_documented_privileges_are_enough()
    {
        await ExecuteAsync(PostgreSqlCheckpointStore.SchemaScript());
        await ExecuteAsync("""
            CREATE ROLE humble LOGIN;
            GRANT USAGE ON SCHEMA openclaw TO humble;
            GRANT USAGE ON SEQUENCE openclaw.tokens TO humble;
            GRANT SELECT ON openclaw.format TO humble;
            GRANT SELECT, INSERT, UPDATE, DELETE ON openclaw.runs, openclaw.records TO humble
            """);
        string place = Server.ConnectionString(Database).Replace("tester", "humble", StringComparison.Ordinal);
        await using PostgreSqlCheckpointStore store = new(place);
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.RunCompleted(0));
        await store.ReleaseAsync(lease);

        Assert.Equal(1, await store.PruneAsync(DateTimeOffset.MaxValue));
        Assert.Empty(await store.InspectAsync(Run));
    }

    [Fact]
    public async Task Schemas_are_apart_and_may_be_called_anything()
    {
        PostgreSqlCheckpointStore odd = OpenStore(new PostgreSqlCheckpointStoreOptions { Schema = OddName });
        await odd.AppendAsync(await odd.AcquireAsync(Run), Records.Opened(0));

        Assert.Empty(await OpenStore().InspectAsync(Run));
        Assert.Equal(1L, await ScalarAsync<long>("SELECT count(*) FROM \"it's \"\"odd\"\"\".records"));
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await ExecuteAsync(PostgreSqlCheckpointStore.SchemaScript());
        await ExecuteAsync("INSERT INTO openclaw.format VALUES (2)");

        var failure = await Assert.ThrowsAsync<CheckpointVersionException>(() => OpenStore().AcquireAsync(Run));

        Assert.Equal((2, 1), (failure.Found, failure.Known));
    }

    [Fact]
    public async Task A_pruned_run_leaves_nothing_and_its_old_lease_is_worthless()
    {
        PostgreSqlCheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));
        await ExpireLeasesAsync();

        Assert.Equal(1, await store.PruneAsync(DateTimeOffset.MaxValue, includeStale: true));

        Assert.Equal(0L, await ScalarAsync<long>("SELECT (SELECT count(*) FROM openclaw.runs) + (SELECT count(*) FROM openclaw.records)"));
        RunLease again = await store.AcquireAsync(Run);
        Assert.True(again.FencingToken > lease.FencingToken);
        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => store.AppendAsync(lease, Records.Opened(0)));
        Assert.Equal(CheckpointConflict.FencedOff, conflict.Conflict);
    }

    [Fact]
    public async Task An_open_generation_outlives_the_pruning_of_those_before_it()
    {
        PostgreSqlCheckpointStore store = OpenStore();
        RunLease first = await store.AcquireAsync(Run);
        await store.AppendAsync(first, Records.RunCompleted(0, Records.Noon.AddDays(-9)));
        await store.ReleaseAsync(first);
        RunLease second = await store.AcquireAsync(Run);
        await store.AppendAsync(second, Records.Opened(0));
        await store.ReleaseAsync(second);

        Assert.Equal(1, await store.PruneAsync(Records.Noon.AddDays(-1), includeStale: true));

        RunLease third = await store.AcquireAsync(Run);
        Assert.Equal(2, third.Generation);
        Assert.Single(await store.ReadAllAsync(third));
    }

    [Fact]
    public async Task A_lease_of_another_store_is_refused()
    {
        RunLease foreign = await new InMemoryCheckpointStore().AcquireAsync(Run);

        await Assert.ThrowsAsync<ArgumentException>(() => OpenStore().AppendAsync(foreign, Records.Opened(0)));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => OpenStore(new PostgreSqlCheckpointStoreOptions { Schema = "" }));
        Assert.Throws<ArgumentOutOfRangeException>(() => OpenStore(new PostgreSqlCheckpointStoreOptions { RetryFor = TimeSpan.FromSeconds(-1) }));
    }
}
