using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1106: lets the refusals of a circuit breaker out of the retry around it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(LeaveRejections))]
public sealed class LeaveRejections() : GatewayCodeFix(Descriptors.RetryOnOpenCircuit)
{
    private const string Title = "Let the refusals of the circuit breaker out";

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is { } invocation && site.Find<StatementSyntax>()?.Span.Contains(invocation.Span) != false)
        {
            return HandledExceptions.Plan(site, invocation, Title);
        }

        StatementSyntax? loop = site.Find<CatchClauseSyntax>()?.Ancestors().OfType<StatementSyntax>().FirstOrDefault(node => RetryLoop.BodyOf(node) is not null);
        return loop is not null
            && LoopRetries.Find(loop, site.Model, site.CancellationToken) is { RejectionCatch: { } clause } retry
            && BreakerUse.RejectionIn(retry.Loop, retry.Call, site.Model, site.CancellationToken) is { } rejection
                ? CatchNarrowing.Plan(site, retry.Loop, [clause], Title, IsNo(rejection, site.LanguageVersion))
                : null;
    }

    private static CatchQuestion IsNo(string rejection, LanguageVersion version) => new(
        rejection == BreakerUse.OwnRejection ? Imports.Runtime : "Polly.CircuitBreaker",
        rejection,
        (type, name) => version < LanguageVersion.CSharp9 ? $"!({name} is {type})" : $"{name} is not {type}",
        (type, name) => $"{name} is {type}");
}
