using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>A place in a loop that changes a variable.</summary>
/// <param name="Node">The step.</param>
/// <param name="Operand">The variable.</param>
/// <param name="IsUp">Whether it grows.</param>
/// <param name="IsByOne">Whether it changes by one.</param>
internal sealed record LoopStep(ExpressionSyntax Node, IdentifierNameSyntax Operand, bool IsUp, bool IsByOne)
{
    public string Variable => Operand.Identifier.ValueText;

    public static IEnumerable<LoopStep> In(StatementSyntax loop)
        => SyntaxFacts.DescendantsInSameFunction(loop).Select(Of).OfType<LoopStep>();

    private static LoopStep? Of(SyntaxNode node) => node switch
    {
        PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } step when step.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression
            => new LoopStep(step, name, step.IsKind(SyntaxKind.PostIncrementExpression), IsByOne: true),
        PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } step when step.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression
            => new LoopStep(step, name, step.IsKind(SyntaxKind.PreIncrementExpression), IsByOne: true),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax name } assignment
            => new LoopStep(
                assignment,
                name,
                assignment.IsKind(SyntaxKind.AddAssignmentExpression),
                assignment.Kind() is SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression && assignment.Right is LiteralExpressionSyntax { Token.Value: 1 }),
        _ => null,
    };
}
