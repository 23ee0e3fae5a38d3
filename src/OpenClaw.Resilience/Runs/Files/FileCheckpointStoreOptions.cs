namespace OpenClaw.Resilience;

/// <summary>Where and how <see cref="FileCheckpointStore"/> keeps runs.</summary>
public sealed class FileCheckpointStoreOptions
{
    /// <summary>
    /// The directory for all runs. Default: the environment variable <c>OPENCLAW_RUNS_DIRECTORY</c>, else <c>OpenClaw.Resilience/runs</c>
    /// below the user's local application data. Never a temporary directory by default: a restart may empty those.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// Accept a directory on a network file system. Default: no, because locks there may not hold between machines and a flush may end in a
    /// cache of the server; then two workers can write one run, or a power failure loses acknowledged steps.
    /// </summary>
    public bool AllowNetworkFileSystem { get; init; }
}
