using System.Text;
using Npgsql;

namespace OpenClaw.Resilience;

/// <summary>Shorthands for what the store asks of a connection.</summary>
internal static class Commands
{
    /// <summary>Host and database, for messages; never the user's name or password.</summary>
    public static string Place(this NpgsqlConnection connection) => $"database '{connection.Database}' on {connection.Host}:{connection.Port}";

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    /// <summary>Text as bytes: a text column has no place for U+0000, and would compare by the server's collation.</summary>
    public static NpgsqlParameter<byte[]> Text(string text) => Value(Encoding.UTF8.GetBytes(text));

    public static async Task ExecuteAsync(this NpgsqlConnection connection, string statements, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(statements, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<T> ScalarAsync<T>(this NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(query, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection,
        string query,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        await using NpgsqlCommand command = new(query, connection);
        command.Parameters.AddRange(parameters);
        return await ReadAsync(await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false), read, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Executes a statement that changes something, in a transaction and a round trip of its own, and commits it
    /// durably.</summary>
    /// <returns>How many rows it has changed.</returns>
    public static async Task<int> ChangeAsync(
        this NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using NpgsqlBatch batch = Durable(connection, statement, parameters);
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        return batch.BatchCommands[1].RecordsAffected;
    }

    /// <summary>As <see cref="ChangeAsync"/>, and reads what the statement returns.</summary>
    public static async Task<List<T>> ChangeAndReturnAsync<T>(
        this NpgsqlConnection connection,
        string statement,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        await using NpgsqlBatch batch = Durable(connection, statement, parameters);
        NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        return await ReadAsync(reader, read, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The statements of a batch are sent together and are one transaction.</summary>
    private static NpgsqlBatch Durable(NpgsqlConnection connection, string statement, NpgsqlParameter[] parameters)
    {
        NpgsqlBatch batch = new(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Statements.CommitDurably));
        NpgsqlBatchCommand command = new(statement);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
        return batch;
    }

    private static async Task<List<T>> ReadAsync<T>(
        NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using (reader.ConfigureAwait(false))
        {
            List<T> rows = [];
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(read(reader));
            }

            // An error of the commit itself comes after the last row.
            while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
            {
            }

            return rows;
        }
    }
}
