using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Whom does this loop wait for": a person, a queue, a timer or another system. Such a loop serves what comes and is no run.</summary>
internal static class Waits
{
    private static readonly HashSet<string> Receiving = new(StringComparer.Ordinal)
    {
        "ReadLine", "ReadLineAsync", "ReadKey", "Prompt", "PromptAsync", "Ask", "AskAsync", "Confirm", "WaitForNextTickAsync", "WaitToReadAsync", "ReceiveAsync",
        "ReceiveMessageAsync", "ReceiveMessagesAsync", "DequeueAsync", "BasicGet", "Consume", "GetContextAsync", "TryDequeue", "Take", "TryTake", "ReadAsync",
    };

    public static bool ForSomebody(StatementSyntax loop, IReadOnlyList<InvocationExpressionSyntax> turns, GatewayModel model, CancellationToken cancellationToken)
        => SyntaxFacts.DescendantsInSameFunction(loop).OfType<InvocationExpressionSyntax>()
            .Any(invocation => !turns.Contains(invocation) && Receives(invocation, followCallee: true, model, cancellationToken));

    /// <summary>Whether nothing but a cancellation ends the loop: a service, not a piece of work that gets done.</summary>
    public static bool ForEver(StatementSyntax loop)
    {
        ExpressionSyntax? condition = loop switch
        {
            WhileStatementSyntax { Condition: var found } => found,
            DoStatementSyntax { Condition: var found } => found,
            ForStatementSyntax { Condition: { } found } => found,
            ForStatementSyntax => SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression),
            _ => null,
        };
        bool isEndless = condition is PrefixUnaryExpressionSyntax { Operand: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "IsCancellationRequested" } }
            || condition?.IsKind(SyntaxKind.TrueLiteralExpression) == true;
        return isEndless && !SyntaxFacts.DescendantsInSameFunction(loop).Any(node => node is ReturnStatementSyntax || (node is BreakStatementSyntax && Leaves(node, loop)));
    }

    /// <summary>
    /// Whether the loop asks the same thing again after a pause until the answer is right: nothing of the question changes from pass to pass and
    /// no answer is kept beside the last.
    /// </summary>
    public static bool ForAnAnswer(StatementSyntax loop, IReadOnlyList<InvocationExpressionSyntax> turns, SemanticModel semantics)
    {
        bool pauses = SyntaxFacts.DescendantsInSameFunction(loop).OfType<InvocationExpressionSyntax>().Any(call => SourceIndex.NameOf(call) is "Delay" or "Sleep");
        if (!pauses || loop is CommonForEachStatementSyntax || semantics.AnalyzeDataFlow(loop) is not { Succeeded: true } flow)
        {
            return false;
        }

        return turns.All(turn => semantics.AnalyzeDataFlow(turn) is { Succeeded: true } used
            && !used.ReadInside.Any(variable => flow.WrittenInside.Contains(variable, SymbolEqualityComparer.Default)))
            && !SyntaxFacts.DescendantsInSameFunction(loop).Any(ResultFlow.Collects);
    }

    private static bool Receives(InvocationExpressionSyntax invocation, bool followCallee, GatewayModel model, CancellationToken cancellationToken)
    {
        bool isNamedSo = Receiving.Contains(SourceIndex.NameOf(invocation));
        if ((!isNamedSo && !followCallee)
            || model.SemanticsOf(invocation.SyntaxTree).GetSymbolInfo(invocation, cancellationToken).Symbol is not IMethodSymbol method)
        {
            return false;
        }

        // The body of a method says more than its name.
        if (!method.IsAbstract && model.IsDeclaredHere(method))
        {
            return followCallee && model.DeclarationsOf(method.OriginalDefinition, cancellationToken)
                .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Any(inner => Receives(inner, followCallee: false, model, cancellationToken));
        }

        return isNamedSo && method.Name switch
        {
            // A list or a queue of the loop's own is its work; one that threads share may be filled by others.
            "Take" or "TryTake" or "TryDequeue" => method.ContainingType.IsWithin("System.Collections.Concurrent"),
            "ReadAsync" => method.ContainingType.IsWithin("System.Threading.Channels"),
            _ => true,
        };
    }

    private static bool Leaves(SyntaxNode jump, StatementSyntax loop)
        => jump.Ancestors().First(node => node is SwitchStatementSyntax || RetryLoop.BodyOf(node) is not null) == loop;
}
