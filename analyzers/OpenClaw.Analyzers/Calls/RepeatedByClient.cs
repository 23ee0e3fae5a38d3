using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1004: the client's own retry repeats a call that something of the user's protects.</summary>
/// <remarks>Where nothing protects the call, OCG1001 says that the client repeats it; where a retry in sight does, OCG1105 says how often in all.</remarks>
internal sealed class RepeatedByClient : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RepeatedByClient;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (call.Kind is CallKind.Probe or CallKind.Receive or CallKind.Connect
            || call.Client.Retry == OwnRetry.None
            || context.Protection.State != ProtectionState.Protected
            || context.Model.Retries.MultiplyingAt(call, context.CancellationToken).Any(layer => layer.Kind == RetryLayerKind.Client)
            || OwnRepetition.Of(call, context.Model, context.CancellationToken) is not { } own)
        {
            return;
        }

        bool isAgentWork = call.Endpoint.Gateway == GatewayKind.OpenClaw && call.IsTurnOrTool;
        context.ReportWith(
            [own.Creation.Syntax.GetLocation()],
            Descriptor,
            isAgentWork ? Descriptor.DefaultSeverity : DiagnosticSeverity.Info,
            call.Name,
            own.Attempts,
            own.IsAtOnce ? " without a delay" : "",
            isAgentWork ? "each may run the agent's tools again, and what protects the call sees only the last" : "what protects the call sees only the last");
    }
}
