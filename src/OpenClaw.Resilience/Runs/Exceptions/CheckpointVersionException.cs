namespace OpenClaw.Resilience;

/// <summary>A stored run has a version that this program can't read: a newer one, or an older one without a migrator.</summary>
public sealed class CheckpointVersionException : CheckpointException
{
    /// <summary>Says which version was found.</summary>
    /// <param name="message">What was found and what to do.</param>
    /// <param name="found">The version that is stored.</param>
    /// <param name="known">The newest version that this program knows.</param>
    public CheckpointVersionException(string message, int found, int known)
        : base(message)
    {
        Found = found;
        Known = known;
    }

    /// <summary>The version that is stored.</summary>
    public int Found { get; }

    /// <summary>The newest version that this program knows.</summary>
    public int Known { get; }
}
