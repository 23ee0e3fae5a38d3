namespace OpenClaw.Resilience;

/// <summary>What goes wrong with a run itself, as opposed to what its steps throw.</summary>
public abstract class CheckpointException : Exception
{
    private protected CheckpointException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
