using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1001: nothing that can be seen retries, breaks or limits the call.</summary>
internal sealed class UnprotectedCall : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.UnprotectedCall;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (!IsWorthProtecting(call) || context.Settings.ClientsAreProtected)
        {
            return;
        }

        Protection protection = context.Protection;
        // Somebody meant to protect a stream and lost it: OCG1113 says how.
        if (protection.State == ProtectionState.None && StreamEscapesPipeline.Of(call, context.Model, context.CancellationToken) is null)
        {
            OwnRetry retry = context.Model.Clients.OwnRetryOf(call, context.CancellationToken);
            string missing = retry is OwnRetry.ThreeWithBackoff or OwnRetry.TwoWithBackoff ? "breaker or limiter" : "retry, breaker or limiter";
            context.Report(Descriptor, call.Name, missing, Consequence(call, protection), Repetition(call, retry));
        }
    }

    /// <summary>A probe is asked once by intention; frames of an open socket are part of an operation that is judged as a whole.</summary>
    private static bool IsWorthProtecting(GatewayCall call)
        => !call.IsProbe
            && call.Kind != CallKind.Receive
            && call.Client.Family != ClientFamily.Resilience
            && (call.Client.Family is not (ClientFamily.WebSocket or ClientFamily.OverSocket) || call.Kind == CallKind.Connect);

    private static string Consequence(GatewayCall call, Protection protection)
    {
        string consequence = call.Endpoint.Gateway == GatewayKind.ModelProvider
            ? "a refused connection, a 429 or a 502 ends the run"
            : "a refused connection, a draining gateway or a 429 ends the run";
        return protection.IsInjected ? "nothing in this project protects the client, so that " + consequence : consequence;
    }

    private static string Repetition(GatewayCall call, OwnRetry retry) => retry switch
    {
        OwnRetry.ThreeAtOnce => ", and by default the SDK repeats it up to 3 times at once",
        OwnRetry.ThreeWithBackoff => " once the SDK has repeated it 3 times",
        OwnRetry.TwoWithBackoff => " once the SDK has repeated it twice",
        OwnRetry.Inherited when call.Client.Retry == OwnRetry.Inherited => ", unless the client behind it repeats it",
        _ => "",
    };
}
