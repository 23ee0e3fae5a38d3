using Npgsql;
using OpenClaw.Resilience.PostgreSql.Tests.Server;

namespace OpenClaw.Resilience.PostgreSql.Tests;

/// <summary>A test with a database of its own.</summary>
public abstract class DatabaseTest(PostgreSqlServer server) : IAsyncLifetime
{
    private readonly List<PostgreSqlCheckpointStore> _stores = [];

    protected PostgreSqlServer Server => server;

    protected string Database { get; private set; } = "";

    /// <summary>The test's own way to the database, past whatever disturbs the stores.</summary>
    protected NpgsqlDataSource Direct { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        ServerRequirement.Require();
        Database = await server.CreateDatabaseAsync();
        Direct = NpgsqlDataSource.Create(server.ConnectionString(Database));
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (PostgreSqlCheckpointStore store in _stores)
        {
            await store.DisposeAsync();
        }

        if (Direct is not null)
        {
            await Direct.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A store with connections of its own, as another process has one.</summary>
    protected PostgreSqlCheckpointStore OpenStore(PostgreSqlCheckpointStoreOptions? options = null, int? port = null)
    {
        PostgreSqlCheckpointStore store = new(server.ConnectionString(Database, port) + ";Application Name=worker", options);
        lock (_stores)
        {
            _stores.Add(store);
        }

        return store;
    }

    protected async Task<T> ScalarAsync<T>(string query)
    {
        await using NpgsqlCommand command = Direct.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    protected async Task ExecuteAsync(string statement)
    {
        await using NpgsqlCommand command = Direct.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Lets all leases run out, as a pause longer than they last does.</summary>
    protected Task ExpireLeasesAsync() => ExecuteAsync("UPDATE openclaw.runs SET expires_at = clock_timestamp()");
}
