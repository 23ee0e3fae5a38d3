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
        InvocationExpressionSyntax[] turns = [.. Turns.TakenIn(body, model, cancellationToken).Where(turn => IsOwnPass(turn, body, model))];
        return turns.Length > 0
            && IsWorkLoop(loop, turns, model, cancellationToken)
            && !IsShort(loop, turns.Length, settings, model, cancellationToken)
            && !Persistence.IsNear(loop, model, cancellationToken)
            && !HandsOut(loop, model, cancellationToken)
            && ResultFlow.FeedsWhatFollows(loop, turns, model, cancellationToken)
                ? new StepGroup(loop, turns, "The results of the turns in this loop")
                : null;
    }

    /// <summary>Whether no loop between does the work: a retry repeats the same turn and belongs to the pass; another work loop is judged by itself.</summary>
    private static bool IsOwnPass(InvocationExpressionSyntax invocation, StatementSyntax body, GatewayModel model)
        => invocation.Ancestors().TakeWhile(node => node != body)
            .Where(node => RetryLoop.BodyOf(node)?.Span.Contains(invocation.Span) == true)
            .All(inner => RetryLoop.Around(invocation, model.SemanticsOf(inner.SyntaxTree)) is { Purpose: LoopPurpose.Retry } retry && retry.Statement == inner);

    /// <summary>A retry repeats one turn, a daemon serves what comes, a poller asks the same again, a chat waits for a person: none of them is a run.</summary>
    private static bool IsWorkLoop(StatementSyntax loop, IReadOnlyList<InvocationExpressionSyntax> turns, GatewayModel model, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(loop.SyntaxTree);
        return loop is not CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 }
            && !turns.Any(turn => RetryLoop.Around(turn, semantics) is { } around && around.Statement == loop)
            && !Waits.ForEver(loop)
            && !Waits.ForAnAnswer(loop, turns, semantics)
            && !Waits.ForSomebody(loop, turns, model, cancellationToken);
    }

    /// <summary>
    /// Whether the loop hands out what it has, pass by pass, to somebody who may keep it: of an iterator only those who enumerate it can tell, and all of
    /// them have to be in sight.
    /// </summary>
    private static bool HandsOut(StatementSyntax loop, GatewayModel model, CancellationToken cancellationToken)
        => SyntaxFacts.DescendantsInSameFunction(loop).OfType<YieldStatementSyntax>().Any(yield => yield.Expression is not null)
            && (loop.FirstAncestorOrSelf<MethodDeclarationSyntax>() is not { } iterator
                || model.DeclaredAt(iterator, cancellationToken) is not IMethodSymbol method
                || model.Callers.CallsOf(method, cancellationToken) is not { Count: > 0 } calls
                || !model.Callers.AreAllCallsKnown(method, cancellationToken)
                || calls.Any(call => call.Syntax.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is not { } caller || Persistence.IsNear(caller, model, cancellationToken)));

    /// <summary>A loop with a small constant bound costs no more to repeat than a conversation.</summary>
    private static bool IsShort(StatementSyntax loop, int turns, AnalyzerSettings settings, GatewayModel model, CancellationToken cancellationToken)
        => PassesOf(loop, model.SemanticsOf(loop.SyntaxTree), cancellationToken) is { } passes && passes * turns <= settings.StepThreshold;

    /// <summary>How often the loop runs, where that is a constant.</summary>
    public static int? PassesOf(StatementSyntax loop, SemanticModel semantics, CancellationToken cancellationToken) => loop switch
    {
        ForStatementSyntax { Condition: BinaryExpressionSyntax condition }
            when condition.Kind() is SyntaxKind.LessThanExpression or SyntaxKind.LessThanOrEqualExpression
                && semantics.GetConstantValue(condition.Right, cancellationToken) is { HasValue: true, Value: int bound } => bound,
        ForEachStatementSyntax { Expression: ArrayCreationExpressionSyntax { Initializer.Expressions.Count: var count } } => count,
        ForEachStatementSyntax { Expression: ImplicitArrayCreationExpressionSyntax { Initializer.Expressions.Count: var count } } => count,
        ForEachStatementSyntax { Expression: InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var taken }] } taking }
            when SourceIndex.NameOf(taking) == "Take" && semantics.GetConstantValue(taken, cancellationToken) is { HasValue: true, Value: int count } => count,
        _ => null,
    };
}
