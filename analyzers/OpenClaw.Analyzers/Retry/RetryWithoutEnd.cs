using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1103: nothing but success ends the retry.</summary>
internal sealed class RetryWithoutEnd : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryWithoutEnd;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        if (retry.IsEndless)
        {
            report(Diagnostic.Create(Descriptor, retry.Head, [retry.Call.Syntax.GetLocation()], retry.Call.Name));
        }
    }
}
