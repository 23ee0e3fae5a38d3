namespace OpenClaw.Resilience.RunWorker;

/// <summary>The file store, as it is or with a planted bug that the checker must find.</summary>
internal static class Stores
{
    public static ICheckpointStore Open(string directory, string bug)
    {
        var store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = directory });
        return bug switch
        {
            "none" => store,
            "ack-before-append" => new AckBeforeAppendStore(store),
            "duplicate-append" => new DuplicateAppendStore(store),
            "lost-tail" => new LostTailStore(store),
            "lost-marks" => new LostMarksStore(store),
            _ => throw new ArgumentException($"There is no bug '{bug}'.", nameof(bug)),
        };
    }
}
