using Npgsql;
using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests;

/// <summary>What every store must do, of this one.</summary>
public sealed class PostgreSqlCheckpointStoreContractTests(PostgreSqlServer server) : CheckpointStoreContract, IAsyncLifetime
{
    private NpgsqlDataSource _source = null!;

    public async ValueTask InitializeAsync()
    {
        ServerRequirement.Require();
        _source = NpgsqlDataSource.Create(server.ConnectionString(await server.CreateDatabaseAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }
    }

    protected override ICheckpointStore OpenStore() => new PostgreSqlCheckpointStore(_source);

    protected override async Task AbandonAsync(RunLease lease)
    {
        await using NpgsqlCommand command = _source.CreateCommand("UPDATE openclaw.runs SET expires_at = clock_timestamp()");
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
