using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>Finds loops of agent turns whose results feed what follows and are kept in memory only.</summary>
internal static class StepLoops
{
    public static StepGroup? Find(StatementSyntax loop, GatewayModel model, AnalyzerSettings settings, CancellationToken cancellationToken)
    {
        StatementSyntax body = RetryLoop.BodyOf(loop)!;
        InvocationExpressionSyntax[] turns = [.. TurnsOf(body, model, cancellationToken)];
        if (turns.Length == 0
            || !IsWorkLoop(loop, turns[0], model)
            || IsShort(loop, turns.Length, settings, model, cancellationToken)
            || Persistence.IsNear(loop, model, cancellationToken)
            || !ResultFlow.FeedsWhatFollows(loop, turns, model, cancellationToken))
        {
            return null;
        }

        return new StepGroup(loop, turns, "The results of the turns in this loop");
    }

    /// <summary>The awaited turns of a loop's own function, without those of loops inside that are loops of turns themselves.</summary>
    private static IEnumerable<InvocationExpressionSyntax> TurnsOf(StatementSyntax body, GatewayModel model, CancellationToken cancellationToken)
        => SyntaxFacts.DescendantsInSameFunction(body)
            .OfType<InvocationExpressionSyntax>()
            .Where(invocation => IsOwnPass(invocation, body, model)
                && Turns.IsTaken(invocation)
                && Turns.IsTurn(invocation, model, cancellationToken));

    /// <summary>Whether no loop between does the work: a retry repeats the same turn and belongs to the pass; another work loop is judged by itself.</summary>
    private static bool IsOwnPass(InvocationExpressionSyntax invocation, StatementSyntax body, GatewayModel model)
        => invocation.Ancestors().TakeWhile(node => node != body)
            .Where(node => RetryLoop.BodyOf(node)?.Span.Contains(invocation.Span) == true)
            .All(inner => RetryLoop.Around(invocation, model.SemanticsOf(inner.SyntaxTree)) is { Purpose: LoopPurpose.Retry } retry && retry.Statement == inner);

    /// <summary>A retry repeats one turn, a daemon serves what comes, a chat waits for a person: none of them is a run.</summary>
    private static bool IsWorkLoop(StatementSyntax loop, InvocationExpressionSyntax turn, GatewayModel model)
    {
        if (loop is CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 }
            || (RetryLoop.Around(turn, model.SemanticsOf(loop.SyntaxTree)) is { } around && around.Statement == loop))
        {
            return false;
        }

        return !SyntaxFacts.DescendantsInSameFunction(loop).OfType<InvocationExpressionSyntax>().Any(WaitsForSomebody);
    }

    private static bool WaitsForSomebody(InvocationExpressionSyntax invocation) => SourceIndex.NameOf(invocation) is
        "ReadLine" or "ReadLineAsync" or "ReadKey" or "Prompt" or "PromptAsync" or "Ask" or "Confirm"
        or "WaitForNextTickAsync" or "WaitToReadAsync" or "ReceiveAsync" or "ReceiveMessageAsync" or "DequeueAsync" or "TryDequeue" or "BasicGet" or "Take" or "TryTake";

    /// <summary>A loop with a small constant bound costs no more to repeat than a conversation.</summary>
    private static bool IsShort(StatementSyntax loop, int turns, AnalyzerSettings settings, GatewayModel model, CancellationToken cancellationToken)
        => loop is ForStatementSyntax { Condition: BinaryExpressionSyntax condition }
            && condition.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
            && model.SemanticsOf(loop.SyntaxTree).GetConstantValue(condition.Right, cancellationToken) is { HasValue: true, Value: int bound }
            && bound * turns <= settings.StepThreshold;
}
