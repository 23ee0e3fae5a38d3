using System.Net.Sockets;
using Npgsql;

namespace OpenClaw.Resilience;

/// <summary>Lends a connection for a piece of work, and does the work again on another one when the connection is lost.</summary>
internal sealed class Connections(NpgsqlDataSource source, Schema schema, PostgreSqlCheckpointStoreOptions options)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>Whether an exception leaves open what became of the statement that was under way.</summary>
    /// <remarks>An error that the server reports has undone the statement. One that ends the session may come after its commit.</remarks>
    public static bool LeavesOutcomeOpen(Exception exception) => exception is not PostgresException { InvariantSeverity: "ERROR" };

    /// <param name="work">What to do; it must be safe to repeat whatever became of it.</param>
    /// <param name="what">What that is, for the message of a failure: "append to run 'x'".</param>
    /// <param name="cancellationToken">Ends it, between and inside the attempts.</param>
    /// <exception cref="CheckpointStoreException">It failed, or kept failing for as long as the options allow.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, string what, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        for (TimeSpan wait = FirstWait; ; wait = Min(wait * 2, LongestWait))
        {
            try
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await schema.EnsureAsync(connection, cancellationToken).ConfigureAwait(false);
                return await work(connection).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsOfTheDatabase(exception))
            {
                if (!MayPass(exception) || options.TimeProvider.GetElapsedTime(began) + wait > options.RetryFor)
                {
                    throw new CheckpointStoreException(
                        $"Could not {what} in schema '{options.Schema}' of the PostgreSQL database: {exception.Message}", exception);
                }
            }

            await Task.Delay(wait, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsOfTheDatabase(Exception exception) => exception is NpgsqlException or IOException or SocketException or TimeoutException;

    /// <summary>
    /// The server is away or going away, or two transactions stood in each other's way. Neither a wrong password nor a missing table gets
    /// better with time.
    /// </summary>
    private static bool MayPass(Exception exception) => exception is not PostgresException error
        || error.IsTransient
        || error.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
