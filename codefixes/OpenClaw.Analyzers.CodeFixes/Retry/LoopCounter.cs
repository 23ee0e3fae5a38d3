using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>What counts the attempts of a loop: its own variable, one that it steps, or one that a fix has to declare.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Name">The variable.</param>
/// <param name="NeedsDeclaration">Whether the fix has to declare it before the loop.</param>
/// <param name="MorePasses">The condition that another attempt follows, where the loop's own condition tells.</param>
internal sealed record LoopCounter(StatementSyntax Loop, string Name, bool NeedsDeclaration = false, string? MorePasses = null)
{
    private static readonly string[] CounterWords = ["attempt", "retr", "tries", "try", "count"];

    public static LoopCounter? Of(RetryLoop loop)
    {
        if (loop.Statement is ForStatementSyntax { Declaration.Variables: [var variable] } counted)
        {
            string name = variable.Identifier.ValueText;
            return IsInteger(counted.Declaration.Type) ? new LoopCounter(loop.Statement, name, MorePasses: MorePassesOf(counted.Condition, name)) : null;
        }

        if (loop.Statement is ForEachStatementSyntax each && each.Expression.ToString().Contains("Range"))
        {
            return new LoopCounter(loop.Statement, each.Identifier.ValueText);
        }

        string? stepped = loop.Statement.DescendantNodes()
            .OfType<PostfixUnaryExpressionSyntax>()
            .Where(step => step.IsKind(SyntaxKind.PostIncrementExpression))
            .Select(step => step.Operand)
            .Concat(loop.Statement.DescendantNodes().OfType<PrefixUnaryExpressionSyntax>().Where(step => step.IsKind(SyntaxKind.PreIncrementExpression)).Select(step => step.Operand))
            .OfType<IdentifierNameSyntax>()
            .Select(name => name.Identifier.ValueText)
            .FirstOrDefault(IsNamedLikeCounter);
        if (stepped is not null)
        {
            return new LoopCounter(loop.Statement, stepped, MorePasses: (loop.Statement as WhileStatementSyntax)?.Condition is BinaryExpressionSyntax condition ? MorePassesOf(condition, stepped, step: 0) : null);
        }

        return loop.Statement is ForEachStatementSyntax or ForEachVariableStatementSyntax
            ? null
            : new LoopCounter(loop.Statement, Names.Unique("attempt", loop.Statement), NeedsDeclaration: true);
    }

    private static bool IsInteger(TypeSyntax type) => type.IsVar || type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword };

    private static bool IsNamedLikeCounter(string name)
        => name is "i" or "n" || CounterWords.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);

    /// <summary><c>i &lt; max</c> before the step means <c>i + 1 &lt; max</c> for the pass after this one.</summary>
    private static string? MorePassesOf(ExpressionSyntax? condition, string name, int step = 1)
        => condition is BinaryExpressionSyntax { Left: IdentifierNameSyntax left } test
            && left.Identifier.ValueText == name
            && test.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
                ? step == 0 ? $"{name} {test.OperatorToken.ValueText} {test.Right}"
                : test.IsKind(SyntaxKind.LessThanOrEqualExpression) ? $"{name} < {test.Right}"
                : $"{name} + 1 < {test.Right}"
                : null;
}
