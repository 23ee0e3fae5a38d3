namespace OpenClaw.Resilience;

/// <summary>
/// The store could not be opened, read or written: the disk is full, a permission is missing, a connection is gone. What was acknowledged
/// before is safe.
/// </summary>
public sealed class CheckpointStoreException : CheckpointException
{
    /// <summary>Says what failed.</summary>
    /// <param name="message">What failed, where, and what to do.</param>
    /// <param name="innerException">What the store met.</param>
    public CheckpointStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
