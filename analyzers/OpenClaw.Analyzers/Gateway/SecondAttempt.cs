using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// "Is the call one of two attempts that are written out": the last one behind a retry loop, one that a catch clause makes after it has reconnected, or the
/// first one before that. Somebody has decided how often it is tried; whether for the right failures cannot be told.
/// </summary>
internal static class SecondAttempt
{
    public static bool Involves(SyntaxNode call, SemanticModel semantics)
    {
        if (call is not InvocationExpressionSyntax invocation)
        {
            return false;
        }

        for (SyntaxNode node = call; node.Parent is { } parent && !SyntaxFacts.IsFunctionBoundary(node); node = parent)
        {
            bool isAttempt = parent switch
            {
                BlockSyntax block when node is StatementSyntax statement => FollowsLoop(statement, block, invocation, semantics),
                CatchClauseSyntax { Parent: TryStatementSyntax around } => Repeats(around.Block, invocation),
                TryStatementSyntax around when node == around.Block => around.Catches.Any(clause => Repeats(clause.Block, invocation)),
                _ => false,
            };
            if (isAttempt)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a loop right before retries the same call, so that this one is its last attempt, which may throw.</summary>
    private static bool FollowsLoop(StatementSyntax statement, BlockSyntax block, InvocationExpressionSyntax call, SemanticModel semantics)
        => block.Statements.TakeWhile(before => before != statement)
            .Where(before => RetryLoop.BodyOf(before) is not null)
            .Any(loop => CallsLike(call, loop).Any(attempt => RetryLoop.Around(attempt, semantics) is { Purpose: LoopPurpose.Retry } retry && retry.Statement == loop));

    private static bool Repeats(BlockSyntax code, InvocationExpressionSyntax call) => CallsLike(call, code).Any();

    /// <summary>The calls of the same name with the same first argument: the rest may differ, as the token of an attempt does.</summary>
    private static IEnumerable<InvocationExpressionSyntax> CallsLike(InvocationExpressionSyntax call, SyntaxNode code)
        => SyntaxFacts.DescendantsInSameFunction(code).OfType<InvocationExpressionSyntax>().Where(other => other != call
            && SourceIndex.NameOf(other) == SourceIndex.NameOf(call)
            && FirstArgument(other) is var first
            && FirstArgument(call) is var own
            && (first is null ? own is null : own is not null && first.IsEquivalentTo(own, topLevel: false)));

    private static ExpressionSyntax? FirstArgument(InvocationExpressionSyntax call) => call.ArgumentList.Arguments.FirstOrDefault()?.Expression;
}
