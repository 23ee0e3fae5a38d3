using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1107: a 429 says how long to wait, and nobody reads it.</summary>
internal sealed class RetryAfterIgnored : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryAfterIgnored;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        if (!retry.LacksBackoff && retry.IgnoresRetryAfter)
        {
            report(Diagnostic.Create(Descriptor, retry.WaitLocation, [retry.Call.Syntax.GetLocation()], retry.Call.Name));
        }
    }
}
