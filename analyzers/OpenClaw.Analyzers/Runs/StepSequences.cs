using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>Finds long sequences of agent turns in one block.</summary>
internal static class StepSequences
{
    /// <summary>The statements of a block, or the top-level statements of a file.</summary>
    public static IReadOnlyList<StatementSyntax> StatementsOf(SyntaxNode container) => container switch
    {
        BlockSyntax block => block.Statements,
        // An array, not a collection expression: that would become a SyntaxList, whose Add leaves the list as it is.
        CompilationUnitSyntax unit => unit.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement).ToArray(),
        _ => Array.Empty<StatementSyntax>(),
    };

    public static StepGroup? Find(
        SyntaxNode container,
        IReadOnlyList<StatementSyntax> statements,
        GatewayModel model,
        AnalyzerSettings settings,
        CancellationToken cancellationToken)
    {
        InvocationExpressionSyntax[] turns =
        [
            .. statements
                .Where(statement => statement is not (BlockSyntax or LocalFunctionStatementSyntax) && RetryLoop.BodyOf(statement) is null)
                .SelectMany(statement => Turns.TakenIn(statement, model, cancellationToken, static node => node is BlockSyntax)),
        ];
        StepGroup? group = turns.Length > settings.StepThreshold && ResultFlow.FeedsWhatFollows(statements, turns)
            ? new StepGroup(container, turns, $"The results of these {turns.Length} turns")
            : MarkedSteps.Of(container, turns, model, cancellationToken);
        return group is null || IsOfReportedLoop(group.Turns[0], model, settings, cancellationToken) || Persistence.IsNear(container, model, cancellationToken) ? null : group;
    }

    /// <summary>The body of a loop that is reported says nothing new.</summary>
    private static bool IsOfReportedLoop(InvocationExpressionSyntax turn, GatewayModel model, AnalyzerSettings settings, CancellationToken cancellationToken)
        => turn.Ancestors().TakeWhile(node => !SyntaxFacts.IsFunctionBoundary(node))
            .Any(node => RetryLoop.BodyOf(node) is not null && StepLoops.Find((StatementSyntax)node, model, settings, cancellationToken)?.Turns.Contains(turn) == true);
}
