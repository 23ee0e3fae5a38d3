using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Makes nodes as a person would type them.</summary>
internal static class SyntaxBuilding
{
    private static readonly SyntaxTrivia Space = SyntaxFactory.Space;

    /// <summary>Puts the blanks around arrows, commas and <c>await</c> of the outermost call and its lambda; what was moved in keeps its own.</summary>
    public static InvocationExpressionSyntax NormalizeLambda(this InvocationExpressionSyntax invocation)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = invocation.ArgumentList.Arguments;
        List<ArgumentSyntax> spaced = [.. arguments.Select(argument => argument.Expression is LambdaExpressionSyntax lambda
            ? argument.WithExpression(Spaced(lambda))
            : argument)];
        return invocation.WithArgumentList(invocation.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
            spaced,
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(Space), spaced.Count - 1))));
    }

    /// <summary>A local declaration: <c>var name = value;</c>, or with a type where the value alone has none.</summary>
    public static LocalDeclarationStatementSyntax DeclareVar(string name, ExpressionSyntax value, string type = "var")
        => SyntaxFactory.LocalDeclarationStatement(SyntaxFactory.VariableDeclaration(
            SyntaxFactory.ParseTypeName(type).WithTrailingTrivia(Space),
            SyntaxFactory.SingletonSeparatedList(SyntaxFactory.VariableDeclarator(
                SyntaxFactory.Identifier(name),
                argumentList: null,
                SyntaxFactory.EqualsValueClause(SyntaxFactory.Token(SyntaxKind.EqualsToken).WithLeadingTrivia(Space).WithTrailingTrivia(Space), value.WithoutTrivia())))));

    /// <summary>Whether something would be lost with the node: a comment or a directive in or around it.</summary>
    public static bool HasComments(this SyntaxNode node) => node.DescendantTrivia().Any(IsComment);

    public static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is not (SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia);

    /// <summary>Whether a using declaration may stand beside the statement: not in a switch section, and not where a label would let control jump over it.</summary>
    public static bool CanHoldUsing(SyntaxNode? parent) => parent switch
    {
        BlockSyntax block => !block.Statements.Any(statement => statement is LabeledStatementSyntax),
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => !unit.Members.Any(member => member is GlobalStatementSyntax { Statement: LabeledStatementSyntax }),
        _ => false,
    };

    private static LambdaExpressionSyntax Spaced(LambdaExpressionSyntax lambda)
    {
        lambda = lambda.WithArrowToken(SyntaxFactory.Token(SyntaxKind.EqualsGreaterThanToken).WithLeadingTrivia(Space).WithTrailingTrivia(Space));
        if (lambda.AsyncKeyword.RawKind != 0)
        {
            lambda = (LambdaExpressionSyntax)lambda.WithAsyncKeyword(lambda.AsyncKeyword.WithTrailingTrivia(Space));
        }

        return lambda.ExpressionBody is AwaitExpressionSyntax awaited
            ? lambda.WithExpressionBody(awaited.WithAwaitKeyword(awaited.AwaitKeyword.WithTrailingTrivia(Space)))
            : lambda;
    }
}
