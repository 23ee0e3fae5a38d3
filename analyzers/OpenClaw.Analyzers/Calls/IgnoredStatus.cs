using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1007: the content of a response is read as if nothing could have failed.</summary>
internal sealed class IgnoredStatus : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.IgnoredStatus;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (call.Client.Family is ClientFamily.HttpClient or ClientFamily.Resilience
            && call.Kind != CallKind.Probe
            && ResponseUses.ReturnsResponse(call.Method)
            && new ResponseUses(context.Model).IgnoreStatus(call, context.CancellationToken)
            && !MayThrowBelow(call, context.Model, context.CancellationToken))
        {
            context.Report(Descriptor, call.Name);
        }
    }

    /// <summary>A handler of the user's own may throw for an error status before the caller sees it.</summary>
    private static bool MayThrowBelow(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        IOperation? client = call.Client.Family == ClientFamily.Resilience ? call.Operation.Arguments.FirstOrDefault()?.Value : call.Receiver;
        return client is null || model.Clients.InstancesOf(client, cancellationToken).Any(instance =>
            (instance.Creation is not null && !model.Clients.HasPlainTransport(instance, client, cancellationToken))
            || model.Registrations.For(instance, client, cancellationToken).Any(ClientRegistrations.HasOwnHandler));
    }
}
