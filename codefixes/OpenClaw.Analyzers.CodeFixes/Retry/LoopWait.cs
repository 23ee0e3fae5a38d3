using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>A constant wait of a loop, taken apart.</summary>
/// <param name="Target">What waits, as the code writes it.</param>
/// <param name="IsSleep">Whether it blocks the thread.</param>
/// <param name="BaseDelay">The duration, where somebody gave it a name: it stays, as the one that the waits grow from.</param>
/// <param name="Rest">The arguments behind the duration: clock and token.</param>
internal sealed record LoopWait(string Target, bool IsSleep, string? BaseDelay, IReadOnlyList<string> Rest)
{
    /// <summary>Whether the wait stands alone: a task that is kept is awaited elsewhere, by somebody who may count on its length.</summary>
    public static bool CanBeReplaced(InvocationExpressionSyntax wait)
        => SyntaxFacts.NameOf(wait).ValueText is "Delay" or "Sleep" && wait.Ancestors().FirstOrDefault(node => node is StatementSyntax) is ExpressionStatementSyntax;

    public static LoopWait? Of(InvocationExpressionSyntax wait, FixSite site)
    {
        if (site.Semantics.GetOperation(wait, site.CancellationToken) is not IInvocationOperation operation)
        {
            return null;
        }

        IArgumentOperation[] arguments = [.. operation.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).OrderBy(argument => argument.Parameter!.Ordinal)];
        if (arguments is not [{ Value: { Syntax: ExpressionSyntax duration } value, Parameter.Type: { } type }, ..])
        {
            return null;
        }

        string? baseDelay = null;
        if (!Durations.IsSpelledOut(duration, value))
        {
            string timeSpan = Imports.NameFor("System", "TimeSpan", site.Semantics, wait.SpanStart, out bool needsImport);
            baseDelay = type.HasFullName("System", "TimeSpan") ? duration.ToString()
                : $"{(needsImport ? "System." : "")}{timeSpan}.FromMilliseconds({duration})";
        }

        return new LoopWait(
            wait.Expression.ToString(),
            SyntaxFacts.NameOf(wait).ValueText == "Sleep",
            baseDelay,
            [.. arguments.Skip(1).Select(argument => argument.Value.Syntax.ToString())]);
    }

    /// <summary>The wait that grows with the attempts.</summary>
    public string Growing(string backoff, string attempt)
    {
        string rest = string.Concat(Rest.Select(argument => ", " + argument));
        return BaseDelay is null
            ? $"{backoff}.{(IsSleep ? "Delay" : "DelayAsync")}({attempt}{rest})"
            : $"{Target}({backoff}.GetDelay({attempt}, {BaseDelay}){rest})";
    }
}
