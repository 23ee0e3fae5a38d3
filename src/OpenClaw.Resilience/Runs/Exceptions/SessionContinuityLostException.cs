namespace OpenClaw.Resilience;

/// <summary>
/// A gateway session has fewer turns than the run knows of: it was deleted or reset, or the gateway has lost its state. The step was not started; the
/// agent would have gone on from a blank slate, and its answers would have looked plausible.
/// </summary>
public sealed class SessionContinuityLostException : CheckpointException
{
    internal SessionContinuityLostException(RunId runId, string step, string sessionKey, int knownTurns, int foundTurns)
        : base(
            $"Step '{step}' of run '{runId}' was not started: its session '{sessionKey}' has {foundTurns} turns, and the run knows of {knownTurns}. "
            + "The gateway has lost the conversation, or someone has reset it. Bring the gateway's state back from a copy, "
            + "or give the run another session and the results of its finished steps to begin with.")
    {
        RunId = runId;
        Step = step;
        SessionKey = sessionKey;
        KnownTurns = knownTurns;
        FoundTurns = foundTurns;
    }

    /// <summary>The run.</summary>
    public RunId RunId { get; }

    /// <summary>The key of the step that was not started.</summary>
    public string Step { get; }

    /// <summary>The session.</summary>
    public string SessionKey { get; }

    /// <summary>The turns that the session had at least.</summary>
    public int KnownTurns { get; }

    /// <summary>The turns that it has.</summary>
    public int FoundTurns { get; }
}
