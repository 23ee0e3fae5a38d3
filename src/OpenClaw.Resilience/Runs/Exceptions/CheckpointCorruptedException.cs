namespace OpenClaw.Resilience;

/// <summary>
/// A stored run is damaged where that can't be explained by a crash: records that were once safely stored are unreadable. Nothing was
/// changed or skipped.
/// </summary>
public sealed class CheckpointCorruptedException : CheckpointException
{
    /// <summary>Says where the damage is.</summary>
    /// <param name="path">The file, or whatever the store calls the place.</param>
    /// <param name="offset">Where the damage begins, in bytes from the start of the file.</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="advice">What to do about it.</param>
    public CheckpointCorruptedException(string path, long offset, string problem, string advice)
        : base($"'{path}' is damaged at byte {offset}: {problem} {advice}")
    {
        Path = path;
        Offset = offset;
    }

    /// <summary>The damaged file.</summary>
    public string Path { get; }

    /// <summary>Where the damage begins, in bytes from the start.</summary>
    public long Offset { get; }
}
