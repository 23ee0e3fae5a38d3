using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Which replies does this condition let through": read from the names in it, as far as they tell.</summary>
internal static class StatusTest
{
    // "Not yet" is an answer: who waits for it to change polls, and fails nowhere.
    private static readonly HashSet<string> PendingStatuses = new(StringComparer.Ordinal) { "Accepted", "NoContent", "NotFound", "PartialContent" };

    private static readonly HashSet<string> StatusNames = new(StringComparer.Ordinal) { "IsSuccessStatusCode", "StatusCode", "IsSuccessful" };

    private static readonly string[] RetryWords = ["Retry", "Retriable", "Retryable", "Transient"];

    private static readonly HashSet<string> GoodStatuses = new(StringComparer.Ordinal) { "OK", "Created", "Success" };

    /// <summary>What a reply is like where a condition holds.</summary>
    public enum Outcome
    {
        /// <summary>The condition asks for something else.</summary>
        None,

        /// <summary>The call has succeeded.</summary>
        Good,

        /// <summary>The call has failed.</summary>
        Bad,

        /// <summary>It asks for the status in a way that is not read here.</summary>
        Either,
    }

    public static Outcome Of(ExpressionSyntax condition)
    {
        HashSet<string> names = new(condition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Select(name => name.Identifier.ValueText), StringComparer.Ordinal);
        if (names.Overlaps(StatusNames) && !names.Overlaps(PendingStatuses))
        {
            return OfStatus(condition);
        }

        return condition.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Any(AsksForRetry) ? Outcome.Either : Outcome.None;
    }

    // Either side of a choice may be the one about the status.
    private static Outcome OfStatus(ExpressionSyntax condition) => condition switch
    {
        ParenthesizedExpressionSyntax inner => OfStatus(inner.Expression),
        PrefixUnaryExpressionSyntax not when not.IsKind(SyntaxKind.LogicalNotExpression) => Not(OfStatus(not.Operand)),
        BinaryExpressionSyntax both when both.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression => Both(Of(both.Left), Of(both.Right)),
        BinaryExpressionSyntax comparison => OfComparison(comparison),
        IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax { Expression: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } } } isFalse => Not(OfStatus(isFalse.Expression)),
        IdentifierNameSyntax { Identifier.ValueText: not "StatusCode" } or MemberAccessExpressionSyntax { Name.Identifier.ValueText: not "StatusCode" } => Outcome.Good,
        _ => Outcome.Either,
    };

    private static Outcome OfComparison(BinaryExpressionSyntax comparison)
    {
        string last = comparison.Right.GetLastToken().ValueText;
        Outcome named = GoodStatuses.Contains(last) || last == "200" || last == "true" ? Outcome.Good
            : last == "false" || comparison.Right is MemberAccessExpressionSyntax || (last.Length == 3 && last[0] is '4' or '5') ? Outcome.Bad
            : Outcome.Either;
        return comparison.Kind() switch
        {
            SyntaxKind.EqualsExpression => named,
            SyntaxKind.NotEqualsExpression or SyntaxKind.LessThanExpression => Not(named),
            SyntaxKind.GreaterThanExpression or SyntaxKind.GreaterThanOrEqualExpression => named,
            _ => Outcome.Either,
        };
    }

    private static Outcome Not(Outcome outcome) => outcome switch { Outcome.Good => Outcome.Bad, Outcome.Bad => Outcome.Good, _ => outcome };

    private static Outcome Both(Outcome left, Outcome right)
        => left == right || right == Outcome.None ? left : left == Outcome.None ? right : Outcome.Either;

    // A test of the user's own, named after what it decides: ShouldRetry(response), IsTransient(status).
    private static bool AsksForRetry(InvocationExpressionSyntax test)
        => SourceIndex.NameOf(test) is var name && RetryWords.Any(word => name.IndexOf(word, StringComparison.Ordinal) >= 0);
}
