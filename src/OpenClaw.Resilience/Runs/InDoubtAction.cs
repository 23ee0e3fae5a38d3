namespace OpenClaw.Resilience;

/// <summary>What happens to a step that was started before a crash and whose result is unknown.</summary>
public enum InDoubtAction
{
    /// <summary>Throw <see cref="StepInDoubtException"/>: a person or the program decides.</summary>
    Throw,

    /// <summary>
    /// Run it again, with the same <see cref="StepContext.IdempotencyKey"/>: right for steps without effects and for receivers that know
    /// the key.
    /// </summary>
    RunAgain,
}
