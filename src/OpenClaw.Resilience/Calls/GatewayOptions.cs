using Microsoft.Extensions.Logging;
using Polly.Telemetry;

namespace OpenClaw.Resilience;

/// <summary>
/// The numbers of a <see cref="GatewayPipeline"/>. A new instance has those of <see cref="ForOpenClaw"/>. A pipeline copies its options
/// when it is created: later changes have no effect on it.
/// </summary>
public sealed class GatewayOptions
{
    /// <summary>The name of the gateway, for messages and telemetry. Not empty. Default: <c>default</c>.</summary>
    public string Name { get; set; } = "default";

    /// <summary>What answers the calls. Default: <see cref="GatewayKind.OpenClaw"/>.</summary>
    public GatewayKind Gateway { get; set; } = GatewayKind.OpenClaw;

    /// <summary>
    /// The effect assumed for calls that name none. Default: <see cref="CallEffect.Unknown"/>. Set
    /// <see cref="CallEffect.None"/> only for a gateway through which nothing with effects is ever called.
    /// </summary>
    public CallEffect DefaultEffect { get; set; } = CallEffect.Unknown;

    /// <summary>
    /// Calls that run at the same time; the others wait. From 1 to 10 000. Default: 5, below the 8 turns that a gateway runs in parallel
    /// and shares with its chat channels.
    /// </summary>
    public int MaxConcurrentCalls { get; set; } = 5;

    /// <summary>
    /// Calls that wait for a permit, and as many that wait for their session (<see cref="GatewayPipeline.ForSession"/>); further ones are
    /// rejected. From 0 to 100 000. Default: 100, which the default concurrency works off in a little more than a minute at the 3.6 s that a
    /// short turn takes under load. The gateway itself queues without limit.
    /// </summary>
    public int MaxQueuedCalls { get; set; } = 100;

    /// <summary>
    /// Attempts after the first. From 0 to 10. Default: 2; for a model provider 5. An OpenClaw gateway has retried 8 to 10 times itself
    /// before it reports a failure of its provider, and each retry here multiplies that.
    /// </summary>
    public int MaxRetries { get; set; } = 2;

    /// <summary>The wait that retries grow from, doubled each time and spread at random. From 1 ms to 1 min. Default: 1 s.</summary>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The cap of a growing wait. From <see cref="BaseDelay"/> to 10 min. Default: 5 s; for a model provider 20 s.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest wait that a gateway may ask for and that is still waited in place; a longer one is surfaced at once, with
    /// <see cref="GatewayFailure.RetryAfter"/>. From 0 to 10 min. Default: 5 s; for a model provider 20 s. The permit is held meanwhile.
    /// </summary>
    public TimeSpan MaxRetryWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The wait after a refusal for load that names none; zero means the growing wait. From 0 to 1 h. Default: 30 s, the shortest time
    /// for which an OpenClaw gateway sets a provider's key aside; for a model provider zero.
    /// </summary>
    public TimeSpan ThrottleDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The limit of a whole call: queue, attempts, waits, and the reading of a stream. More than 0 and at most 49 days, or infinite.
    /// Default: 30 min, three attempts; also the longest that a tool of the gateway may run by default. A result that nobody disposes
    /// gives its permit back at this time, so an infinite limit needs callers who always dispose.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The limit of one attempt that is no stream. More than 0 and at most 49 days, or infinite. Default: 10 min. A client that gives up
    /// aborts the agent's turn, and the gateway's own retries alone take up to 154 s; 10 min is also the Anthropic client's limit.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The limit until the response headers or the first element of a stream. More than 0 and at most 49 days, or infinite. Default:
    /// 10 min, since a turn that is not streamed sends nothing before it ends; for a model provider 5 min.
    /// </summary>
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The longest silence within a stream; the time that the consumer takes does not count. More than 0 and at most 49 days, or
    /// infinite. Default: 10 min, because a stream is silent while a tool runs; for a model provider 5 min, after which the gateway
    /// itself gives up a silent self-hosted model.
    /// </summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The limit of one attempt to open a WebSocket. More than 0 and at most 49 days, or infinite. Default: 15 s, after which the gateway
    /// itself gives an unfinished handshake up.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The share of failed attempts that opens the circuit. More than 0, at most 1. Default: 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>
    /// The attempts within <see cref="SamplingDuration"/> below which the circuit never opens. From 2 to 10 000. Default: 4, since a
    /// gateway sees few calls; Polly's default of 100 in 30 s would never be reached.
    /// </summary>
    public int MinimumThroughput { get; set; } = 4;

    /// <summary>The time over which failures are counted. From 1 s to 24 h. Default: 5 min, as turns take minutes.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the circuit stays open the first time; doubled after each failed trial. From 0.5 s to 24 h. Default: 15 s, since a
    /// restarted gateway is ready after 12 to 80 s.
    /// </summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest break. From <see cref="BreakDuration"/> to 24 h. Default: 2 min.</summary>
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The address that tells whether the gateway is ready, such as <c>http://127.0.0.1:18789/readyz</c>. While the circuit is open because nothing
    /// answered, it is asked every <see cref="ProbeInterval"/>, and the first success closes the circuit. Default: null, then the first call after
    /// the break finds out. Never name <c>/healthz</c>: it is green while the gateway starts and drains.
    /// </summary>
    public Uri? ProbeUri { get; set; }

    /// <summary>
    /// The time between two probes. From 0.1 s to 10 min. Default: 2 s, short against the 12 to 80 s that a restart takes; a draining gateway itself
    /// asks to come back after 1 s.
    /// </summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Sends the probes. Default: null, <see cref="GatewayHttp.Shared"/>.</summary>
    public HttpClient? ProbeClient { get; set; }

    /// <summary>
    /// How long calls are rejected after a lockout that names no time. From 1 s to 24 h. Default: 5 min, the gateway's own default. The
    /// time that a gateway names is believed up to one hour.
    /// </summary>
    public TimeSpan LockoutDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock of all waits and limits. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Where failed attempts, rejections and the state of the circuit are logged, in the category <see cref="GatewayTelemetry.Name"/>.
    /// Default: null, nowhere; dependency injection sets it.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The randomness of waits, from 0 up to 1.</summary>
    internal Func<double> Random { get; set; } = System.Random.Shared.NextDouble;

    /// <summary>Receives the events of all layers: Polly's and our own.</summary>
    internal TelemetryListener? TelemetryListener { get; set; }

    /// <summary>The careful numbers: for an OpenClaw gateway, whose calls are agent turns that run tools.</summary>
    public static GatewayOptions ForOpenClaw() => new();

    /// <summary>
    /// For a model provider or a server compatible with one (vLLM and others), whose calls are single inferences: more retries, and a 429
    /// is retried in place.
    /// </summary>
    public static GatewayOptions ForModelProvider()
    {
        var options = new GatewayOptions();
        options.UseModelProvider();
        return options;
    }

    /// <summary>Checks all values; a pipeline does so when it is created.</summary>
    /// <exception cref="ArgumentException">A value is outside of its range; the message names the property and the range.</exception>
    public void Validate() => GatewayOptionsRules.Check(this);

    /// <summary>Sets what <see cref="ForModelProvider"/> has other than <see cref="ForOpenClaw"/>.</summary>
    internal void UseModelProvider()
    {
        Gateway = GatewayKind.ModelProvider;
        MaxRetries = 5;
        MaxDelay = TimeSpan.FromSeconds(20);
        MaxRetryWait = TimeSpan.FromSeconds(20);
        ThrottleDelay = TimeSpan.Zero;
        FirstByteTimeout = TimeSpan.FromMinutes(5);
        IdleTimeout = TimeSpan.FromMinutes(5);
    }

    internal GatewayOptions Clone() => (GatewayOptions)MemberwiseClone();
}
