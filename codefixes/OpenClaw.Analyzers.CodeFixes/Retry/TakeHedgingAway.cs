using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1112: takes the hedging out of a pipeline; what else it does stays.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TakeHedgingAway))]
public sealed class TakeHedgingAway() : GatewayCodeFix(Descriptors.HedgedTurn)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } link || SourceIndex.NameOf(link) != "AddHedging" || !ChainLink.CanGo(link))
        {
            return null;
        }

        var plan = new FixPlan("Take the hedging away");
        plan.Add([link], rewriter => rewriter.Replace(link, ChainLink.Without));
        return plan;
    }
}
