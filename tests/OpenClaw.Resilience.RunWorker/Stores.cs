namespace OpenClaw.Resilience.RunWorker;

/// <summary>A store, as it is or with a planted bug that the checker must find.</summary>
internal static class Stores
{
    /// <param name="place">A directory, or the connection string of a PostgreSQL database.</param>
    /// <param name="bug">Its name, or "none".</param>
    public static ICheckpointStore Open(string place, string bug)
    {
        bool isDatabase = place.StartsWith("Host=", StringComparison.Ordinal);
        ICheckpointStore store = isDatabase
            ? new PostgreSqlCheckpointStore(place)
            : new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = place });
        return bug switch
        {
            "none" => store,
            "ack-before-append" => new AckBeforeAppendStore(store),
            "duplicate-append" => new DuplicateAppendStore(store),
            "lost-tail" => new LostTailStore(store),
            "lost-marks" => new LostMarksStore(store),
            "unfenced-append" when isDatabase => new UnfencedAppendStore(store, place),
            "blind-retry" when isDatabase => new BlindRetryStore(store, place),
            _ => throw new ArgumentException($"There is no bug '{bug}' in this store.", nameof(bug)),
        };
    }
}
