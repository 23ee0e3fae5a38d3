namespace OpenClaw.Resilience;

/// <summary>Why a pipeline refused a call without sending it.</summary>
public enum RejectionReason
{
    /// <summary>The circuit is open: the gateway failed too often a short time ago.</summary>
    CircuitOpen,

    /// <summary>All permits are taken and the queue is full.</summary>
    QueueFull,

    /// <summary>The gateway has locked out this client after failed sign-ins; each further call would only be refused.</summary>
    Lockout,

    /// <summary>The call's session has a turn under way, and the calls that wait for their sessions are as many as may.</summary>
    SessionQueueFull,
}
