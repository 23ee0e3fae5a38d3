using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1109: a breaker that starts at zero for each call, or waits for more calls than an agent makes.</summary>
internal sealed class BreakerNeverOpens : PipelineRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.BreakerNeverOpens;

    public override void Check(PipelinePart part)
    {
        if (part.Kind != StrategyKind.CircuitBreaker)
        {
            return;
        }

        if (PipelinePerCall.Of(part.Syntax) is { } perCall)
        {
            // A breaker that is wrapped is executed by the wrap.
            if (PipelineUses.CallIn(perCall.Built, part.Model, part.CancellationToken)?.Call is { } call)
            {
                part.Report(Descriptor, Descriptor.DefaultSeverity, call, "it is built for each call and has seen none of the others");
            }
        }
        else if (NeedsManyCalls(part) && PipelineUses.CallIn(part.Syntax, part.Model, part.CancellationToken)?.Call is { IsTurnOrTool: true } turn)
        {
            part.Report(Descriptor, DiagnosticSeverity.Info, turn, "by default it looks at failures only where 100 calls were made within 30 seconds");
        }
    }

    /// <summary>The options of version 8 that leave out both how many calls it takes, and within which time.</summary>
    private static bool NeedsManyCalls(PipelinePart part)
    {
        var setup = new ObjectSetup(part.Model);
        return StrategyOptions.Of(new PipelineStrategy(part.Kind, part.Added), part.Model, part.CancellationToken) is IObjectCreationOperation { Type: { } type } options
            && type.HasFullName("Polly.CircuitBreaker", "CircuitBreakerStrategyOptions")
            && !setup.ValuesOf(options, "MinimumThroughput", part.CancellationToken).Any()
            && !setup.ValuesOf(options, "SamplingDuration", part.CancellationToken).Any();
    }
}
