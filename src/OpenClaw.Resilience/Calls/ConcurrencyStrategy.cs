using System.Threading.RateLimiting;
using Polly;
using Polly.Telemetry;

namespace OpenClaw.Resilience;

/// <summary>
/// Takes a permit for the call, in order of arrival, or rejects it when the queue is full. The call gives the permit back when it ends,
/// which for a stream is after the pipeline.
/// </summary>
internal sealed class ConcurrencyStrategy(RateLimiter permits, ResilienceStrategyTelemetry telemetry) : ResilienceStrategy
{
    // Not asynchronous itself: a call that need not queue leaves no object behind.
    protected override ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        RateLimitLease permit = permits.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            return QueueAsync(callback, context, state);
        }

        CallScope.Of(context).Hold(permit);
        return callback(context, state);
    }

    private async ValueTask<Outcome<TResult>> QueueAsync<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        CallScope call = CallScope.Of(context);
        RateLimitLease permit;
        try
        {
            permit = await WaitAsync(call).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
        {
            return Outcome.FromException<TResult>(exception);
        }

        if (!permit.IsAcquired)
        {
            GatewayOptions options = call.Gateway.Options;
            telemetry.Report(new(ResilienceEventSeverity.Error, "OnConcurrencyRejected"), context, RejectionReason.QueueFull);
            return Outcome.FromException<TResult>(call.Reject(new GatewayRejectedException(
                $"The call to gateway '{options.Name}' was not sent: {options.MaxConcurrentCalls} calls are running and the queue is full.",
                RejectionReason.QueueFull)));
        }

        call.Hold(permit);
        return await callback(context, state).ConfigureAwait(false);
    }

    // A synchronous caller blocks its own thread; the permit arrives on the thread that gives it back.
    private ValueTask<RateLimitLease> WaitAsync(CallScope call)
    {
        ValueTask<RateLimitLease> permit = permits.AcquireAsync(1, call.Token);
        return call.IsSynchronous ? new(permit.AsTask().GetAwaiter().GetResult()) : permit;
    }
}
