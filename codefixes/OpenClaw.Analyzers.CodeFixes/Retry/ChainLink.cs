using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>One call in a chain of them, <c>builder.AddTimeout(…).AddRetry(…)</c>: taken away or moved with its line.</summary>
internal static class ChainLink
{
    /// <summary>Whether the call can go without taking a comment, or the variable that is configured, with it.</summary>
    public static bool CanGo(InvocationExpressionSyntax link)
        => link.Expression is MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or IdentifierNameSyntax } access
            && (access.Expression is not IdentifierNameSyntax || link.Parent is MemberAccessExpressionSyntax)
            && !HasComment(link.ArgumentList)
            && !access.OperatorToken.LeadingTrivia.Concat(access.Expression.GetTrailingTrivia()).Concat(link.GetTrailingTrivia()).Any(IsComment);

    /// <summary>What the call is made on, with the end of its line.</summary>
    public static ExpressionSyntax Without(InvocationExpressionSyntax link)
        => ((MemberAccessExpressionSyntax)link.Expression).Expression.WithTrailingTrivia(link.GetTrailingTrivia());

    public static bool HasComment(SyntaxNode node) => node.ContainsDirectives || node.DescendantTrivia().Any(IsComment);

    private static bool IsComment(SyntaxTrivia trivia) => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia);
}
