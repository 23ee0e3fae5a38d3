using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1003: a turn is given up after a time in which turns do not end.</summary>
internal sealed class ShortTurn : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.ShortTurn;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (call.Kind != CallKind.Turn
            || call.IsProbe
            || call.Endpoint.Gateway != GatewayKind.OpenClaw
            || (context.Protection.State == ProtectionState.None && !context.Settings.ClientsAreProtected)
            || new TurnLimits(context.Model).ShortestOf(call, context.CancellationToken) is not { } limit
            || limit.Time >= context.Settings.MinTurn)
        {
            return;
        }

        SyntaxNode? evidence = limit.Value?.Syntax ?? limit.Setting?.Owner.Syntax;
        context.ReportWith(evidence is null ? [] : [evidence.GetLocation()], Descriptor, call.Name, limit.Described, limit.Source);
    }
}
