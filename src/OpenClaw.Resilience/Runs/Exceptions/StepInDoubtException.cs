namespace OpenClaw.Resilience;

/// <summary>
/// A step was started before the crash and its result is unknown: its work may have been done. It isn't repeated unless someone says so.
/// </summary>
public sealed class StepInDoubtException : CheckpointException
{
    internal StepInDoubtException(RunId runId, InDoubtStep step)
        : base(
            $"Step '{step.Step}' of run '{runId}' is in doubt: attempt {step.Attempt} {What(step)}, so its work may have been done. "
            + "It was not repeated. Look at what the step does (the gateway's session, the tools it calls). "
            + $"If running it again is harmless, restart once with {RunEnvironment.OnInDoubtVariable}={nameof(InDoubtAction.RunAgain)}, "
            + "or set OnInDoubt = InDoubtAction.RunAgain for steps that may always run again.")
    {
        RunId = runId;
        Step = step.Step;
        Attempt = step.Attempt;
        StartedAt = step.StartedAt;
    }

    /// <summary>The run.</summary>
    public RunId RunId { get; }

    /// <summary>The key of the step.</summary>
    public string Step { get; }

    /// <summary>Which execution is in doubt, from 1.</summary>
    public int Attempt { get; }

    /// <summary>When that execution started.</summary>
    public DateTimeOffset StartedAt { get; }

    private static string What(InDoubtStep step)
    {
        string started = $"was started at {step.StartedAt.UtcDateTime:u}";
        return step.Failure is null ? $"{started} and never ended" : $"{started} and ended with {step.Failure}";
    }
}
