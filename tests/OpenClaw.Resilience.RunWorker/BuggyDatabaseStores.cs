using System.Text;
using Npgsql;

namespace OpenClaw.Resilience.RunWorker;

/// <summary>Appends without asking who holds the run, and takes a place that is occupied for its own record written before.</summary>
/// <remarks>Only a worker that was paused for longer than its lease shows it: what it says it has stored was swallowed.</remarks>
internal sealed class UnfencedAppendStore(ICheckpointStore inner, string place) : BuggyStore(inner)
{
    private const string Append = """
        WITH run AS (
          UPDATE openclaw.runs SET next_sequence = greatest(next_sequence, $4 + 1), complete = $5 = 5, last_written_at = $6
          WHERE run_id = $1 RETURNING key)
        INSERT INTO openclaw.records (
          run, generation, token, sequence, kind, written_at, step, attempt, schema_version, may_have_run, detail, input_digest, payload)
        SELECT key, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM run
        ON CONFLICT DO NOTHING
        """;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(place);

    public override async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        await using NpgsqlCommand command = _source.CreateCommand(Append);
        foreach (object value in (object[])[
            Encoding.UTF8.GetBytes(lease.RunId.Value), lease.Generation, lease.FencingToken, record.Sequence, (short)record.Kind,
            record.At.UtcTicks, Encoding.UTF8.GetBytes(record.Step), record.Attempt, record.SchemaVersion, record.MayHaveRun,
            Encoding.UTF8.GetBytes(record.Detail), record.InputDigest, record.Payload])
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}

/// <summary>Appends again at the new end when the answer to an append was lost, without looking whether the record is there.</summary>
/// <remarks>Only a connection that breaks between a commit and its answer shows it.</remarks>
internal sealed class BlindRetryStore(ICheckpointStore inner, string place) : BuggyStore(inner)
{
    private readonly ICheckpointStore _once = new PostgreSqlCheckpointStore(place, new PostgreSqlCheckpointStoreOptions { RetryFor = TimeSpan.Zero });

    public override async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        try
        {
            await _once.AppendAsync(lease, record with { Sequence = Next }, cancellationToken);
            Next++;
        }
        catch (CheckpointStoreException)
        {
            await foreach (StepRecord _ in ReadAsync(lease, 0, CancellationToken.None))
            {
                // Reading tells where the end is now.
            }

            await AppendInnerAsync(lease, record);
        }
    }
}
