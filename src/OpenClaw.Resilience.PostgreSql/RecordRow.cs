using System.Text;
using Npgsql;

namespace OpenClaw.Resilience;

/// <summary>A record as the columns of a row.</summary>
internal static class RecordRow
{
    /// <summary>The parameters of <see cref="Statements.Append"/>.</summary>
    public static NpgsqlParameter[] Parameters(PostgreSqlRunLease lease, StepRecord record) =>
    [
        Commands.Value(lease.Key),
        Commands.Value(lease.FencingToken),
        Commands.Value(lease.Epoch),
        Commands.Value(record.Sequence),
        Commands.Value((short)record.Kind),
        Commands.Value(record.At.UtcTicks),
        Commands.Text(record.Step),
        Commands.Value(record.Attempt),
        Commands.Value(record.SchemaVersion),
        Commands.Value(record.MayHaveRun),
        Commands.Text(record.Detail),
        Commands.Value(record.InputDigest),
        Commands.Value(record.Payload),
    ];

    /// <summary>Reads a row of <see cref="Statements.Read"/>; null for the row that says that there is no record.</summary>
    public static StepRecord? Read(NpgsqlDataReader row) => row.IsDBNull(0)
        ? null
        : new StepRecord
        {
            Sequence = row.GetInt64(0),
            Kind = (StepRecordKind)row.GetInt16(1),
            At = new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero),
            Step = Text(row, 3),
            Attempt = row.GetInt32(4),
            SchemaVersion = row.GetInt32(5),
            MayHaveRun = row.GetBoolean(6),
            Detail = Text(row, 7),
            InputDigest = row.GetFieldValue<byte[]>(8),
            Payload = row.GetFieldValue<byte[]>(9),
        };

    public static string Text(NpgsqlDataReader row, int column) => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(column));
}
