using Polly;
using Polly.CircuitBreaker;
using Polly.Telemetry;

namespace OpenClaw.Resilience;

/// <summary>
/// Stands between retry and circuit breaker: rejects during a lockout, starts one when the gateway announces it, and turns the breaker's
/// refusal into ours.
/// </summary>
internal sealed class AdmissionStrategy(GatewayState gateway, ResilienceStrategyTelemetry telemetry) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        CallScope call = CallScope.Of(context);
        if (gateway.LockoutRemaining is { } remaining)
        {
            telemetry.Report(new(ResilienceEventSeverity.Error, "OnLockoutRejected"), context, RejectionReason.Lockout);
            return Outcome.FromException<TResult>(call.Reject(new GatewayRejectedException(
                $"The call to gateway '{gateway.Options.Name}' was not sent: locked out after failed sign-ins. Check the credential.",
                RejectionReason.Lockout,
                remaining)));
        }

        int attempts = call.Attempts;
        Outcome<TResult> outcome = await callback(context, state).ConfigureAwait(false);
        if (call.Attempts == attempts)
        {
            return outcome.Exception is BrokenCircuitException broken ? Outcome.FromException<TResult>(Reject(call, broken)) : outcome;
        }

        if (call.OwnLockout is { } lockout)
        {
            gateway.LockOut(lockout.RetryAfter);
            telemetry.Report(new(ResilienceEventSeverity.Error, "OnLockout"), context, lockout);
        }

        return outcome;
    }

    private GatewayRejectedException Reject(CallScope call, BrokenCircuitException broken) => call.Reject(new GatewayRejectedException(
        $"The call to gateway '{gateway.Options.Name}' was not sent: its circuit is open after repeated failures.",
        RejectionReason.CircuitOpen,
        broken.RetryAfter,
        broken.InnerException ?? broken));
}
