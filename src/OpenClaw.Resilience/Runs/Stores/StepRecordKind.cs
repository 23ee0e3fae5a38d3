namespace OpenClaw.Resilience;

/// <summary>What a record of a run says. The numbers are part of the stored format.</summary>
public enum StepRecordKind
{
    /// <summary>A process took the run. Carries the generation's random key, which the first process made, and names the owner.</summary>
    RunOpened = 1,

    /// <summary>A step is about to run. Need not survive a power failure.</summary>
    StepStarted = 2,

    /// <summary>A step has run and this is its result.</summary>
    StepCompleted = 3,

    /// <summary>A step has thrown. Need not survive a power failure.</summary>
    StepFailed = 4,

    /// <summary>The run is complete; nothing follows in its generation.</summary>
    RunCompleted = 5,

    /// <summary>A retry of a call, or of the whole task, was taken from the run's budget. Need not survive a power failure.</summary>
    RetrySpent = 6,
}
