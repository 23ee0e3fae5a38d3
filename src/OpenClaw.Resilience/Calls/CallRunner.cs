using System.Diagnostics;
using Polly;

namespace OpenClaw.Resilience;

/// <summary>Takes a call through the layers of its gateway, and out of them with the exception that the caller expects.</summary>
internal static class CallRunner
{
    public static async Task<TResult> RunAsync<TResult, TCall>(
        CallScope scope, Func<CallScope, TCall, CancellationToken, Task<TResult>> attempt, TCall call)
    {
        scope.Activity = CallTelemetry.Start(scope);
        ResilienceContext context = NewContext(scope);
        bool isHandedOut = false;
        try
        {
            Outcome<TResult> outcome = await PipelineOf(scope)
                .ExecuteOutcomeAsync(AttemptAsync, context, (attempt, call)).ConfigureAwait(false);
            outcome.ThrowIfException();
            isHandedOut = scope.IsDetached;
            return outcome.Result!;
        }
        catch (Exception exception) when (scope.Surface(exception) is var surfaced && !ReferenceEquals(surfaced, exception))
        {
            throw surfaced;
        }
        finally
        {
            End(scope, context, isHandedOut);
        }
    }

    public static TResult Run<TResult, TCall>(CallScope scope, Func<CallScope, TCall, CancellationToken, TResult> attempt, TCall call)
    {
        Activity? outer = Activity.Current;
        scope.Activity = CallTelemetry.Start(scope);
        ResilienceContext context = NewContext(scope);
        bool isHandedOut = false;
        try
        {
            TResult result = PipelineOf(scope).Execute(
                static (_, run) => Guard(run.scope, run.attempt(run.scope, run.call, run.scope.AttemptLimit!.Token)),
                context,
                (attempt, scope, call));
            isHandedOut = scope.IsDetached;
            return result;
        }
        catch (Exception exception) when (scope.Surface(exception) is var surfaced && !ReferenceEquals(surfaced, exception))
        {
            throw surfaced;
        }
        finally
        {
            End(scope, context, isHandedOut);
            // A stream keeps its span, which must not become the parent of what the caller does meanwhile.
            Activity.Current = outer;
        }
    }

    private static ResiliencePipeline PipelineOf(CallScope scope)
        => scope.IsNested ? scope.Gateway.NestedPipeline : scope.Session is null ? scope.Gateway.Pipeline : scope.Gateway.SessionPipeline;

    private static ResilienceContext NewContext(CallScope scope)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, scope.Token);
        scope.Enter(context);
        return context;
    }

    // An outcome instead of an exception: each layer that Polly adds to turn the one into the other costs an object of its own.
    private static async ValueTask<Outcome<TResult>> AttemptAsync<TResult, TCall>(
        ResilienceContext context, (Func<CallScope, TCall, CancellationToken, Task<TResult>> Attempt, TCall Call) run)
    {
        try
        {
            CallScope scope = CallScope.Of(context);
            TResult result = await run.Attempt(scope, run.Call, scope.AttemptLimit!.Token).ConfigureAwait(false);
            return Outcome.FromResult(Guard(scope, result));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<TResult>(exception);
        }
    }

    private static TResult Guard<TResult>(CallScope scope, TResult result)
        => scope.GuardsResult ? ResultGuard.Guard(scope, result) : result;

    private static void End(CallScope scope, ResilienceContext context, bool isHandedOut)
    {
        ResilienceContextPool.Shared.Return(context);
        if (!isHandedOut)
        {
            scope.Dispose();
        }
    }
}
