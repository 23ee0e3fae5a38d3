using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>"Does another attempt follow": what the condition of a loop will say, asked where the loop would wait.</summary>
internal static class LoopBound
{
    /// <summary>The variables by which the condition counts.</summary>
    public static HashSet<string> VariablesIn(StatementSyntax loop, IReadOnlyList<LoopStep> steps)
    {
        HashSet<string> names = loop is ForEachStatementSyntax each ? [each.Identifier.ValueText] : [];
        if (RetryLoop.ConditionOf(loop) is { } condition)
        {
            names.UnionWith(steps.Select(step => step.Variable).Where(name => Mentions(condition, name)));
        }

        return names;
    }

    /// <summary>
    /// The condition under which another pass follows, as it reads at a position in the body; empty where no count ends the loop, null where the
    /// loop is bounded in a way that cannot be told there.
    /// </summary>
    public static string? MorePasses(StatementSyntax loop, int position)
    {
        if (loop is ForEachStatementSyntax each)
        {
            return MorePassesOfRange(each);
        }

        LoopStep[] steps = [.. LoopStep.In(loop)];
        List<ExpressionSyntax> counting = [.. TermsOf(RetryLoop.ConditionOf(loop)).Where(term => steps.Any(step => IsCount(step) && Mentions(term, step.Variable)))];
        return counting switch
        {
            [] => "",
            [BinaryExpressionSyntax test] => MorePasses(test, steps, loop, position),
            _ => null,
        };

        // A flag is set, not counted: it says that the work is done.
        static bool IsCount(LoopStep step) => step.Node is not AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression };
    }

    private static string? MorePasses(BinaryExpressionSyntax test, IReadOnlyList<LoopStep> steps, StatementSyntax loop, int position)
    {
        IdentifierNameSyntax? variable = test.Left switch
        {
            IdentifierNameSyntax name => name,
            PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } => name,
            PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } => name,
            _ => null,
        };
        if (variable is null
            || steps.Where(step => step.Variable == variable.Identifier.ValueText).ToArray() is not [{ IsByOne: true } only]
            || !IsStable(test.Right, steps))
        {
            return null;
        }

        bool isStepped = only.Node == test.Left
            ? only.Node is PostfixUnaryExpressionSyntax
            : RetryLoop.BodyOf(loop)!.Span.Contains(only.Node.Span) && only.Node.Span.End <= position;
        return Compose(only, test, isStepped);
    }

    /// <summary>The test of the next pass: of the value as it is, or of the one after it.</summary>
    private static string? Compose(LoopStep step, BinaryExpressionSyntax test, bool isStepped)
    {
        string name = step.Variable;
        string bound = test.Right.WithoutTrivia().ToString();
        string next = isStepped ? name : step.IsUp ? name + " + 1" : name + " - 1";
        return test.Kind() switch
        {
            SyntaxKind.LessThanExpression when step.IsUp => $"{next} < {bound}",
            SyntaxKind.LessThanOrEqualExpression when step.IsUp => isStepped ? $"{name} <= {bound}" : $"{name} < {bound}",
            SyntaxKind.GreaterThanExpression when !step.IsUp => isStepped || bound != "0" ? $"{next} > {bound}" : $"{name} > 1",
            SyntaxKind.GreaterThanOrEqualExpression when !step.IsUp => isStepped ? $"{name} >= {bound}" : $"{name} > {bound}",
            SyntaxKind.NotEqualsExpression => $"{next} != {bound}",
            _ => null,
        };
    }

    /// <summary><c>foreach (int attempt in Enumerable.Range(0, max))</c>.</summary>
    private static string? MorePassesOfRange(ForEachStatementSyntax each)
    {
        if (each.Expression is not InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax first }, { Expression: var count }] } range
            || SyntaxFacts.NameOf(range).ValueText != "Range"
            || !IsStable(count, steps: []))
        {
            return null;
        }

        string name = each.Identifier.ValueText;
        return first.Token.Value switch
        {
            0 => $"{name} + 1 < {count}",
            1 => $"{name} < {count}",
            _ => null,
        };
    }

    /// <summary>What has to be true all together for the condition to be.</summary>
    public static IEnumerable<ExpressionSyntax> TermsOf(ExpressionSyntax? condition) => condition switch
    {
        null => [],
        ParenthesizedExpressionSyntax inner => TermsOf(inner.Expression),
        BinaryExpressionSyntax both when both.IsKind(SyntaxKind.LogicalAndExpression) => TermsOf(both.Left).Concat(TermsOf(both.Right)),
        _ => [condition],
    };

    private static bool Mentions(SyntaxNode node, string name)
        => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(used => used.Identifier.ValueText == name);

    /// <summary>Whether the bound can be asked for once more without doing anything.</summary>
    private static bool IsStable(ExpressionSyntax bound, IReadOnlyList<LoopStep> steps)
        => bound.DescendantNodesAndSelf().All(node => node is LiteralExpressionSyntax or SimpleNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax)
            && !steps.Any(step => Mentions(bound, step.Variable));
}
