namespace OpenClaw.Resilience;

/// <summary>
/// Notices that a gateway session has lost what a run knows to have happened in it, before the run goes on from a blank slate. Belongs into
/// <see cref="StepOptions.Session"/> of the steps that take turns in the session; may serve many runs. Thread safe.
/// </summary>
/// <remarks>
/// <para>Before each step the session's turns are counted: one read, no turn. The run remembers the number with the step's records, and one more when
/// the step is finished. A session that has fewer ends the step with <see cref="SessionContinuityLostException"/> before anything is sent: it was
/// deleted, reset, or is that of a gateway whose state is gone.</para>
/// <para>Only a number is a proof. A session whose turns can't all be seen, because it was compacted or is longer than the gateway shows at once, is
/// not taken for a lost one. A count that fails, as when the gateway is away, is the step's failure: nothing has been sent.</para>
/// </remarks>
/// <example>
/// <code>
/// var session = new StepOptions { Session = new SessionContinuityGuard(socket, "agent:main:research-7") };
/// string plan = await run.StepAsync("plan", (step, ct) => AskAsync(socket, "agent:main:research-7", prompt, step.IdempotencyKey, ct), session, cancellationToken);
/// </code>
/// </example>
public sealed class SessionContinuityGuard
{
    private readonly Func<CancellationToken, Task<SessionTurns>> _count;

    /// <summary>Creates a guard that asks the gateway for the session's transcript (<c>chat.history</c>, which needs the scope
    /// <c>operator.read</c>). Works also for sessions whose turns are sent over HTTP.</summary>
    /// <param name="socket">A socket to the gateway; not owned.</param>
    /// <param name="sessionKey">The session's key, such as <c>agent:main:research-7</c>: what the turns send as <c>sessionKey</c> or as the header
    /// <c>x-openclaw-session-key</c>.</param>
    public SessionContinuityGuard(GatewaySocket socket, string sessionKey)
        : this(sessionKey)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _count = token => SessionTranscript.CountAsync(socket, sessionKey, token);
    }

    /// <summary>Creates a guard that counts in the program's own way.</summary>
    /// <param name="sessionKey">What tells the session from others; only a hash of it is stored.</param>
    /// <param name="countTurns">How many turns the session has: 0 when there is no such session, null when it can't be told, as after a
    /// compaction. What it throws is the step's failure.</param>
    public SessionContinuityGuard(string sessionKey, Func<CancellationToken, Task<int?>> countTurns)
        : this(sessionKey)
    {
        ArgumentNullException.ThrowIfNull(countTurns);
        _count = async token => await countTurns(token).ConfigureAwait(false) switch
        {
            null => SessionTurns.Unknown,
            >= 0 and int turns => new SessionTurns(turns, IsAll: true),
            int turns => throw new InvalidOperationException($"Session '{sessionKey}' was counted to have {turns} turns."),
        };
    }

    private SessionContinuityGuard(string sessionKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionKey);
        SessionKey = sessionKey;
        Digest = SessionMark.DigestOf(sessionKey);
        _count = null!;
    }

    /// <summary>The session's key.</summary>
    public string SessionKey { get; }

    /// <summary>What stands for the session in a run's records.</summary>
    internal string Digest { get; }

    internal Task<SessionTurns> CountAsync(CancellationToken cancellationToken) => _count(cancellationToken);
}
