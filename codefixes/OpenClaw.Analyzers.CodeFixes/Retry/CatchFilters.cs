using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Narrows what a catch clause takes.</summary>
internal static class CatchFilters
{
    /// <summary>The clause, taking a failure only where the condition holds as well.</summary>
    public static CatchClauseSyntax And(CatchClauseSyntax clause, string condition)
    {
        if (clause.Filter is { } filter)
        {
            ExpressionSyntax asked = filter.FilterExpression;
            string both = NeedsParentheses(asked) ? $"({asked.WithoutTrivia()}) && {condition}" : $"{asked.WithoutTrivia()} && {condition}";
            return clause.ReplaceNode(asked, SyntaxFactory.ParseExpression(both).WithTriviaFrom(asked));
        }

        CatchFilterClauseSyntax added = SyntaxFactory.CatchFilterClause(SyntaxFactory.ParseExpression(condition));
        added = added
            .WithWhenKeyword(added.WhenKeyword.WithTrailingTrivia(SyntaxFactory.Space))
            .WithOpenParenToken(added.OpenParenToken.WithoutTrivia())
            .WithCloseParenToken(added.CloseParenToken.WithoutTrivia());
        SyntaxToken before = clause.Declaration?.CloseParenToken ?? clause.CatchKeyword;
        return clause
            .ReplaceToken(before, before.WithTrailingTrivia(SyntaxFactory.Space))
            .WithFilter(added.WithTrailingTrivia(before.TrailingTrivia));
    }

    private static bool NeedsParentheses(ExpressionSyntax expression)
        => expression is ConditionalExpressionSyntax or AssignmentExpressionSyntax or LambdaExpressionSyntax or SwitchExpressionSyntax
            || expression.Kind() is SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression;
}
