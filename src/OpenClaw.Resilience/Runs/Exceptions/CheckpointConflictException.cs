namespace OpenClaw.Resilience;

/// <summary>Two want to write one run. The one who gets this must stop: nothing of it was written.</summary>
public sealed class CheckpointConflictException : CheckpointException
{
    /// <summary>Says that someone else holds the run.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="heldBy">Who holds it, as far as is known.</param>
    /// <param name="heldSince">Since when, as far as is known.</param>
    /// <param name="innerException">What the store met.</param>
    public CheckpointConflictException(RunId runId, string? heldBy, DateTimeOffset? heldSince, Exception? innerException = null)
        : base(HeldMessage(runId, heldBy, heldSince), innerException)
    {
        RunId = runId;
        Conflict = CheckpointConflict.Held;
        HeldBy = heldBy;
        HeldSince = heldSince;
    }

    /// <summary>Says that a write was refused.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="conflict">Why.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="innerException">What the store met.</param>
    public CheckpointConflictException(RunId runId, CheckpointConflict conflict, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        RunId = runId;
        Conflict = conflict;
    }

    /// <summary>The run.</summary>
    public RunId RunId { get; }

    /// <summary>Why it could not be taken or written.</summary>
    public CheckpointConflict Conflict { get; }

    /// <summary>Who holds the run, when that is known.</summary>
    public string? HeldBy { get; }

    /// <summary>Since when, when that is known.</summary>
    public DateTimeOffset? HeldSince { get; }

    private static string HeldMessage(RunId runId, string? heldBy, DateTimeOffset? heldSince)
    {
        string since = heldSince is { } time ? $" since {time.UtcDateTime:u}" : "";
        return $"Run '{runId}' is held by {heldBy ?? "another process or another AgentRun of this one"}{since}. One run has one worker: "
            + "wait for it, stop it, or use another run id.";
    }
}
