using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1105: one retry inside of another, so that their attempts multiply.</summary>
internal sealed class MultiplyingRetries : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.MultiplyingRetries;

    public override void Check(CallContext context)
    {
        if (context.Call.Kind is CallKind.Probe or CallKind.Receive
            || context.Model.Retries.MultiplyingAt(context.Call, context.CancellationToken) is not { Count: > 1 } layers
            || layers.Any(layer => Repairs(layer, context)))
        {
            return;
        }

        // As a reader meets them: the outermost first.
        context.ReportWith(
            layers.Select(layer => layer.Syntax.GetLocation()),
            Descriptor,
            context.Call.Name,
            string.Join(" × ", layers.Reverse().Select(layer => $"{layer.Name} ({layer.Attempts})")),
            layers.Aggregate(1L, (product, layer) => product * layer.Attempts!.Value));
    }

    /// <summary>Whether a loop sends something else the next time: it is no second retry of the same call.</summary>
    private static bool Repairs(RetryLayer layer, CallContext context)
    {
        if (layer.Loop is not { } loop)
        {
            return false;
        }

        SyntaxNode sent = loop.Body.Contains(context.Call.Syntax) ? context.Call.Syntax : loop.Try?.Block ?? (SyntaxNode)loop.Body;
        return LoopRepairs.ChangesRequest(loop, sent, context.Model.SemanticsOf(loop.Statement.SyntaxTree));
    }
}
