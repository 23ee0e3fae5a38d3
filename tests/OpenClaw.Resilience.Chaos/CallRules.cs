namespace OpenClaw.Resilience.Chaos;

/// <summary>The allowed courses and ends of one call.</summary>
internal static class CallRules
{
    // Observed of the gateway; written down here again because it is what is checked.
    private static readonly TimeSpan KeyTrust = TimeSpan.FromMinutes(4);
    private const int MostAmbiguousReplaysOfGateway = 1;

    public static IEnumerable<string> Check(CallRecord call)
        => [.. Turns(call), .. Repetitions(call), .. Limits(call), .. Cancellation(call), .. Failure(call)];

    private static IEnumerable<string> Turns(CallRecord call)
    {
        if (call.Effect != CallEffect.None && call.Turn.Runs > 1)
        {
            yield return "ran more than once";
        }
    }

    private static IEnumerable<string> Repetitions(CallRecord call)
    {
        if (call.Shape == Shape.Socket)
        {
            return SocketRules.Repetitions(call);
        }

        return RepetitionsInPipeline(call);
    }

    private static IEnumerable<string> RepetitionsInPipeline(CallRecord call)
    {
        GatewayOptions options = call.State.Options;
        if (call.Attempts.Count > (call.Shape == Shape.Inner ? 1 : options.MaxRetries + 1))
        {
            yield return "was sent too often";
        }

        for (int index = 1; index < call.Attempts.Count; index++)
        {
            Attempt failed = call.Attempts[index - 1];
            if (!MayRepeat(call, failed, index - 1))
            {
                yield return $"was sent again after '{failed.Fault?.Name ?? "success"}'";
            }

            TimeSpan wait = call.Attempts[index].Start - (failed.End ?? failed.Start);
            TimeSpan longest = options.MaxRetryWait + options.BaseDelay > options.MaxDelay ? options.MaxRetryWait + options.BaseDelay : options.MaxDelay;
            TimeSpan least = SeesHeaders(call.Shape) ? failed.Fault?.Asked ?? TimeSpan.Zero : TimeSpan.Zero;
            if (wait < least || wait > longest)
            {
                yield return $"was sent again after {wait}, which is not between {least} and {longest}";
            }
        }
    }

    private static bool MayRepeat(CallRecord call, Attempt failed, int replays)
    {
        GatewayKind gateway = call.State.Options.Gateway;
        if (call.IsHandedOut && failed == call.Last)
        {
            return false;
        }

        if (failed.Fault is not { Kind: FailureKind.Transient or FailureKind.Throttled or FailureKind.Truncated })
        {
            return false;
        }

        if (!failed.MayHaveRun(gateway))
        {
            return true;
        }

        return (call.Effect == CallEffect.None || (call.Effect == CallEffect.Keyed && KeyIsTrusted(call, failed)))
            && (gateway == GatewayKind.ModelProvider || replays < MostAmbiguousReplaysOfGateway);
    }

    private static bool KeyIsTrusted(CallRecord call, Attempt failed)
    {
        Attempt? first = call.Attempts.Find(static attempt => attempt.SentTo is not null);
        return first is not null && failed.End - first.Start < KeyTrust;
    }

    private static IEnumerable<string> Limits(CallRecord call)
    {
        GatewayOptions options = call.State.Options;
        bool isBatchItem = call.Shape == Shape.BatchItem;
        if (!call.IsLeisurely && !isBatchItem && IsLonger(call.End - call.Start, options.CallTimeout))
        {
            yield return $"took {call.End - call.Start}, longer than {options.CallTimeout}";
        }

        TimeSpan limit = Streams(call.Shape) ? options.FirstByteTimeout : options.AttemptTimeout;
        if (call.Attempts.Exists(attempt => IsLonger(attempt.Answered - attempt.Start, limit)))
        {
            yield return $"had an attempt longer than {limit}";
        }
    }

    private static IEnumerable<string> Cancellation(CallRecord call)
    {
        if (call.CancelledAt < call.End)
        {
            if (!call.IsLeisurely)
            {
                yield return $"was cancelled at {call.CancelledAt:mm:ss.fff} and went on";
            }

            if (call.Exception is not (null or OperationCanceledException))
            {
                yield return $"was cancelled and failed otherwise: {call.Exception.GetType()}";
            }
        }

        if (call.Exception is OperationCanceledException cancelled)
        {
            bool isTimeout = cancelled.InnerException is TimeoutException;
            if (call.Caller.IsCancellationRequested ? cancelled.CancellationToken != call.Caller && !isTimeout : !isTimeout)
            {
                yield return "was cancelled without the caller's token and without a limit";
            }

            if (isTimeout && call.CancelledAt < call.End)
            {
                yield return "was cancelled and says that it timed out";
            }
        }
    }

    private static IEnumerable<string> Failure(CallRecord call)
    {
        if (call.Exception is null)
        {
            // A response may say that it failed; the answer of a request over a socket may not.
            if (call.Last?.Fault is { } fault && (fault.Throw is not null || call.Shape == Shape.Socket))
            {
                yield return $"has a result after '{fault.Name}'";
            }

            yield break;
        }

        if (Find(call) is not { } failure)
        {
            if ((call.Attempts.Count == 0 || call.Shape == Shape.Handler)
                && call.Exception is OperationCanceledException early && early.CancellationToken == call.Caller)
            {
                // Cancelled before it was made, or by the reader of an answer that was there: no failure.
                yield break;
            }

            yield return $"ended without an explanation: {call.Exception}";
            yield break;
        }

        if (!failure.MayHaveRun && HasRun(call))
        {
            yield return "has run and says that it has not";
        }

        FailureKind? expected = call.Shape == Shape.Socket || call.Exception is GatewayRejectedException || call.Caller.IsCancellationRequested ? null : call.Last?.Fault?.Kind;
        if (expected is not null && expected != failure.Kind)
        {
            yield return $"is called {failure.Kind} after '{call.Last!.Fault!.Name}'";
        }
    }

    private static bool HasRun(CallRecord call)
        => call.Attempts.Exists(static attempt => attempt.HasRun || attempt.Inner.Exists(
            static inner => inner.Effect != CallEffect.None && HasRun(inner)));

    // HttpClient wraps what a handler throws when its caller has cancelled, and what breaks a body that it buffers.
    private static GatewayFailure? Find(CallRecord call)
    {
        for (Exception? exception = call.Exception; exception is not null; exception = call.Shape == Shape.Handler ? exception.InnerException : null)
        {
            if (GatewayFailure.TryGet(exception, out GatewayFailure? failure))
            {
                return failure;
            }
        }

        return null;
    }

    private static bool IsLonger(TimeSpan? time, TimeSpan limit) => limit != Timeout.InfiniteTimeSpan && time > limit;

    private static bool Streams(Shape shape) => shape is Shape.Stream or Shape.Unread or Shape.Handler;

    private static bool SeesHeaders(Shape shape) => shape is Shape.Buffered or Shape.Unread or Shape.Handler;
}
