using Polly;
using Polly.Telemetry;

namespace OpenClaw.Resilience;

/// <summary>
/// Outermost, for calls that name a session: waits until no other call of this process has a turn in it. Before the permit, so that a
/// busy session keeps nobody else waiting. The call ends the turn, which for a stream is after the pipeline.
/// </summary>
internal sealed class SessionStrategy(SessionQueue sessions, ResilienceStrategyTelemetry telemetry) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        CallScope call = CallScope.Of(context);
        IDisposable? turn;
        try
        {
            turn = await EnterAsync(call).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            return Outcome.FromException<TResult>(exception);
        }

        if (turn is null)
        {
            telemetry.Report(new(ResilienceEventSeverity.Error, "OnSessionRejected"), context, RejectionReason.SessionQueueFull);
            return Outcome.FromException<TResult>(call.Reject(new GatewayRejectedException(
                $"The call to gateway '{call.Gateway.Options.Name}' was not sent: its session has a turn under way, and too many calls wait for their sessions.",
                RejectionReason.SessionQueueFull)));
        }

        call.HoldSession(turn);
        return await callback(context, state).ConfigureAwait(false);
    }

    // A synchronous caller blocks its own thread; the turn arrives on the thread that ends the one before.
    private ValueTask<IDisposable?> EnterAsync(CallScope call)
    {
        ValueTask<IDisposable?> turn = sessions.EnterAsync(call.Session!, call.Gateway.Options.MaxQueuedCalls, call.Token);
        return call.IsSynchronous ? new(turn.AsTask().GetAwaiter().GetResult()) : turn;
    }
}
