using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1110: each caller finds out by itself that the gateway is down.</summary>
internal sealed class RetryWithoutBreaker : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryWithoutBreaker;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        // A retry without waits or an end has a greater problem.
        if (!retry.LacksBackoff && !retry.IsEndless && !retry.MayHaveBreaker)
        {
            report(Diagnostic.Create(Descriptor, retry.Head, [retry.Call.Syntax.GetLocation()], retry.Call.Name));
        }
    }
}
