namespace OpenClaw.Resilience;

/// <summary>What is special about one step.</summary>
public sealed class StepOptions
{
    internal static StepOptions None { get; } = new();

    /// <summary>
    /// A digest of what the step works on. A resumed run whose step works on something else gets <see cref="RunDivergedException"/> instead
    /// of the stored result. Default: none, no such check.
    /// </summary>
    public StepInput? Input { get; init; }

    /// <summary>
    /// What happens when an earlier process had started the step and its outcome is unknown. Default: what the run says
    /// (<see cref="AgentRunOptions.OnInDoubt"/>).
    /// </summary>
    public InDoubtAction? OnInDoubt { get; init; }

    /// <summary>
    /// The gateway session in which the step takes a turn: looked at before the step, so that a lost session is never taken for an empty one. A step
    /// that is finished has taken a turn, or must not name a session. Default: none, no such look.
    /// </summary>
    public SessionContinuityGuard? Session { get; init; }
}
