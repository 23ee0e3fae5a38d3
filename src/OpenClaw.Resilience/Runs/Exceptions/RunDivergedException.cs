namespace OpenClaw.Resilience;

/// <summary>
/// A resumed program asks for something else than what the run has stored under that name: another input, another order, another type.
/// Giving it the stored result would be giving it the answer to another question.
/// </summary>
public sealed class RunDivergedException : CheckpointException
{
    internal RunDivergedException(RunId runId, string step, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        RunId = runId;
        Step = step;
    }

    /// <summary>The run.</summary>
    public RunId RunId { get; }

    /// <summary>The step that was asked for.</summary>
    public string Step { get; }
}
