using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests;

/// <summary>The server is killed while records are written, and started again.</summary>
public sealed class CrashedServerTests(PostgreSqlServer server) : DatabaseTest(server)
{
    private const int Writers = 4;
    private const int Crashes = 3;
    private const int RecordsBetween = 40;
    private static readonly PostgreSqlCheckpointStoreOptions Patient = new() { RetryFor = TimeSpan.FromMinutes(2) };

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_written_twice()
    {
        using CancellationTokenSource stop = new();
        int written = 0;
        Task<int>[] writers = [.. Enumerable.Range(0, Writers).Select(number => Task.Run(() => WriteAsync(number)))];
        for (int i = 1; i <= Crashes; i++)
        {
            int enough = i * RecordsBetween;
            await Eventually.HoldsAsync(() => Volatile.Read(ref written) >= enough || writers.Any(writer => writer.IsCompleted));
            await Server.CrashAndRestartAsync();
        }

        await stop.CancelAsync();
        int[] counts = await Task.WhenAll(writers);

        PostgreSqlCheckpointStore store = OpenStore(Patient);
        for (int number = 0; number < Writers; number++)
        {
            List<StepRecord> stored = await store.InspectAsync(RunId.From("writer", number));
            Assert.Equal(Enumerable.Range(0, counts[number]).Select(i => $"s{i}"), stored.Select(record => record.Step));
        }

        async Task<int> WriteAsync(int number)
        {
            PostgreSqlCheckpointStore own = OpenStore(Patient);
            RunLease lease = await own.AcquireAsync(RunId.From("writer", number), $"writer-{number}", TimeSpan.FromMinutes(10));
            int count = 0;
            while (!stop.IsCancellationRequested)
            {
                await own.AppendAsync(lease, Records.Completed(count, $"s{count}"));
                count++;
                Interlocked.Increment(ref written);
            }

            await own.ReleaseAsync(lease);
            return count;
        }
    }

    [Fact]
    public async Task Commits_wait_for_the_disk_also_where_the_server_is_told_not_to()
    {
        await ExecuteAsync($"ALTER DATABASE {Database} SET synchronous_commit = off");
        PostgreSqlCheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(RunId.From("durable"));
        await ExecuteAsync("""
            CREATE TABLE seen (setting text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE TRIGGER see AFTER INSERT ON openclaw.records FOR EACH ROW EXECUTE FUNCTION see();
            CREATE TRIGGER see AFTER UPDATE ON openclaw.runs FOR EACH ROW EXECUTE FUNCTION see()
            """);

        await store.AppendAsync(lease, Records.Started(0, "mark"));
        await store.AppendAsync(lease, Records.Completed(1, "result"));
        await store.ReleaseAsync(lease);
        await store.AcquireAsync(RunId.From("durable"));

        Assert.Equal(6L, await ScalarAsync<long>("SELECT count(*) FROM seen"));
        Assert.Equal(6L, await ScalarAsync<long>("SELECT count(*) FROM seen WHERE setting = 'on'"));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_a_store_failure()
    {
        PostgreSqlCheckpointStore store = OpenStore(new PostgreSqlCheckpointStoreOptions { RetryFor = TimeSpan.Zero }, port: 1);

        var failure = await Assert.ThrowsAsync<CheckpointStoreException>(() => store.AcquireAsync(RunId.From("away")));

        Assert.NotNull(failure.InnerException);
        Assert.Contains("openclaw", failure.Message, StringComparison.Ordinal);
    }
}
