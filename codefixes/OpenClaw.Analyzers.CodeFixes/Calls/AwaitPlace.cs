using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>The function around an expression that is to be awaited.</summary>
internal sealed record AsyncFunction(SyntaxNode Syntax, IMethodSymbol Method)
{
    public bool IsAsync => Method.IsAsync;
}

/// <summary>Where an expression can be awaited, and how that is written.</summary>
internal static class AwaitPlace
{
    /// <summary>The function in which the expression can be awaited once it is asynchronous; null where the language forbids an await.</summary>
    public static AsyncFunction? FunctionAround(ExpressionSyntax expression, SemanticModel semantics)
    {
        SyntaxNode? function = expression.Parent;
        for (; function is not null && !IsFunction(function); function = function.Parent)
        {
            if (function is LockStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax or CatchFilterClauseSyntax or QueryExpressionSyntax or ConditionalAccessExpressionSyntax
                or AttributeSyntax or ConstructorInitializerSyntax or RefExpressionSyntax or FieldDeclarationSyntax or PropertyDeclarationSyntax)
            {
                return null;
            }
        }

        return function is not null
            && semantics.GetEnclosingSymbol(expression.SpanStart) is IMethodSymbol method
            && !function.DescendantNodes().Any(node => HoldsStack(node, semantics))
                ? new AsyncFunction(function, method)
                : null;
    }

    /// <summary>The task awaited in the place of an expression, in parentheses where that goes on with a member.</summary>
    public static ExpressionSyntax Await(ExpressionSyntax task, ExpressionSyntax replaced)
    {
        ExpressionSyntax awaited = SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space),
            (task is ParenthesizedExpressionSyntax { Expression: InvocationExpressionSyntax inner } ? inner : task).WithoutTrivia());
        bool goesOn = replaced.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax
            or PostfixUnaryExpressionSyntax;
        return (goesOn ? SyntaxFactory.ParenthesizedExpression(awaited) : awaited).WithTriviaFrom(replaced);
    }

    /// <summary>Whether comments stand in the part of the expression that goes away.</summary>
    public static bool LosesText(ExpressionSyntax kept, ExpressionSyntax whole)
        => whole.ContainsDirectives
            || whole.DescendantTrivia().Any(trivia => trivia.SpanStart >= kept.Span.End && trivia.Span.End <= whole.Span.End
                && !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));

    /// <summary>Whether a catch around unpacks the exception that a blocking wait wraps: an await does not wrap it.</summary>
    public static bool ExpectsAggregate(SyntaxNode wait)
        => wait.Ancestors().TakeWhile(node => !SyntaxFacts.IsFunctionBoundary(node))
            .OfType<TryStatementSyntax>()
            .Where(statement => statement.Block.Span.Contains(wait.Span))
            .SelectMany(statement => statement.Catches)
            .SelectMany(clause => clause.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Any(name => name.Identifier.ValueText is "AggregateException" or "InnerException" or "InnerExceptions");

    private static bool IsFunction(SyntaxNode node)
        => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or CompilationUnitSyntax;

    /// <summary>What an asynchronous function cannot keep over an await.</summary>
    private static bool HoldsStack(SyntaxNode node, SemanticModel semantics) => node switch
    {
        StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax or RefTypeSyntax => true,
        VariableDeclarationSyntax { Type: var type } => semantics.GetTypeInfo(type).Type is { IsRefLikeType: true } or IPointerTypeSymbol,
        ForEachStatementSyntax { Type: var type } => semantics.GetTypeInfo(type).Type is { IsRefLikeType: true },
        _ => false,
    };
}
