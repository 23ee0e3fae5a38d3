using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Which cancellations reach a retry from outside of it.</summary>
internal static class Tokens
{
    /// <summary>
    /// Whether the expression is a cancellation token, or the source of one, that was there before the scope was entered: one that is made inside
    /// limits one attempt only.
    /// </summary>
    public static bool IsFromOutside(ExpressionSyntax expression, SyntaxNode scope, SemanticModel semantics, CancellationToken cancellationToken)
        => expression is IdentifierNameSyntax or MemberAccessExpressionSyntax
            && !(expression.Parent is MemberAccessExpressionSyntax access && access.Name == expression)
            && semantics.GetTypeInfo(expression, cancellationToken).Type is { } type
            && (type.HasFullName("System.Threading", "CancellationToken") || type.HasFullName("System.Threading", "CancellationTokenSource"))
            && semantics.GetSymbolInfo(RootOf(expression), cancellationToken).Symbol is { Kind: SymbolKind.Local or SymbolKind.Parameter or SymbolKind.Field or SymbolKind.Property } root
            && root is not IPropertySymbol { IsStatic: true }
            && !IsDeclaredIn(scope, root);

    private static ExpressionSyntax RootOf(ExpressionSyntax expression)
    {
        // What hangs on an object of the scope's own is of that scope; what a static property gives, CancellationToken.None for one, is no variable.
        while (expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax } access)
        {
            expression = access.Expression;
        }

        return expression is MemberAccessExpressionSyntax { Name: var name } ? name : expression;
    }

    public static bool IsDeclaredIn(SyntaxNode scope, ISymbol symbol)
        => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == scope.SyntaxTree && scope.Span.Contains(reference.Span));
}
