using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1104: what will not heal is sent again.</summary>
internal sealed class RetryOfPermanentFailure : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryOfPermanentFailure;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        if (retry.PermanentFailures is var (failures, place))
        {
            report(Diagnostic.Create(Descriptor, place, [retry.Call.Syntax.GetLocation()], retry.Call.Name, failures));
        }
    }
}
