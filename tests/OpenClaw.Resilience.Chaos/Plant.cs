namespace OpenClaw.Resilience.Chaos;

/// <summary>Bugs that are planted between the library and the callers to prove that the checker finds them.</summary>
public enum Plant
{
    None,

    /// <summary>A failed call is made once more, whatever its effect.</summary>
    ReplayUnsafely,

    /// <summary>A stream of nobody keeps its permit.</summary>
    LeakPermit,

    /// <summary>A timer of nobody goes on.</summary>
    LeakTimer,

    /// <summary>Two calls get the same token, as from a pool.</summary>
    ShareToken,

    /// <summary>A finished call's token is cancelled later, as by the next user of a pooled source.</summary>
    CancelStranger,

    /// <summary>The transport does not get the token, so no limit and no cancellation reaches it.</summary>
    DropToken,

    /// <summary>A cancellation does not carry the caller's token.</summary>
    ForgetCaller,

    /// <summary>A failure is wrapped and loses what is known about it.</summary>
    HideFailure,

    /// <summary>A failure that may have run says that it has not.</summary>
    DenyRun,

    /// <summary>A nested call is taken for a stranger's: it waits for a permit that its own caller holds.</summary>
    ForgetNesting,

    /// <summary>A call that names its session is made as one that names none.</summary>
    ForgetSession,

    /// <summary>A refusal for no reason.</summary>
    RefuseIdly,

    /// <summary>A source of elements is never disposed.</summary>
    LeakSource,

    /// <summary>A call that never ends.</summary>
    NeverEnd,

    /// <summary>A synchronous call leaves its thread behind as if that were still inside of it: all later calls there are nested.</summary>
    StayInside,

    /// <summary>A retry is not charged to the budget around its call.</summary>
    ForgetBudget,

    /// <summary>A call is charged a retry that nobody makes.</summary>
    ChargeIdly,

    /// <summary>A turn over the WebSocket that was cut off is sent again with its key, whoever answers now.</summary>
    ResendToAnyLife,

    /// <summary>A request over the WebSocket gets the answer of another one.</summary>
    MixUpAnswers,

    /// <summary>A WebSocket is never let go.</summary>
    LeakSocket,
}
