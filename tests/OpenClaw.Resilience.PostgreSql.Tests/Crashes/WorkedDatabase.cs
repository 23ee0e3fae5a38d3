using System.Globalization;
using Npgsql;
using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests.Crashes;

/// <summary>A run in a database of its own, and what can happen to its workers, its connections and its server.</summary>
internal sealed class WorkedDatabase : IAsyncDisposable
{
    private static readonly TimeSpan ShortLease = TimeSpan.FromSeconds(1);

    private readonly TemporaryDirectory _directory = new();
    private readonly PostgreSqlServer _server;
    private readonly string _database;
    private readonly NpgsqlDataSource _direct;
    private readonly PostgreSqlCheckpointStore _store;

    private WorkedDatabase(PostgreSqlServer server, string database, string bug)
    {
        (_server, _database) = (server, database);
        _direct = NpgsqlDataSource.Create(Place);
        _store = new PostgreSqlCheckpointStore(Place);
        Run = new WorkedRun(Place, _store, _directory.File("effects.log")) { Bug = bug, FreeAsync = ExpireLeaseAsync };
    }

    public WorkedRun Run { get; }

    private string Place => _server.ConnectionString(_database);

    public static async Task<WorkedDatabase> CreateAsync(PostgreSqlServer server, string bug = "none")
    {
        string database = await server.CreateDatabaseAsync();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(server.ConnectionString(database));
        await using NpgsqlCommand command = source.CreateCommand(PostgreSqlCheckpointStore.SchemaScript());
        await command.ExecuteNonQueryAsync();
        return new WorkedDatabase(server, database, bug);
    }

    /// <summary>Several share the run; who has it is stopped at a random instant, and goes on only when another one has taken it.</summary>
    public async Task PauseOwnersAsync(int workers, int pauses, Random random, Action<int>? done = null)
    {
        WorkerProcess[] all = [.. Enumerable.Range(0, workers).Select(_ => Run.StartSharingWorker(ShortLease))];
        try
        {
            for (int pause = 1; pause <= pauses; pause++)
            {
                await Run.WaitForStepsAsync(random.Next(1, 20), all);
                await PauseOwnerAsync(all);
                done?.Invoke(pause);
            }

            await Run.WaitForStepsAsync(1, all);
            await WorkedRun.ExpectRunningAsync(all);
        }
        finally
        {
            Array.ForEach(all, worker => worker.Dispose());
        }
    }

    /// <summary>The server crashes at random instants and is started again; the worker lives on.</summary>
    public async Task CrashServerAsync(int crashes, Random random, Action<int>? done = null)
    {
        using WorkerProcess worker = Run.StartWorker();
        for (int crash = 1; crash <= crashes; crash++)
        {
            await Run.WaitForStepsAsync(random.Next(1, 60), worker);
            await _server.CrashAndRestartAsync();
            done?.Invoke(crash);
        }

        await Run.WaitForStepsAsync(1, worker);
        await worker.KillAsync();
    }

    /// <summary>The server's answers get lost from a random instant on, and then the connections break; the worker lives on.</summary>
    /// <returns>How many answers were lost.</returns>
    public async Task<int> CutAnswersAsync(int cuts, Random random, Action<int>? done = null)
    {
        await using CuttingProxy proxy = new(_server.Port);
        using WorkerProcess worker = Run.StartWorker(_server.ConnectionString(_database, proxy.Port));
        for (int cut = 1; cut <= cuts; cut++)
        {
            await Run.WaitForStepsAsync(random.Next(1, 20), worker);
            int lost = proxy.LostAnswers;
            proxy.LoseAnswers();
            await Eventually.HoldsAsync(() => proxy.LostAnswers > lost);
            proxy.CutClients();
            done?.Invoke(cut);
        }

        await Run.WaitForStepsAsync(1, worker);
        await worker.KillAsync();
        return proxy.LostAnswers;
    }

    /// <summary>How many results stand more than once, in whichever generation.</summary>
    public async Task<int> DoubledAsync() => int.Parse(
        await TextAsync("""
            SELECT count(*)::text FROM (
              SELECT FROM openclaw.records WHERE kind = 3 GROUP BY run, generation, step HAVING count(*) > 1) AS doubled
            """),
        CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        Run.Dispose();
        await _store.DisposeAsync();
        await _direct.DisposeAsync();
        _directory.Dispose();
    }

    private async Task PauseOwnerAsync(WorkerProcess[] all)
    {
        const string Owner = "SELECT token || '/' || convert_from(owner, 'UTF8') FROM openclaw.runs WHERE holder IS NOT NULL";
        string[] owner = [];
        await Eventually.HoldsAsync(async () => (owner = (await TextAsync(Owner)).Split('/')).Length > 1);
        int id = int.Parse(owner[^1], CultureInfo.InvariantCulture);
        WorkerProcess paused = all.Single(worker => worker.Id == id);
        paused.Signal("STOP");
        try
        {
            // It may have given the run back meanwhile: then nobody was asleep with it, and nothing has to run out.
            await Eventually.HoldsAsync(async () => await TextAsync("SELECT token::text FROM openclaw.runs") != owner[0]);
        }
        finally
        {
            paused.Signal("CONT");
        }
    }

    private async Task ExpireLeaseAsync()
    {
        await using NpgsqlCommand command = _direct.CreateCommand("UPDATE openclaw.runs SET expires_at = clock_timestamp()");
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> TextAsync(string query)
    {
        await using NpgsqlCommand command = _direct.CreateCommand(query);
        return (string?)await command.ExecuteScalarAsync() ?? "";
    }
}
