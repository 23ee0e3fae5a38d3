using System.Runtime.CompilerServices;
using Npgsql;

namespace OpenClaw.Resilience;

/// <summary>Keeps runs in PostgreSQL 12 or later, for workers on any number of machines.</summary>
/// <remarks>
/// <para>A run is held by a lease that expires by the server's clock and is renewed meanwhile. A worker that was paused for longer can
/// write nothing once another has taken the run: every statement names the fencing token, and the row that holds it is locked by the
/// statement that writes.</para>
/// <para>An append is one statement and one round trip. When the connection breaks before its answer, the store itself finds out on a new
/// connection whether the record is there, and writes it if it isn't: it is never there twice, and never reported as lost while it is
/// there. See <c>docs/checkpoint-postgresql.md</c>.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var store = new PostgreSqlCheckpointStore("Host=db;Username=agents;Database=agents");
/// await using AgentRun run = await AgentRun.ResumeAsync(RunId.From("research", topic), new AgentRunOptions { Store = store }, ct);
/// </code>
/// </example>
public sealed class PostgreSqlCheckpointStore : ICheckpointStore, IAsyncDisposable
{
    private readonly Statements _statements;
    private readonly Connections _connections;
    private readonly NpgsqlDataSource? _owned;

    /// <summary>A store with connections of its own. Nothing is opened or created before a run is.</summary>
    /// <param name="connectionString">What Npgsql accepts. The password is better left to a <c>.pgpass</c> file, a certificate or a data
    /// source than put here.</param>
    /// <param name="options">Default: <see cref="PostgreSqlCheckpointStoreOptions"/> as they are.</param>
    /// <exception cref="ArgumentException">The connection string can't be read, or an option is out of range.</exception>
    public PostgreSqlCheckpointStore(string connectionString, PostgreSqlCheckpointStoreOptions? options = null)
        : this(NpgsqlDataSource.Create(connectionString), options, isOwned: true)
    {
    }

    /// <summary>A store that takes its connections from the application's data source and leaves that open.</summary>
    /// <param name="dataSource">To one writable server, or a data source that finds it (<c>Target Session Attributes=primary</c>).</param>
    /// <param name="options">Default: <see cref="PostgreSqlCheckpointStoreOptions"/> as they are.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public PostgreSqlCheckpointStore(NpgsqlDataSource dataSource, PostgreSqlCheckpointStoreOptions? options = null)
        : this(dataSource, options, isOwned: false)
    {
    }

    private PostgreSqlCheckpointStore(NpgsqlDataSource dataSource, PostgreSqlCheckpointStoreOptions? options, bool isOwned)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        options = (options ?? new PostgreSqlCheckpointStoreOptions()).Validated();
        _owned = isOwned ? dataSource : null;
        _statements = new Statements(options.Schema);
        _connections = new Connections(dataSource, new Schema(_statements, options), options);
    }

    /// <summary>What creates the tables in the given schema, for a migration or someone with the rights. It may be run again.</summary>
    /// <param name="schema">As in <see cref="PostgreSqlCheckpointStoreOptions.Schema"/>.</param>
    public static string SchemaScript(string schema = "openclaw")
    {
        ArgumentException.ThrowIfNullOrEmpty(schema);
        return Schema.Script(schema);
    }

    /// <inheritdoc/>
    public async Task<RunLease> AcquireAsync(RunId runId, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        cancellationToken.ThrowIfCancellationRequested();
        Guid holder = Guid.NewGuid();
        return await _connections.RunAsync(
            async connection =>
            {
                List<PostgreSqlRunLease> leases = await connection.ChangeAndReturnAsync(
                    _statements.Acquire,
                    row => new PostgreSqlRunLease(runId, owner, row.GetInt32(1), row.GetInt64(2), row.GetInt64(0)) { Duration = duration },
                    cancellationToken,
                    Commands.Text(runId.Value), Commands.Value(holder), Commands.Text(owner), Commands.Value(duration)).ConfigureAwait(false);
                return leases is [var lease] ? lease : throw await HeldAsync(connection, runId, cancellationToken).ConfigureAwait(false);
            },
            $"take run '{runId}'",
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task RenewAsync(RunLease lease, CancellationToken cancellationToken = default)
    {
        PostgreSqlRunLease own = Cast(lease);
        int renewed = await _connections.RunAsync(
            connection => connection.ChangeAsync(
                _statements.Renew, cancellationToken,
                Commands.Value(own.Key), Commands.Value(own.FencingToken), Commands.Value(own.Duration!.Value)),
            $"renew the lease of run '{own.RunId}'",
            cancellationToken).ConfigureAwait(false);
        if (renewed == 0)
        {
            throw FencedOff(own);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The records are read at once, and the connection is free before the first is returned.</remarks>
    public async IAsyncEnumerable<StepRecord> ReadAsync(
        RunLease lease, long fromSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PostgreSqlRunLease own = Cast(lease);
        List<StepRecord> records;
        await own.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            records = await _connections.RunAsync(
                async connection =>
                {
                    await SettleAsync(connection, own, cancellationToken).ConfigureAwait(false);
                    return await ReadAsync(connection, own, fromSequence, cancellationToken).ConfigureAwait(false);
                },
                $"read run '{own.RunId}'",
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            own.Turn.Release();
        }

        foreach (StepRecord record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    /// <inheritdoc/>
    public async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        PostgreSqlRunLease own = Cast(lease);
        await own.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool wasSent = false;

            // From here on it isn't cancelled: an append that has begun is finished.
            await _connections.RunAsync(
                async connection =>
                {
                    await SettleAsync(connection, own, CancellationToken.None).ConfigureAwait(false);
                    if (!wasSent || !await IsThereAsync(connection, own, record).ConfigureAwait(false))
                    {
                        wasSent = true;
                        await AppendAsync(connection, own, record).ConfigureAwait(false);
                    }

                    return true;
                },
                $"append to run '{own.RunId}'",
                CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            own.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(RunLease lease)
    {
        PostgreSqlRunLease own = Cast(lease);
        return _connections.RunAsync(
            connection => connection.ChangeAsync(
                _statements.Release, CancellationToken.None, Commands.Value(own.Key), Commands.Value(own.FencingToken)),
            $"give run '{own.RunId}' back",
            CancellationToken.None);
    }

    /// <inheritdoc/>
    /// <remarks>A lease that has run out doesn't protect a run. Of a run without any generation left nothing stays.</remarks>
    public async Task<int> PruneAsync(DateTimeOffset endedBefore, bool includeStale = false, CancellationToken cancellationToken = default)
    {
        var pruning = new RunPruning(_statements, endedBefore, includeStale);
        List<long> candidates = await _connections.RunAsync(
            connection => pruning.CandidatesAsync(connection, cancellationToken), "look for runs to prune", cancellationToken).ConfigureAwait(false);
        int deleted = 0;
        foreach (long run in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            deleted += await _connections.RunAsync(
                connection => pruning.PruneAsync(connection, run, cancellationToken), "prune runs", cancellationToken).ConfigureAwait(false);
        }

        return deleted;
    }

    /// <summary>Closes the connections, if they are the store's own. Runs that are open can't be written any more.</summary>
    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? default;

    /// <summary>
    /// After an append of unknown outcome: fences off what is still on its way, so that what can be read from now on is what became of it.
    /// </summary>
    private async Task SettleAsync(NpgsqlConnection connection, PostgreSqlRunLease lease, CancellationToken cancellationToken)
    {
        if (!lease.IsUncertain)
        {
            return;
        }

        List<long> epoch = await connection.ChangeAndReturnAsync(
            _statements.Fence, row => row.GetInt64(0), cancellationToken,
            Commands.Value(lease.Key), Commands.Value(lease.FencingToken)).ConfigureAwait(false);
        lease.Epoch = epoch is [var next] ? next : throw FencedOff(lease);
        lease.IsUncertain = false;
    }

    private async Task<bool> IsThereAsync(NpgsqlConnection connection, PostgreSqlRunLease lease, StepRecord record) =>
        await ReadAsync(connection, lease, record.Sequence, CancellationToken.None).ConfigureAwait(false) is [var first, ..] && first == record;

    private async Task<List<StepRecord>> ReadAsync(
        NpgsqlConnection connection, PostgreSqlRunLease lease, long fromSequence, CancellationToken cancellationToken)
    {
        List<StepRecord?> rows = await connection.QueryAsync(
            _statements.Read, RecordRow.Read, cancellationToken,
            Commands.Value(lease.Key), Commands.Value(lease.FencingToken), Commands.Value(fromSequence)).ConfigureAwait(false);
        return rows is [] ? throw FencedOff(lease) : [.. rows.OfType<StepRecord>()];
    }

    private async Task AppendAsync(NpgsqlConnection connection, PostgreSqlRunLease lease, StepRecord record)
    {
        lease.IsUncertain = true;
        int appended;
        try
        {
            appended = await connection.ChangeAsync(_statements.Append, CancellationToken.None, RecordRow.Parameters(lease, record))
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (!Connections.LeavesOutcomeOpen(exception))
        {
            lease.IsUncertain = false;
            throw;
        }

        lease.IsUncertain = false;
        if (appended == 0)
        {
            throw await RefusedAsync(connection, lease, record).ConfigureAwait(false);
        }
    }

    private async Task<Exception> RefusedAsync(NpgsqlConnection connection, PostgreSqlRunLease lease, StepRecord record)
    {
        List<(long Count, bool IsComplete)> state = await connection.QueryAsync(
            _statements.State, row => (row.GetInt64(0), row.GetBoolean(1)), CancellationToken.None,
            Commands.Value(lease.Key), Commands.Value(lease.FencingToken)).ConfigureAwait(false);
        return state switch
        {
            [(_, true)] => new InvalidOperationException($"Run '{lease.RunId}' is complete; nothing can be appended to it."),
            [var (count, _)] => new CheckpointConflictException(
                lease.RunId, CheckpointConflict.Version,
                $"Record {record.Sequence} of run '{lease.RunId}' can't be appended: the log has {count} records."),
            _ => FencedOff(lease),
        };
    }

    private async Task<CheckpointConflictException> HeldAsync(NpgsqlConnection connection, RunId runId, CancellationToken cancellationToken)
    {
        List<(string Owner, DateTimeOffset Since)> holders = await connection.QueryAsync(
            _statements.Holder, row => (RecordRow.Text(row, 0), row.GetFieldValue<DateTimeOffset>(1)), cancellationToken,
            Commands.Text(runId.Value)).ConfigureAwait(false);
        return holders is [var (owner, since)]
            ? new CheckpointConflictException(runId, owner, since)
            : new CheckpointConflictException(runId, heldBy: null, heldSince: null);
    }

    private static CheckpointConflictException FencedOff(RunLease lease) => new(
        lease.RunId, CheckpointConflict.FencedOff,
        $"Run '{lease.RunId}' was given back or taken over; the lease with token {lease.FencingToken} is no longer valid.");

    private static PostgreSqlRunLease Cast(RunLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return lease as PostgreSqlRunLease ?? throw new ArgumentException($"The lease is of another store: {lease.GetType()}.", nameof(lease));
    }
}
