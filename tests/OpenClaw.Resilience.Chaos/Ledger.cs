namespace OpenClaw.Resilience.Chaos;

/// <summary>How a caller makes its call.</summary>
internal enum Shape
{
    Plain,
    Keyed,
    Nested,
    Inner,
    Stream,
    Buffered,
    Unread,
    Handler,
    BatchItem,

    /// <summary>A synchronous call.</summary>
    Blocking,

    /// <summary>A request over the gateway's WebSocket.</summary>
    Socket,
}

/// <summary>A turn that somebody wants once: its number of runs is what the whole library is about.</summary>
internal sealed class Turn
{
    public int Runs { get; set; }
}

/// <summary>One time that the callback of a call ran.</summary>
internal sealed class Attempt(CallRecord call, DateTimeOffset start, CancellationToken token)
{
    public CallRecord Call => call;

    public DateTimeOffset Start => start;

    public CancellationToken Token => token;

    /// <summary>When the answer was there, or the failure; its body may come later.</summary>
    public DateTimeOffset? Answered { get; set; }

    public DateTimeOffset? End { get; set; }

    /// <summary>Whether the token was cancelled when the call ended: what it was then, it must stay.</summary>
    public bool WasCancelledAtEnd { get; set; }

    /// <summary>Null is success.</summary>
    public Fault? Fault { get; set; }

    /// <summary>Whether its turn has really run.</summary>
    public bool HasRun { get; set; }

    /// <summary>The gateway's life that a message with a key went to.</summary>
    public string? SentTo { get; set; }

    public List<CallRecord> Inner { get; } = [];

    /// <summary>Whether its turn, or one inside of it, may have run.</summary>
    public bool MayHaveRun(GatewayKind gateway)
        => Fault is null || Fault.RanAt(gateway)
            || Inner.Exists(inner => inner.Effect != CallEffect.None && inner.Attempts.Exists(attempt => attempt.MayHaveRun(gateway)));
}

/// <summary>One call of one caller, as the caller and the gateway saw it.</summary>
internal sealed class CallRecord(int id, Shape shape, CallEffect effect, GatewayState state, Turn turn, DateTimeOffset start, CancellationToken caller)
{
    public int Id => id;

    public Shape Shape => shape;

    public CallEffect Effect => effect;

    /// <summary>The state that the call began under; a reload puts another one in its place.</summary>
    public GatewayState State { get; set; } = state;

    public Turn Turn => turn;

    public DateTimeOffset Start => start;

    public CancellationToken Caller => caller;

    /// <summary>The session whose turns must not run at the same time, or null.</summary>
    public string? Session { get; init; }

    public List<Attempt> Attempts { get; } = [];

    /// <summary>The budgets that were entered around the call.</summary>
    public IReadOnlyList<BudgetBook> Budgets { get; init; } = [];

    public DateTimeOffset? CancelledAt { get; set; }

    public DateTimeOffset? End { get; set; }

    public Exception? Exception { get; set; }

    /// <summary>Whether the consumer got something of the answer, after which nothing may be sent again.</summary>
    public bool IsHandedOut { get; set; }

    /// <summary>Whether the consumer took its own time, so that limits end no more than the next read.</summary>
    public bool IsLeisurely { get; set; }

    /// <summary>Whether what the library handed out was left without being disposed.</summary>
    public bool IsAbandoned { get; set; }

    public int OpenSources { get; set; }

    public Attempt? Last => Attempts.Count == 0 ? null : Attempts[^1];

    public override string ToString()
        => $"call {id} ({shape}, {effect}) of {start:mm:ss.fff}: {string.Join(" -> ", Attempts.Select(a => $"{a.Start:mm:ss.fff} {a.Fault?.Name ?? "ok"}"))}; "
            + $"ran {turn.Runs}, ended {End:mm:ss.fff} with {Exception?.GetType().Name ?? "a result"}";
}
