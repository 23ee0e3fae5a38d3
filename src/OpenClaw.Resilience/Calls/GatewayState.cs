using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace OpenClaw.Resilience;

/// <summary>
/// All that the calls of one gateway share: permits, circuit, lockout, and the strategies built over them. The only place that knows the
/// order of the layers.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The limiter holds nothing but the queue of callers, whom its disposal would fail.")]
internal sealed class GatewayState
{
    // A date far in the future, or a bug of the server, must not lock the process out for good.
    private static readonly TimeSpan LongestLockout = TimeSpan.FromHours(1);

    private readonly ConcurrencyLimiter _permits;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly RecoveryProbe _probe;
    private readonly ResiliencePipeline _breaker;
    private readonly object _lock = new();
    private DateTimeOffset? _lockedUntil;

    /// <param name="options">The numbers; copied.</param>
    /// <param name="predecessor">The state that this one takes the place of, under other options.</param>
    public GatewayState(GatewayOptions options, GatewayState? predecessor = null)
    {
        Lineage = predecessor?.Lineage ?? this;
        Sessions = predecessor?.Sessions ?? new SessionQueue();
        options.Validate();
        Options = options.Clone();
        Log = options.LoggerFactory?.CreateLogger(GatewayTelemetry.Name) ?? NullLogger.Instance;
        _permits = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = Options.MaxConcurrentCalls,
            QueueLimit = Options.MaxQueuedCalls,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _probe = new RecoveryProbe(Options, () => Circuit == CircuitState.Open, () => _control.CloseAsync());
        _breaker = NewBuilder().AddCircuitBreaker(CreateBreaker()).Build();
        Pipeline = BuildPipeline();
        SessionPipeline = NewBuilder()
            .AddLayer("Session", layer => new SessionStrategy(Sessions, layer.Telemetry))
            .AddPipeline(Pipeline)
            .Build();
        NestedPipeline = NewBuilder()
            .AddLayer("Admission", layer => new AdmissionStrategy(this, layer.Telemetry))
            .AddLayer("Attempt", layer => new AttemptStrategy(layer.Telemetry))
            .Build();
        HttpCensus.Start();
    }

    public GatewayOptions Options { get; }

    /// <summary>The same for all states that the gateway ever had: who holds a permit of an earlier one is still inside of its call.</summary>
    public object Lineage { get; }

    /// <summary>The same for all states, too: a turn that began under earlier options still has its session.</summary>
    public SessionQueue Sessions { get; }

    public ILogger Log { get; }

    public ResiliencePipeline Pipeline { get; }

    /// <summary>For a call that names its session: waits for the session before anything else.</summary>
    public ResiliencePipeline SessionPipeline { get; }

    /// <summary>For a call inside of a call: no permit, no retry, no breaker sample.</summary>
    public ResiliencePipeline NestedPipeline { get; }

    /// <summary>The life of the gateway's process now, where a transport knows it (a WebSocket's <c>bootId</c>).</summary>
    public string? Life { get; set; }

    /// <summary>The last call that was sent, whatever came of it; null before the first.</summary>
    public LastCall? LastCall { get; private set; }

    public CircuitState Circuit => _circuit.CircuitState;

    public long FreePermits => _permits.GetStatistics()!.CurrentAvailablePermits;

    public long QueuedCalls => _permits.GetStatistics()!.CurrentQueuedCount;

    /// <summary>How long the gateway still refuses this client, or null.</summary>
    public TimeSpan? LockoutRemaining
    {
        get
        {
            lock (_lock)
            {
                return _lockedUntil is { } until && until - Options.TimeProvider.GetUtcNow() is var remaining && remaining > TimeSpan.Zero
                    ? remaining
                    : null;
            }
        }
    }

    /// <summary>Rejects all calls until the gateway takes sign-ins again: even the right credential would be refused.</summary>
    public void LockOut(TimeSpan? duration)
    {
        TimeSpan time = duration ?? Options.LockoutDuration;
        time = time < LongestLockout ? time : LongestLockout;
        lock (_lock)
        {
            _lockedUntil = Options.TimeProvider.GetUtcNow() + time;
        }

        Log.LockedOut(Options.Name, time);
    }

    /// <summary>A call that was sent has ended; what the caller cancelled says nothing.</summary>
    public void Remember(GatewayFailure? failure)
    {
        if (failure is not { Kind: FailureKind.Cancelled })
        {
            LastCall = new LastCall(Options.TimeProvider.GetUtcNow(), failure);
        }
    }

    /// <summary>Gives the circuit breaker a sample from outside of an execution: the failure of a stream that had begun well.</summary>
    /// <remarks>
    /// Nobody waits for the end of it. The sample counts at once, but a circuit that it opens tells so on another thread, and to block for
    /// that is a dead-lock when the thread pool has no other thread left.
    /// </remarks>
    public void Report(CallScope call) => _ = ReportAsync(call);

    private async Task ReportAsync(CallScope call)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, CancellationToken.None);
        try
        {
            call.Enter(context);
            await _breaker.ExecuteAsync(static _ => default, context).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            // It is open already.
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline BuildPipeline()
    {
        ResiliencePipelineBuilder builder = NewBuilder()
            .AddLayer("Concurrency", layer => new ConcurrencyStrategy(_permits, layer.Telemetry));
        if (Options.MaxRetries > 0)
        {
            builder.AddRetry(CreateRetry());
        }

        return builder
            .AddLayer("Admission", layer => new AdmissionStrategy(this, layer.Telemetry))
            .AddPipeline(_breaker)
            .AddLayer("Attempt", layer => new AttemptStrategy(layer.Telemetry))
            .Build();
    }

    private ResiliencePipelineBuilder NewBuilder() => new()
    {
        Name = Options.Name,
        TimeProvider = Options.TimeProvider,
        TelemetryListener = Options.TelemetryListener,
    };

    private RetryStrategyOptions CreateRetry() => new()
    {
        Name = "Retry",
        MaxRetryAttempts = Options.MaxRetries,
        ShouldHandle = static arguments => new(CallScope.Of(arguments.Context).PlanRetry(arguments.AttemptNumber)),
        DelayGenerator = static arguments => new(CallScope.Of(arguments.Context).RetryDelay),
    };

    private CircuitBreakerStrategyOptions CreateBreaker() => new()
    {
        Name = "CircuitBreaker",
        FailureRatio = Options.FailureRatio,
        MinimumThroughput = Options.MinimumThroughput,
        SamplingDuration = Options.SamplingDuration,
        BreakDurationGenerator = arguments => new(Grow(arguments.HalfOpenAttempts)),
        ShouldHandle = arguments => new(CallScope.Of(arguments.Context).CountsAsFailure(_circuit.CircuitState, arguments.Outcome.Exception)),
        StateProvider = _circuit,
        ManualControl = _control,
        OnOpened = arguments =>
        {
            Log.CircuitOpened(Options.Name, arguments.BreakDuration);
            _probe.Start(CallScope.Of(arguments.Context)?.Failure);
            return default;
        },
        OnHalfOpened = _ =>
        {
            Log.CircuitHalfOpened(Options.Name);
            return default;
        },
        OnClosed = _ =>
        {
            Log.CircuitClosed(Options.Name);
            return default;
        },
    };

    private TimeSpan Grow(int failedTrials)
        => Backoff.GetDelay(failedTrials, Options.BreakDuration, Options.MaxBreakDuration, random: 1);
}
