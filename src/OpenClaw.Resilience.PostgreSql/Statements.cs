namespace OpenClaw.Resilience;

/// <summary>The SQL of the store, for one schema. Each text is one statement, and with that atomic.</summary>
/// <remarks>
/// <c>clock_timestamp()</c> and never <c>now()</c>: a statement that has waited for a row must not judge a lease by the time at which it
/// began to wait. Under READ COMMITTED such a statement looks at the row again before it changes it; under the stricter levels it fails
/// and is repeated.
/// </remarks>
internal sealed class Statements
{
    /// <summary>
    /// Commits wait for the disk, also where the server or the role is set up otherwise. Start marks too: a server may crash alone, and
    /// a worker that lives on would find its log shorter than what was acknowledged.
    /// </summary>
    public const string CommitDurably =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

    private const string Held = "key = $1 AND token = $2 AND holder IS NOT NULL";
    private const string Free = "(holder IS NULL OR expires_at <= clock_timestamp())";
    private const string Columns =
        "sequence, kind, written_at, step, attempt, schema_version, may_have_run, detail, input_digest, payload";

    public Statements(string schema)
    {
        string name = Quote(schema);
        string runs = $"{name}.runs";
        string records = $"{name}.records";

        SchemaExists = $"SELECT to_regclass('{name.Replace("'", "''", StringComparison.Ordinal)}.format') IS NOT NULL";
        SchemaVersion = $"SELECT max(version) FROM {name}.format";

        // Who repeats the statement because its answer was lost is known by its holder, a random number of this one acquisition.
        Acquire = $"""
            INSERT INTO {runs} AS run
              (run_id, generation, next_sequence, complete, last_written_at, epoch, holder, owner, held_since, expires_at)
            VALUES ($1, 1, 0, false, 0, 0, $2, $3, clock_timestamp(), clock_timestamp() + $4)
            ON CONFLICT (run_id) DO UPDATE SET
              generation = run.generation + run.complete::int,
              next_sequence = CASE WHEN run.complete THEN 0 ELSE run.next_sequence END,
              complete = false, token = DEFAULT, epoch = 0, holder = $2, owner = $3,
              held_since = clock_timestamp(), expires_at = clock_timestamp() + $4
            WHERE run.holder IS NULL OR run.expires_at <= clock_timestamp() OR run.holder = $2
            RETURNING key, generation, token
            """;
        Holder = $"SELECT owner, held_since FROM {runs} WHERE run_id = $1 AND holder IS NOT NULL";
        Renew = $"UPDATE {runs} SET expires_at = clock_timestamp() + $3 WHERE {Held}";
        Release = $"UPDATE {runs} SET holder = NULL WHERE {Held}";
        Fence = $"UPDATE {runs} SET epoch = epoch + 1 WHERE {Held} RETURNING epoch";
        State = $"SELECT next_sequence, complete FROM {runs} WHERE {Held}";

        Append = $"""
            WITH run AS (
              UPDATE {runs} SET next_sequence = $4 + 1, complete = $5 = 5, last_written_at = $6
              WHERE {Held} AND epoch = $3 AND next_sequence = $4 AND NOT complete
              RETURNING key, generation, token)
            INSERT INTO {records} (run, generation, token, {Columns})
            SELECT key, generation, token, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM run
            """;

        // One row without a record says that the lease is good and there is nothing to read; no row, that it isn't.
        Read = $"""
            SELECT {Columns} FROM {runs} AS run
            LEFT JOIN {records} AS record ON record.run = run.key AND record.generation = run.generation AND record.sequence >= $3
            WHERE run.key = $1 AND run.token = $2 AND run.holder IS NOT NULL
            ORDER BY sequence
            """;

        PruningCandidates = $"""
            SELECT key FROM {runs} AS run WHERE {Free} AND (
              key IN (SELECT record.run FROM {records} AS record WHERE kind = 5 AND written_at < $1)
              OR ($2 AND NOT complete AND next_sequence > 0 AND last_written_at < $1)
              OR NOT EXISTS (SELECT FROM {records} AS record WHERE record.run = run.key))
            """;
        LockFreeRun = $"SELECT generation FROM {runs} WHERE key = $1 AND {Free} FOR UPDATE";
        GenerationsOver = $"""
            SELECT generation FROM {records} WHERE run = $1 AND kind = 5 AND written_at < $2
            UNION
            SELECT generation FROM {runs} WHERE key = $1 AND $3 AND NOT complete AND next_sequence > 0 AND last_written_at < $2
            """;
        DeleteGenerations = $"DELETE FROM {records} WHERE run = $1 AND generation = ANY($2)";

        // A lease that has run out may still think that it holds what was deleted: the new token tells it otherwise.
        CloseDeletedGeneration =
            $"UPDATE {runs} SET next_sequence = 0, complete = true, holder = NULL, token = DEFAULT WHERE key = $1 AND generation = ANY($2)";
        DeleteEmptyRun =
            $"DELETE FROM {runs} AS run WHERE key = $1 AND NOT EXISTS (SELECT FROM {records} AS record WHERE record.run = run.key)";
    }

    public string SchemaExists { get; }

    public string SchemaVersion { get; }

    public string Acquire { get; }

    public string Holder { get; }

    public string Renew { get; }

    public string Release { get; }

    /// <summary>Begins the lease's next epoch: waits for an append that is being executed, and no earlier one takes effect after.</summary>
    public string Fence { get; }

    public string State { get; }

    public string Append { get; }

    public string Read { get; }

    public string PruningCandidates { get; }

    public string LockFreeRun { get; }

    public string GenerationsOver { get; }

    public string DeleteGenerations { get; }

    public string CloseDeletedGeneration { get; }

    public string DeleteEmptyRun { get; }

    public static string Quote(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
