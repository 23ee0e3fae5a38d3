namespace OpenClaw.Resilience;

/// <summary>
/// A step was not started because the process is about to end. The run can be resumed; nothing is in doubt. Derives from what a host's loops end on
/// already.
/// </summary>
public sealed class RunDrainedException : OperationCanceledException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was not started.</param>
    /// <param name="draining">The token that was cancelled: <see cref="DrainCoordinator.Draining"/>.</param>
    public RunDrainedException(string message, CancellationToken draining)
        : base(message, draining)
    {
    }
}
