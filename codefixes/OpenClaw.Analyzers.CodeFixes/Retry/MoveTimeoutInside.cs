using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1111: makes the time limit of all attempts one of each attempt, inside of everything that the chain adds.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveTimeoutInside))]
public sealed class MoveTimeoutInside() : GatewayCodeFix(Descriptors.AttemptTimeoutOutside)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } timeout || !ChainLink.CanGo(timeout))
        {
            return null;
        }

        InvocationExpressionSyntax last = timeout;
        bool passesRetry = false;
        while (last.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } && SourceIndex.NameOf(next).StartsWith("Add", StringComparison.Ordinal))
        {
            last = next;
            passesRetry |= SourceIndex.NameOf(next) == "AddRetry";
        }

        if (!passesRetry)
        {
            return null;
        }

        var plan = new FixPlan("Limit each attempt: move the time limit inside of the retry");
        plan.Add([last, timeout], rewriter =>
        {
            var moved = (MemberAccessExpressionSyntax)timeout.Expression;
            rewriter.Replace(timeout, ChainLink.Without);
            rewriter.Replace(last, current => SyntaxFactory.InvocationExpression(
                SyntaxFactory.MemberAccessExpression(
                    SyntaxKind.SimpleMemberAccessExpression,
                    current.WithTrailingTrivia(moved.Expression.GetTrailingTrivia()),
                    moved.OperatorToken,
                    moved.Name),
                timeout.ArgumentList.WithTrailingTrivia(current.GetTrailingTrivia())));
        });
        return plan;
    }
}
