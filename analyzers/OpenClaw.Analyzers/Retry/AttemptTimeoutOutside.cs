using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1111: the only time limit of a pipeline is outside of its retry.</summary>
internal sealed class AttemptTimeoutOutside : PipelineRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.AttemptTimeoutOutside;

    public override void Check(PipelinePart part)
    {
        if (part.Kind == StrategyKind.Timeout
            && part.Added.TargetMethod.Name.StartsWith("Add", StringComparison.Ordinal)
            && part.Model.Pipelines.Around(part.Added, part.CancellationToken) is { } strategies
            && strategies.Where(strategy => strategy.Kind is StrategyKind.Timeout or StrategyKind.Other).ToArray() is [var only]
            && only.Syntax == part.Syntax
            && strategies.SkipWhile(strategy => strategy != only).Any(strategy => strategy.Kind == StrategyKind.Retry)
            && part.Call is { } call)
        {
            part.Report(Descriptor, Descriptor.DefaultSeverity, call);
        }
    }
}
