namespace OpenClaw.Resilience;

/// <summary>A run whose lock file is locked and whose journal is open.</summary>
internal sealed class FileRunLease(RunId runId, string owner, int generation, Journal journal, string name, IDisposable held)
    : RunLease(runId, owner, generation, journal.LastToken + 1)
{
    private IDisposable? _lock = held;

    public Journal Journal { get; } = journal;

    public string Name { get; } = name;

    public bool IsReleased => Volatile.Read(ref _lock) is null;

    /// <summary>Closes the journal, then drops the lock; only the first call does something.</summary>
    /// <param name="beforeUnlock">What must happen while the run is still held.</param>
    public void Release(Action beforeUnlock)
    {
        if (Interlocked.Exchange(ref _lock, null) is not { } held)
        {
            return;
        }

        using (held)
        {
            Journal.Dispose();
            beforeUnlock();
        }
    }
}
