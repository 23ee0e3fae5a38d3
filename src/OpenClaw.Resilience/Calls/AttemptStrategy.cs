using Polly;
using Polly.Telemetry;

namespace OpenClaw.Resilience;

/// <summary>
/// Innermost: gives each attempt a time limit and a token of its own, makes the attempt ambient, and judges its outcome once for all
/// layers above. Polly's own time-out is not used because it pools its token sources.
/// </summary>
internal sealed class AttemptStrategy(ResilienceStrategyTelemetry telemetry) : ResilienceStrategy
{
    protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
    {
        CallScope call = CallScope.Of(context);
        call.BeginAttempt();
        Outcome<TResult> outcome = await callback(context, state).ConfigureAwait(false);
        outcome = call.EndAttempt(outcome);
        if (call.AttemptLimit!.Elapsed)
        {
            telemetry.Report(new(ResilienceEventSeverity.Error, "OnAttemptTimeout"), context, call.AttemptLimit.Limit);
        }

        return outcome;
    }
}
