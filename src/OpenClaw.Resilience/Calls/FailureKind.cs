namespace OpenClaw.Resilience;

/// <summary>What a failure says about trying again; whether that is allowed depends on <see cref="GatewayFailure.MayHaveRun"/>.</summary>
public enum FailureKind
{
    /// <summary>It may be gone in a moment: no connection, a time-out, a drain, most 5xx.</summary>
    Transient,

    /// <summary>The gateway or its provider has too much to do: 429 and 529, and a 503 that says so. Wait, then try again.</summary>
    Throttled,

    /// <summary>Too many failed sign-ins. Even the right credential is refused until the lockout ends.</summary>
    Lockout,

    /// <summary>The same call fails again: bad request, credential, quota, policy, or a bug around the call.</summary>
    Permanent,

    /// <summary>The answer, or the wait for it, ended early: a crash, a proxy's limit, a stream without its terminator.</summary>
    Truncated,

    /// <summary>The caller cancelled.</summary>
    Cancelled,
}
