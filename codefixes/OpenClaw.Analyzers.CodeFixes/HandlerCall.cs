using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>The call that gives a registered client the runtime's handler.</summary>
internal static class HandlerCall
{
    public const string Method = "AddOpenClawResilience";

    /// <summary>Our handler in the place of another one.</summary>
    public static InvocationExpressionSyntax InsteadOf(InvocationExpressionSyntax other)
    {
        var access = (MemberAccessExpressionSyntax)other.Expression;
        return other.WithExpression(access.WithName(SyntaxFactory.IdentifierName(Method).WithTriviaFrom(access.Name)));
    }

    /// <summary>Our handler at the end of a chain, on a line of its own where the links before it have theirs.</summary>
    /// <param name="chain">The registration and what is chained to it.</param>
    /// <param name="gateway">The name of the gateway; null for the one that is meant without a name.</param>
    public static InvocationExpressionSyntax Behind(InvocationExpressionSyntax chain, string? gateway)
    {
        SyntaxToken dot = SyntaxFactory.Token(SyntaxKind.DotToken);
        InvocationExpressionSyntax start = chain.WithoutTrailingTrivia();
        if (chain.Expression is MemberAccessExpressionSyntax { OperatorToken: { HasLeadingTrivia: true } last } access && access.Expression.GetTrailingTrivia() is [.., { RawKind: (int)SyntaxKind.EndOfLineTrivia } end])
        {
            dot = dot.WithLeadingTrivia(last.LeadingTrivia.Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
            start = start.WithTrailingTrivia(end);
        }

        ArgumentSyntax[] arguments = gateway is null ? [] : [SyntaxFactory.Argument(SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(gateway)))];
        return SyntaxFactory.InvocationExpression(
                SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, start, dot, SyntaxFactory.IdentifierName(Method)),
                SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments)))
            .WithTrailingTrivia(chain.GetTrailingTrivia());
    }

    /// <summary>Makes the method visible in the file.</summary>
    public static void Import(DocumentRewriter rewriter) => rewriter.Import("Microsoft.Extensions.DependencyInjection");
}
