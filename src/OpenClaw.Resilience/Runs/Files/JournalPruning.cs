namespace OpenClaw.Resilience;

/// <summary>Deletes the journals of generations that are over, run by run, each under its lock.</summary>
internal sealed class JournalPruning(IRunFileSystem files, RunLayout layout, DateTimeOffset endedBefore, bool includeStale)
{
    public int Run(CancellationToken cancellationToken)
    {
        int deleted = 0;
        foreach (string name in files.DirectoryNames(layout.Root))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What has no journal isn't ours, or is a run that is just being opened.
            if (Journals(name).Count > 0 && files.DirectoryExists(layout.Locks))
            {
                deleted += PruneRun(name);
            }
        }

        return deleted;
    }

    private int PruneRun(string name)
    {
        using IDisposable? held = files.TryLock(layout.LockOf(name));
        if (held is null)
        {
            return 0;
        }

        List<string> over = [.. Journals(name).Where(IsOver)];
        over.ForEach(files.DeleteFile);
        if (over.Count > 0 && files.FileNames(layout.DirectoryOf(name)).Count == 0)
        {
            files.DeleteDirectory(layout.DirectoryOf(name));
        }

        return over.Count;
    }

    private List<string> Journals(string name) =>
    [
        .. files.FileNames(layout.DirectoryOf(name))
            .Where(file => RunLayout.GenerationOf(file) is not null)
            .Select(file => Path.Combine(layout.DirectoryOf(name), file)),
    ];

    private bool IsOver(string path)
    {
        using IRunFile file = files.OpenFile(path, create: false);
        try
        {
            JournalScan scan = JournalScan.Run(file, path);
            return (scan.IsComplete || includeStale) && (scan.LastAt is null || scan.LastAt < endedBefore);
        }
        catch (CheckpointException)
        {
            // Damaged or of a newer format: whoever opens the run is told. What can't be read isn't deleted.
            return false;
        }
    }
}
