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
            TResult result = await PipelineOf(scope).ExecuteAsync(
                static async (_, run) => await run.attempt(run.scope, run.call, run.scope.AttemptLimit!.Token).ConfigureAwait(false),
                context,
                (attempt, scope, call)).ConfigureAwait(false);
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
                static (_, run) => run.attempt(run.scope, run.call, run.scope.AttemptLimit!.Token), context, (attempt, scope, call));
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
        context.Properties.Set(CallScope.Key, scope);
        return context;
    }

    private static void End(CallScope scope, ResilienceContext context, bool isHandedOut)
    {
        ResilienceContextPool.Shared.Return(context);
        if (!isHandedOut)
        {
            scope.Dispose();
        }
    }
}
