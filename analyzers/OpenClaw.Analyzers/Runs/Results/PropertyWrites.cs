using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Runs.Results;

/// <summary>What a type itself puts into a property that nobody else can set.</summary>
internal static class PropertyWrites
{
    /// <summary>Whether the type puts anything but the same text or number into the property: what is made anew with the same value has lost nothing.</summary>
    public static bool Vary(IPropertySymbol property)
        => property.ContainingType.DeclaringSyntaxReferences.SelectMany(reference => reference.GetSyntax().DescendantNodes()).Any(node => node switch
        {
            AssignmentExpressionSyntax assignment => IsNameOf(assignment.Left, property) && (assignment.Right is not LiteralExpressionSyntax || assignment.Kind() != SyntaxKind.SimpleAssignmentExpression),
            ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax } } target => IsNameOf(target.Expression, property),
            ArgumentSyntax { RefKindKeyword.RawKind: not 0 } handed => IsNameOf(handed.Expression, property),
            PostfixUnaryExpressionSyntax step => IsNameOf(step.Operand, property),
            PrefixUnaryExpressionSyntax step => IsNameOf(step.Operand, property),
            _ => false,
        });

    private static bool IsNameOf(ExpressionSyntax target, IPropertySymbol property) => target.GetLastToken().ValueText == property.Name;
}
