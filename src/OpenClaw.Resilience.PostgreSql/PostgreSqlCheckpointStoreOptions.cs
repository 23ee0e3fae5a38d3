namespace OpenClaw.Resilience;

/// <summary>Where and how <see cref="PostgreSqlCheckpointStore"/> keeps runs.</summary>
public sealed class PostgreSqlCheckpointStoreOptions
{
    /// <summary>The database schema that holds the tables. Default: <c>openclaw</c>, so that they never meet those of the
    /// application.</summary>
    public string Schema { get; init; } = "openclaw";

    /// <summary>
    /// Create what is missing on first use. Default: yes, for a first program needs nothing else. Where the application may not create
    /// tables, run <see cref="PostgreSqlCheckpointStore.SchemaScript"/> (<c>schema.sql</c> in the package) as someone who may; then this
    /// makes no difference.
    /// </summary>
    public bool CreateSchema { get; init; } = true;

    /// <summary>
    /// How long a call goes on trying when the server can't be reached or the connection is lost. Zero or more. Default: 20 seconds, less
    /// than the 30 seconds of <see cref="AgentRunOptions.LeaseDuration"/>: a restart of the server passes unnoticed, and a worker doesn't
    /// wait for a lease that is gone.
    /// </summary>
    /// <remarks>How long one attempt waits is the connection string's matter: <c>Timeout</c> and <c>Command Timeout</c>.</remarks>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock for the waits between attempts. Default: the system's. Leases go by the clock of the server.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal PostgreSqlCheckpointStoreOptions Validated()
    {
        ArgumentException.ThrowIfNullOrEmpty(Schema);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetryFor, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        return this;
    }
}
