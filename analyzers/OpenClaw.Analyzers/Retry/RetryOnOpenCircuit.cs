using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1106: the retry around a circuit breaker takes the breaker's refusal for a failure of the gateway.</summary>
internal sealed class RetryOnOpenCircuit : RetryRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.RetryOnOpenCircuit;

    public override void Check(RetryConstruct retry, Action<Diagnostic> report)
    {
        if (retry.RepeatsRejections is { } place)
        {
            report(Diagnostic.Create(Descriptor, place, [retry.Call.Syntax.GetLocation()], retry.Call.Name));
        }
    }
}
