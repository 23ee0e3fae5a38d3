using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1112: gives a client our resilience, which repeats only what is safe, in the place of hedging.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReplaceHedgingHandler))]
public sealed class ReplaceHedgingHandler() : GatewayCodeFix(Descriptors.HedgedTurn)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        // What is chained to the handler configures the hedging: somebody has to decide what becomes of that.
        if (site.Find<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax, ArgumentList.Arguments.Count: 0, Parent: ExpressionStatementSyntax or ArrowExpressionClauseSyntax } handler
            || SourceIndex.NameOf(handler) != HedgedTurn.Handler)
        {
            return null;
        }

        var plan = new FixPlan("Give the client the gateway's resilience in the place of hedging");
        plan.Add([handler], rewriter =>
        {
            rewriter.Replace(handler, HandlerCall.InsteadOf);
            HandlerCall.Import(rewriter);
        });
        return plan;
    }
}
