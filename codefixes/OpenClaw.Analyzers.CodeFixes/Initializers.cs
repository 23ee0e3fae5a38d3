using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Edits object initializers and keeps their layout: on one line, or a line for each property.</summary>
internal static class Initializers
{
    public static InitializerExpressionSyntax Append(InitializerExpressionSyntax initializer, string assignment)
    {
        // A nested initializer is no expression outside of one.
        ExpressionSyntax added = ((ObjectCreationExpressionSyntax)SyntaxFactory.ParseExpression($"new object {{ {assignment} }}")).Initializer!.Expressions[0].WithoutTrivia();
        SeparatedSyntaxList<ExpressionSyntax> expressions = initializer.Expressions;
        if (expressions.Count == 0)
        {
            return SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression, SyntaxFactory.SingletonSeparatedList(added))
                .WithOpenBraceToken(SyntaxFactory.Token(SyntaxKind.OpenBraceToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space))
                .WithCloseBraceToken(SyntaxFactory.Token(SyntaxKind.CloseBraceToken).WithLeadingTrivia(SyntaxFactory.Space));
        }

        bool isMultiline = initializer.ToString().Contains('\n');
        ExpressionSyntax last = expressions[expressions.Count - 1];
        if (!isMultiline)
        {
            return initializer.WithExpressions(SyntaxFactory.SeparatedList(
                expressions.Replace(last, last.WithoutTrailingTrivia()).Append(added.WithTrailingTrivia(last.GetTrailingTrivia())),
                expressions.GetSeparators().Take(expressions.Count - 1).Append(Comma(SyntaxFactory.TriviaList(SyntaxFactory.Space)))));
        }

        // The trailing comma, where there is one, stays at the end; the last line keeps its comment.
        bool hasTrailingComma = expressions.SeparatorCount == expressions.Count;
        SyntaxTriviaList lineEnd = hasTrailingComma ? expressions.GetSeparator(expressions.Count - 1).TrailingTrivia : last.GetTrailingTrivia();
        added = added.WithLeadingTrivia(last.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
        SyntaxTriviaList newLine = SyntaxFactory.TriviaList(SyntaxFactory.ElasticCarriageReturnLineFeed);
        List<SyntaxToken> separators = [.. expressions.GetSeparators().Take(expressions.Count - 1), Comma(lineEnd)];
        List<ExpressionSyntax> items = [.. expressions.Take(expressions.Count - 1), last.WithoutTrailingTrivia()];
        if (hasTrailingComma)
        {
            items.Add(added);
            separators.Add(Comma(newLine));
        }
        else
        {
            items.Add(added.WithTrailingTrivia(newLine));
        }

        return initializer.WithExpressions(SyntaxFactory.SeparatedList(items, separators)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    public static BaseObjectCreationExpressionSyntax Append(BaseObjectCreationExpressionSyntax creation, string assignment)
        => With(creation, Append(creation.Initializer ?? SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression), assignment));

    public static BaseObjectCreationExpressionSyntax With(BaseObjectCreationExpressionSyntax creation, InitializerExpressionSyntax initializer)
    {
        bool isNew = creation.Initializer is null;
        return creation switch
        {
            ObjectCreationExpressionSyntax named when isNew => named.WithoutTrailingTrivia().WithInitializer(initializer).WithTrailingTrivia(named.GetTrailingTrivia()),
            ObjectCreationExpressionSyntax named => named.WithInitializer(initializer),
            ImplicitObjectCreationExpressionSyntax bare when isNew => bare.WithoutTrailingTrivia().WithInitializer(initializer).WithTrailingTrivia(bare.GetTrailingTrivia()),
            ImplicitObjectCreationExpressionSyntax bare => bare.WithInitializer(initializer),
            _ => creation,
        };
    }

    private static SyntaxToken Comma(SyntaxTriviaList trailing) => SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(trailing);
}
