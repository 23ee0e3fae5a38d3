namespace OpenClaw.Demo;

/// <summary>What goes wrong, once in each run of the agent's research, at a fixed place.</summary>
internal enum Fault
{
    None,

    /// <summary>The model provider is at its limit for some seconds, and the gateway passes on how long to wait.</summary>
    ThrottledWithRetryAfter,

    /// <summary>The same without a hint.</summary>
    Throttled,

    /// <summary>The gateway drains before a restart: nothing new is admitted.</summary>
    Draining,

    /// <summary>The turn has run, and the connection breaks before the answer is out.</summary>
    Reset,

    /// <summary>The gateway accepts the control connection and never answers it.</summary>
    Hang,

    /// <summary>The agent is killed while it does nothing, after an acknowledged step.</summary>
    KillBetweenSteps,

    /// <summary>The agent is killed while a turn is running.</summary>
    KillInStep,

    /// <summary>The model provider fails for some seconds; the real gateway passes that on.</summary>
    ProviderFails,

    /// <summary>The model provider is at its limit for some seconds.</summary>
    ProviderThrottles,

    /// <summary>The model provider breaks one connection in the middle of its answer.</summary>
    ProviderResets,

    /// <summary>The model provider accepts one call and never answers it.</summary>
    ProviderHangs,

    /// <summary>The gateway is killed in the middle of a turn, and started again at once.</summary>
    GatewayKilled,

    /// <summary>The gateway is told to end in the middle of a turn, finishes it, and is started again.</summary>
    GatewayDrained,
}

/// <summary>The fixed schedule of a fault.</summary>
internal static class Schedule
{
    /// <summary>The faults of the stand-in gateway.</summary>
    public static readonly Fault[] StandIn =
    [
        Fault.None, Fault.ThrottledWithRetryAfter, Fault.Throttled, Fault.Draining, Fault.Reset, Fault.Hang, Fault.KillBetweenSteps, Fault.KillInStep,
    ];

    /// <summary>The faults of the real gateway and of the model provider behind it.</summary>
    public static readonly Fault[] Real =
    [
        Fault.None, Fault.ProviderFails, Fault.ProviderThrottles, Fault.ProviderResets, Fault.ProviderHangs,
        Fault.GatewayKilled, Fault.GatewayDrained, Fault.KillInStep,
    ];

    /// <summary>The step of the research at which the fault strikes.</summary>
    public const int Step = 4;

    /// <summary>How long a gateway or its provider fails, throttles or drains from the first request that meets it: longer than a retry at once, shorter than a restart or two.</summary>
    public static TimeSpan Outage { get; } = TimeSpan.FromSeconds(6);

    public static string Describe(this Fault fault) => fault switch
    {
        Fault.None => "nothing goes wrong",
        Fault.ThrottledWithRetryAfter => "429, Retry-After 2, for 6 s",
        Fault.Throttled => "429 for 6 s",
        Fault.Draining => "503, draining, for 6 s",
        Fault.Reset => "reset after the turn ran",
        Fault.Hang => "control connection hangs",
        Fault.KillBetweenSteps => "kill -9 between steps",
        Fault.KillInStep => "kill -9 inside a step",
        Fault.ProviderFails => "provider 502 for 6 s",
        Fault.ProviderThrottles => "provider 429 for 6 s",
        Fault.ProviderResets => "provider reset in its answer",
        Fault.ProviderHangs => "provider hangs",
        Fault.GatewayKilled => "gateway kill -9 in a turn",
        Fault.GatewayDrained => "gateway SIGTERM in a turn",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
