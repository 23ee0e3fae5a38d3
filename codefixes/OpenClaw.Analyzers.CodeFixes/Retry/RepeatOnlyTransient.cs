using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1104: repeats only what may heal, in the catches of a loop or in what a Polly retry handles.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RepeatOnlyTransient))]
public sealed class RepeatOnlyTransient() : GatewayCodeFix(Descriptors.RetryOfPermanentFailure)
{
    internal const string Title = "Repeat only what may heal";

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is { } invocation && site.Find<StatementSyntax>()?.Span.Contains(invocation.Span) != false)
        {
            return PollyRetries.MayRetry(SourceIndex.NameOf(invocation)) ? TransientPredicate.PlanOptions(site, invocation) : TransientPredicate.PlanHandle(site, invocation);
        }

        StatementSyntax? loop = site.Find<CatchClauseSyntax>()?.Ancestors().OfType<StatementSyntax>().FirstOrDefault(node => RetryLoop.BodyOf(node) is not null);
        return loop is not null && LoopRetries.Find(loop, site.Model, site.CancellationToken) is { } retry
            ? TransientCatch.Plan(site, retry.Loop)
            : null;
    }
}
