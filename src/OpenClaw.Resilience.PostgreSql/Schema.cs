using System.Reflection;
using Npgsql;

namespace OpenClaw.Resilience;

/// <summary>The tables: there, of a known format, and created when they may be.</summary>
internal sealed class Schema(Statements statements, PostgreSqlCheckpointStoreOptions options)
{
    private const int KnownVersion = 1;
    private const string NameInScript = "\"openclaw\"";

    private volatile bool _isReady;

    public static string Script(string schema)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("schema.sql")!;
        using var reader = new StreamReader(stream);
        string script = reader.ReadToEnd();
        return script.Replace($"'{NameInScript}", "'" + Statements.Quote(schema).Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace(NameInScript, Statements.Quote(schema), StringComparison.Ordinal);
    }

    /// <summary>Makes sure of it once; later calls cost nothing.</summary>
    public async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_isReady)
        {
            return;
        }

        if (!await ExistsAsync(connection, cancellationToken).ConfigureAwait(false))
        {
            await CreateAsync(connection, cancellationToken).ConfigureAwait(false);
        }

        int version = await connection.ScalarAsync<int>(statements.SchemaVersion, cancellationToken).ConfigureAwait(false);
        _isReady = version <= KnownVersion
            ? true
            : throw new CheckpointVersionException(
                $"The tables in schema '{options.Schema}' of {connection.Place()} have format {version}; this library knows {KnownVersion}. "
                + "Update OpenClaw.Resilience.PostgreSql, or use another schema.",
                version,
                KnownVersion);
    }

    private Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ScalarAsync<bool>(statements.SchemaExists, cancellationToken);

    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!options.CreateSchema)
        {
            throw new CheckpointStoreException(
                $"The tables of the store are not in schema '{options.Schema}' of {connection.Place()}. Run the schema.sql of the package "
                + $"there, or set {nameof(PostgreSqlCheckpointStoreOptions)}.{nameof(PostgreSqlCheckpointStoreOptions.CreateSchema)}.");
        }

        await connection.ExecuteAsync(Script(options.Schema), cancellationToken).ConfigureAwait(false);
    }
}
