using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1101: no wait, or always the same, between the attempts.</summary>
internal sealed class RetryWithoutBackoff : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryWithoutBackoff;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        // Without an end, the waits are the smaller problem.
        if (!retry.LacksBackoff || retry.IsEndless)
        {
            return;
        }

        DiagnosticSeverity severity = retry.Growth == WaitGrowth.Constant && retry.IsLikelyDeliberate ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity;
        report(Diagnostic.Create(
            Descriptor,
            retry.WaitLocation,
            severity,
            additionalLocations: [retry.Call.Syntax.GetLocation()],
            properties: null,
            retry.Call.Name,
            retry.Growth == WaitGrowth.None ? "does not wait between the attempts" : "always waits the same time"));
    }
}
