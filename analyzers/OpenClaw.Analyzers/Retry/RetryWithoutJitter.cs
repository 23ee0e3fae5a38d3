using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1102: the waits grow, but for every caller alike.</summary>
internal sealed class RetryWithoutJitter : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryWithoutJitter;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        // Waits that do not grow are the greater problem, and its fix brings jitter.
        if (!retry.LacksBackoff && retry.LacksJitter)
        {
            report(Diagnostic.Create(Descriptor, retry.WaitLocation, [retry.Call.Syntax.GetLocation()], retry.Call.Name));
        }
    }
}
