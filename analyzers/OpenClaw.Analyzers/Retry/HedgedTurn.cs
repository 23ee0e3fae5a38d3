using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1112: hedging sends a turn again because it is slow, which turns are.</summary>
internal sealed class HedgedTurn : PipelineRule
{
    public const string Handler = "AddStandardHedgingHandler";

    public override DiagnosticDescriptor Descriptor => Descriptors.HedgedTurn;

    public override void Check(PipelinePart part)
    {
        if (part.Kind != StrategyKind.Hedging || part.Call is not { IsTurnOrTool: true } call)
        {
            return;
        }

        // Who hedges a model's answer pays twice for it and may want that; what runs tools is another matter.
        bool isGateway = call.Endpoint.Gateway == GatewayKind.OpenClaw;
        part.Report(
            Descriptor,
            isGateway ? Descriptor.DefaultSeverity : DiagnosticSeverity.Info,
            call,
            isGateway ? "the agent turn and its tools run twice" : "every slow answer is made and paid for twice");
    }
}
