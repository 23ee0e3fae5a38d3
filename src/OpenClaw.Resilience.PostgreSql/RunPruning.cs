using Npgsql;

namespace OpenClaw.Resilience;

/// <summary>Deletes generations that are over, one run after the other: each in a transaction that holds the run's row.</summary>
internal sealed class RunPruning(Statements statements, DateTimeOffset endedBefore, bool includeStale)
{
    private readonly long _before = endedBefore.UtcTicks;

    /// <summary>Runs that nobody holds and that may have something to delete. What is true of them is asked again under their
    /// lock.</summary>
    public Task<List<long>> CandidatesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => connection.QueryAsync(
        statements.PruningCandidates, row => row.GetInt64(0), cancellationToken, Commands.Value(_before), Commands.Value(includeStale));

    /// <summary>Deletes what is over of one run, and the run's row when nothing is left of it.</summary>
    /// <remarks>
    /// Statements of their own: each sees what was committed before it began, and none before the lock was got. A row can go without a
    /// trace, for tokens come from a sequence and keys are never used again.
    /// </remarks>
    /// <returns>How many generations were deleted.</returns>
    public async Task<int> PruneAsync(NpgsqlConnection connection, long key, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
        NpgsqlParameter<long> run = Commands.Value(key);
        if (await connection.QueryAsync(statements.LockFreeRun, row => row.GetInt32(0), cancellationToken, run.Clone()).ConfigureAwait(false) is [])
        {
            return 0;
        }

        List<int> over = await connection.QueryAsync(
            statements.GenerationsOver, row => row.GetInt32(0), cancellationToken,
            run.Clone(), Commands.Value(_before), Commands.Value(includeStale)).ConfigureAwait(false);
        foreach (string statement in new[] { statements.DeleteGenerations, statements.CloseDeletedGeneration })
        {
            await connection.ChangeAsync(statement, cancellationToken, run.Clone(), Commands.Value(over)).ConfigureAwait(false);
        }

        await connection.ChangeAsync(statements.DeleteEmptyRun, cancellationToken, run.Clone()).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return over.Count;
    }
}
