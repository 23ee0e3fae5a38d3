using System.Diagnostics;
using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience;

/// <summary>
/// One call from its start to the moment when nothing of it is left, which for a stream is its disposal. Owns the deadline, the permit
/// and the limit of the current attempt, and knows what the layers of the pipeline need to decide.
/// </summary>
internal sealed class CallScope : IDisposable
{
    private static readonly ResiliencePropertyKey<CallScope> Key = new("OpenClaw.Resilience.Call");

    private readonly CallEffect _effect;
    private readonly TimeLimit _deadline;
    private readonly CallFrame? _outer;
    private readonly long _startedAt;
    private CallFrame? _frame;
    private CancellationTokenRegistration _abandoned;
    private RateLimitLease? _permit;
    private IDisposable? _turn;
    private string? _sentTo;
    private long _sentAt;
    private Exception? _judged;
    private bool _rejected;
    private bool _mayHaveRun;
    private int _ended;

    public CallScope(GatewayState gateway, CallEffect effect, CancellationToken callerToken)
    {
        Gateway = gateway;
        _effect = effect;
        CallerToken = callerToken;
        _startedAt = gateway.Options.TimeProvider.GetTimestamp();
        _outer = CallFrame.Current;
        _outer?.StartRequest();
        IsNested = CallFrame.IsInside(gateway);
        _deadline = new TimeLimit(gateway.Options.TimeProvider, callerToken);
        _deadline.Arm(gateway.Options.CallTimeout);
    }

    public GatewayState Gateway { get; }

    /// <summary>Whether the call is inside of another one of this gateway, which owns permit, retries and breaker samples.</summary>
    public bool IsNested { get; }

    /// <summary>The token that the caller gave.</summary>
    public CancellationToken CallerToken { get; }

    /// <summary>Cancelled by the caller and by the deadline, for as long as the call lives.</summary>
    public CancellationToken Token => _deadline.Token;

    /// <summary>Whether an attempt ends with the first byte of a stream, which then has an idle limit, or with the whole answer.</summary>
    public bool Streams { get; init; }

    /// <summary>The session of the gateway whose turns wait for each other, or null.</summary>
    public string? Session { get; init; }

    /// <summary>Asked before a retry: whether the request can be sent again at all. Null means it can.</summary>
    public Func<bool>? CanResend { get; init; }

    /// <summary>The attempts that were admitted.</summary>
    public int Attempts { get; private set; }

    /// <summary>The limit of the current attempt; it lives until the next attempt or the end of the call.</summary>
    public TimeLimit? AttemptLimit { get; private set; }

    /// <summary>Whether the call has not come further than the queue of its session.</summary>
    public bool WaitsForSession => Session is not null && !IsNested && _turn is null && Attempts == 0;

    /// <summary>What became of the last attempt, or of the wish for one; null is success.</summary>
    public GatewayFailure? Failure { get; private set; }

    /// <summary>The lockout that the last attempt met itself, as opposed to a call inside of it.</summary>
    public GatewayFailure? OwnLockout => Failure is { Kind: FailureKind.Lockout } && !_rejected && !_frame!.InnerWasLockedOut ? Failure : null;

    /// <summary>What the transport knows of a failed attempt, more than the response or the exception itself tells.</summary>
    public GatewayFailure? TransportFailure { get; set; }

    /// <summary>The wait that <see cref="PlanRetry"/> decided.</summary>
    public TimeSpan RetryDelay { get; private set; }

    /// <summary>Whether a result that outlives the attempt now owns the call.</summary>
    public bool IsDetached { get; private set; }

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>The span of the call, when somebody listens.</summary>
    public Activity? Activity { get; set; }

    /// <summary>Whether the caller waits with its thread.</summary>
    public bool IsSynchronous { get; init; }

    /// <summary>Whether the transport is not seen, so that nobody but the pipeline can give a result that outlives its call a limit.</summary>
    public bool GuardsResult { get; init; }

    /// <summary>The option that bounds an attempt.</summary>
    public string AttemptLimitName => Streams ? nameof(GatewayOptions.FirstByteTimeout) : nameof(GatewayOptions.AttemptTimeout);

    private FailureClassifier Classifier => new(Gateway.Options.Gateway, Gateway.Options.TimeProvider, CallerToken);

    /// <summary>The call that a layer of the pipeline works for.</summary>
    public static CallScope Of(ResilienceContext context) => context.Properties.GetValue(Key, null!);

    public void Enter(ResilienceContext context) => context.Properties.Set(Key, this);

    public void Hold(RateLimitLease permit) => _permit = permit;

    public void HoldSession(IDisposable turn) => _turn = turn;

    public void BeginAttempt()
    {
        Attempts++;
        Failure = null;
        TransportFailure = null;
        _rejected = false;
        AttemptLimit?.Dispose();
        AttemptLimit = new TimeLimit(_deadline);
        AttemptLimit.Arm(Streams ? Gateway.Options.FirstByteTimeout : Gateway.Options.AttemptTimeout);
        _frame = new CallFrame(this, _outer);
        EnterFrame();
    }

    /// <summary>Makes the current attempt ambient. Only for asynchronous methods, whose callers do not see it.</summary>
    public void EnterFrame() => CallFrame.Current = _frame;

    public Outcome<T> EndAttempt<T>(Outcome<T> outcome)
    {
        TimeLimit limit = AttemptLimit!;
        if (outcome.Exception is OperationCanceledException cancelled && limit.Elapsed && !Token.IsCancellationRequested)
        {
            outcome = Outcome.FromException<T>(GatewayTimeouts.Attempt(this, limit.Limit, cancelled));
        }

        Failure = outcome.Exception is { } exception ? Judge(TransportFailure ?? Classifier.Classify(exception)) : JudgeResult(outcome.Result);
        _judged = outcome.Exception;
        _rejected = _judged is GatewayRejectedException;
        _mayHaveRun |= Failure is null or { MayHaveRun: true };
        if (!_mayHaveRun)
        {
            // Nobody has taken it, so no life of the gateway knows the key, and the next one may get it.
            _sentTo = null;
        }

        limit.Disarm();
        return outcome;
    }

    /// <summary>What a response with this body means.</summary>
    public GatewayFailure? Judge(HttpResponseMessage response, string? body) => Classifier.Classify(response, body);

    /// <inheritdoc cref="FailureClassifier.ClassifyHandshake"/>
    public GatewayFailure JudgeHandshake(Exception exception, IReadOnlyDictionary<string, IEnumerable<string>>? headers)
        => Classifier.ClassifyHandshake(exception, headers);

    /// <summary>Records that a layer refused the attempt.</summary>
    public GatewayRejectedException Reject(GatewayRejectedException rejection)
    {
        Failure = Classifier.Classify(rejection);
        _judged = rejection;
        _rejected = true;
        return rejection;
    }

    /// <summary>The life of the gateway that <see cref="MarkSent"/> was told first, or null.</summary>
    public string? SentTo => _sentTo;

    /// <summary>
    /// A message with an idempotency key goes to this life of the gateway. Told by a transport that knows it; HTTP does not.
    /// </summary>
    public void MarkSent(string gatewayLife)
    {
        if (_sentTo is null)
        {
            _sentTo = gatewayLife;
            _sentAt = Gateway.Options.TimeProvider.GetTimestamp();
        }
    }

    /// <summary>Decides whether the failed attempt is repeated; if so, takes a retry from the budgets around the call.</summary>
    public bool PlanRetry(int replays)
    {
        GatewayOptions options = Gateway.Options;
        if (Failure is not { } failure
            || _rejected
            || replays >= options.MaxRetries
            || ReplayPolicy.GetWait(failure, options, replays) is not { } wait
            || wait >= _deadline.Remaining
            || !ReplayPolicy.MayReplay(failure, _effect, options.Gateway, replays, WillKeyBeHonoured(wait))
            || CanResend?.Invoke() == false
            || !RetryBudget.TryTakeAmbient())
        {
            return false;
        }

        RetryDelay = wait;
        CallTelemetry.Retry(this, failure, wait);
        return true;
    }

    /// <summary>Whether the last attempt is a failure to the circuit breaker.</summary>
    /// <param name="state">Whether the attempt was a trial.</param>
    /// <param name="exception">What the breaker saw, if it was an exception.</param>
    public bool CountsAsFailure(CircuitState state, Exception? exception)
    {
        if (exception is not null && !ReferenceEquals(exception, _judged))
        {
            // Cancelled between the breaker and the attempt, which never began. A trial that was none must not close the circuit.
            return state == CircuitState.HalfOpen;
        }

        if (Failure is not { } failure)
        {
            return false;
        }

        if (!_rejected && failure.Kind is FailureKind.Transient or FailureKind.Truncated)
        {
            return failure.Class == FailureClass.Infrastructure;
        }

        if (failure.Kind == FailureKind.Throttled)
        {
            return failure.StatusCode >= 500;
        }

        // Says nothing about the gateway: no failure. But the breaker takes all that is no failure for a success, and a trial that
        // was cancelled must not close the circuit.
        return failure.StatusCode is null && state == CircuitState.HalfOpen;
    }

    /// <summary>Makes the exception that the caller gets, and attaches what is known. A cancellation carries the caller's token.</summary>
    public Exception Surface(Exception exception)
    {
        Exception surfaced = exception switch
        {
            OperationCanceledException cancelled when CallerToken.IsCancellationRequested => ForCaller(cancelled),
            OperationCanceledException cancelled when _deadline.Elapsed => GatewayTimeouts.Call(this, _deadline.Limit, cancelled),
            _ => exception,
        };
        GatewayFailure failure = ReferenceEquals(surfaced, _judged) ? Failure! : Classifier.Classify(surfaced);
        Failure = failure.With(_mayHaveRun);
        Failure.AttachTo(surfaced);
        return surfaced;
    }

    /// <summary>
    /// Hands the call to a result that outlives its attempt: the result disposes the call. If nobody disposes the result, the deadline
    /// or the caller's cancellation gives the permit back.
    /// </summary>
    public void Detach()
    {
        IsDetached = true;
        _abandoned = Token.UnsafeRegister(static scope => ((CallScope)scope!).ReleasePermit(), this);
    }

    /// <summary>A stream has failed after its first element: too late for a retry, but the circuit breaker learns of it.</summary>
    /// <returns>The exception for the consumer.</returns>
    public Exception FailLate(Exception exception)
    {
        TimeLimit limit = AttemptLimit!;
        if (exception is OperationCanceledException cancelled && limit.Elapsed && !Token.IsCancellationRequested)
        {
            exception = GatewayTimeouts.Idle(Gateway.Options, limit.Limit, cancelled);
        }

        Failure = Classifier.Classify(exception);
        _judged = exception;
        ReportLate();
        return Surface(exception);
    }

    /// <summary>As <see cref="FailLate(Exception)"/>, for a failure that the consumer has read already.</summary>
    public void FailLate(GatewayFailure failure)
    {
        Failure = failure;
        ReportLate();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        _abandoned.Unregister();
        AttemptLimit?.Dispose();
        _deadline.Dispose();
        ReleasePermit();
        if (!_mayHaveRun || _effect == CallEffect.None)
        {
            _outer?.EndHarmlessly();
        }

        if (_outer is not null && Failure is { Kind: FailureKind.Lockout })
        {
            _outer.InnerWasLockedOut = true;
        }

        RejectionReason? rejection = _rejected ? (_judged as GatewayRejectedException)?.Reason : null;
        if (Attempts > 0 && !IsNested)
        {
            Gateway.Remember(Failure);
        }

        CallTelemetry.End(this, Failure, rejection, Gateway.Options.TimeProvider.GetElapsedTime(_startedAt));
    }

    // The permit first: the next turn of the session may need it.
    private void ReleasePermit()
    {
        Interlocked.Exchange(ref _permit, null)?.Dispose();
        Interlocked.Exchange(ref _turn, null)?.Dispose();
    }

    private void ReportLate()
    {
        // What is no failure must not be reported either: the breaker would take it for another success.
        if (!IsNested && CountsAsFailure(CircuitState.Closed, _judged))
        {
            Gateway.Report(this);
        }
    }

    private bool WillKeyBeHonoured(TimeSpan wait)
        => _sentTo is not null
            && _sentTo == Gateway.Life
            && Gateway.Options.TimeProvider.GetElapsedTime(_sentAt) + wait < ReplayPolicy.KeyLifetime;

    private GatewayFailure Judge(GatewayFailure failure)
        => _frame!.DidMoreThan(failure) ? failure.With(mayHaveRun: true) : failure;

    private GatewayFailure? JudgeResult<T>(T? result)
        => result is HttpResponseMessage response && (TransportFailure ?? Classifier.Classify(response)) is { } failure
            ? Judge(failure)
            : null;

    // As HttpClient does it: callers compare the token of the exception with theirs.
    private OperationCanceledException ForCaller(OperationCanceledException exception)
        => exception.CancellationToken == CallerToken || exception.GetType() is var type
            && type != typeof(OperationCanceledException) && type != typeof(TaskCanceledException)
                ? exception
                : new TaskCanceledException(exception.Message, exception, CallerToken);
}
