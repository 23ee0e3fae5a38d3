namespace OpenClaw.Resilience;

/// <summary>Why a run could not be taken or written.</summary>
public enum CheckpointConflict
{
    /// <summary>Someone else holds the run.</summary>
    Held,

    /// <summary>The run was held, and someone else has taken it since, or the lease was given back.</summary>
    FencedOff,

    /// <summary>The log has more or fewer records than the writer expected.</summary>
    Version,
}
