using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Is this invocation a turn of a run": an agent turn or a tool, behind it or behind the method it calls.</summary>
internal static class Turns
{
    public static bool IsTurn(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
        => model.Reach.From(invocation, cancellationToken) is { IsTurnOrTool: true };

    /// <summary>Whether the code waits for the answer here: a task that is kept for later belongs to a fan-out.</summary>
    public static bool IsTaken(InvocationExpressionSyntax invocation)
    {
        ExpressionSyntax value = invocation;
        while (value.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax or ParenthesizedExpressionSyntax or ConditionalAccessExpressionSyntax)
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value.Parent is AwaitExpressionSyntax
            || value.Parent is CommonForEachStatementSyntax
            || SourceIndex.NameOf(invocation) is var name && !name.EndsWith("Async", StringComparison.Ordinal);
    }
}
