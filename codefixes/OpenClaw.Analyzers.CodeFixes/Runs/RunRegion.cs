using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>The statements that become a run, and the ways out of them.</summary>
internal sealed class RunRegion
{
    private readonly RunExits _exits;

    private RunRegion(SyntaxNode function, IReadOnlyList<StatementSyntax> statements, IReadOnlyList<InvocationExpressionSyntax> turns, RunExits exits)
    {
        Function = function;
        Statements = statements;
        Turns = turns;
        _exits = exits;
    }

    /// <summary>The method or local function around it.</summary>
    public SyntaxNode Function { get; }

    public IReadOnlyList<StatementSyntax> Statements { get; }

    /// <summary>All turns in the statements, also those that the rule has not counted: asked again after a restart, one may answer otherwise and lead elsewhere.</summary>
    public IReadOnlyList<InvocationExpressionSyntax> Turns { get; }

    public StatementSyntax First => Statements[0];

    public StatementSyntax Last => Statements[Statements.Count - 1];

    /// <summary>
    /// The regions of the groups of a function that a run can be put around, the best first: with the turns that stand before in the same block, such as the
    /// plan that a loop works off, and without.
    /// </summary>
    public static IEnumerable<RunRegion> Around(IReadOnlyList<StepGroup> groups, FixSite site)
    {
        StatementSyntax[] ends = [.. groups.SelectMany(EndsOf).Select(Outermost).OrderBy(statement => statement.SpanStart)];
        SyntaxNode? function = ends[0].Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);
        if (ends[0].Parent is not BlockSyntax block
            || ends.Any(end => end.Parent != block)
            || !IsAsyncMethod(function)
            || SyntaxFacts.DescendantsInSameFunction(function!).Any(IsForbidden))
        {
            yield break;
        }

        StatementSyntax earliest = block.Statements.FirstOrDefault(statement => statement.SpanStart < ends[0].SpanStart && TurnsIn(statement, site).Any()) ?? ends[0];
        foreach (StatementSyntax first in earliest == ends[0] ? new[] { earliest } : [earliest, ends[0]])
        {
            StatementSyntax[] statements = [.. block.Statements.SkipWhile(statement => statement != first).TakeWhile(statement => statement.SpanStart <= ends[ends.Length - 1].SpanStart)];
            InvocationExpressionSyntax[] turns = [.. statements.SelectMany(statement => TurnsIn(statement, site)).OrderBy(turn => turn.SpanStart)];
            if (turns.All(turn => !IsInsideUsing(turn, block, statements) && IsRepeatedSafely(turn, block, groups, turns, site)) && RunExits.Of(statements, block, site) is { } exits)
            {
                yield return new RunRegion(function!, statements, turns, exits);
            }
        }
    }

    /// <summary>Completes the run on every normal way out.</summary>
    public void AddExitsTo(FixPlan plan, string complete) => _exits.AddTo(plan, complete);

    private static IEnumerable<InvocationExpressionSyntax> TurnsIn(StatementSyntax statement, FixSite site)
        => OpenClaw.Analyzers.Runs.Turns.TakenIn(statement, site.Model, site.CancellationToken);

    /// <summary>The loop, or the statements of a sequence with its first and its last turn.</summary>
    private static IEnumerable<StatementSyntax> EndsOf(StepGroup group)
        => group.Container is StatementSyntax loop and not BlockSyntax
            ? [loop]
            : StepSequences.StatementsOf(group.Container).Where(statement => statement.Span.Contains(group.Turns[0].Span) || statement.Span.Contains(group.Turns[group.Turns.Count - 1].Span));

    /// <summary>The loop around all: a run that was opened in each pass would begin anew in each.</summary>
    private static StatementSyntax Outermost(StatementSyntax statement)
        => statement.AncestorsAndSelf().TakeWhile(node => node == statement || !SyntaxFacts.IsFunctionBoundary(node))
            .OfType<StatementSyntax>().LastOrDefault(node => RetryLoop.BodyOf(node) is not null) ?? statement;

    private static bool IsAsyncMethod(SyntaxNode? function) => function switch
    {
        MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    /// <summary>
    /// An iterator may stop between two steps and never come back; a jump leaves by a way of its own and must not cross a declaration of the run; and
    /// where a run is opened already there is one for these steps.
    /// </summary>
    private static bool IsForbidden(SyntaxNode node)
        => node is YieldStatementSyntax or GotoStatementSyntax or LabeledStatementSyntax
            || node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ResumeAsync", Expression: SimpleNameSyntax { Identifier.ValueText: "AgentRun" } } };

    /// <summary>Whether the loops around the turn are work that ends: those that the rule found, and loops over numbers or items around them.</summary>
    private static bool IsRepeatedSafely(SyntaxNode turn, BlockSyntax block, IReadOnlyList<StepGroup> groups, IReadOnlyList<SyntaxNode> turns, FixSite site)
        => turn.Ancestors().TakeWhile(node => node != block).OfType<StatementSyntax>()
            .Where(node => RetryLoop.BodyOf(node) is not null && !groups.Any(group => group.Container == node))
            .All(loop => RetryLoop.Around(turn, site.Semantics) is { } around && around.Statement == loop
                ? around.Purpose == LoopPurpose.Retry && turns.Count(other => loop.Span.Contains(other.Span)) == 1 && IsDirectlyIn(loop, turn)
                : loop is ForEachStatementSyntax { AwaitKeyword.RawKind: 0 } or ForStatementSyntax { Condition: not null }
                    && !Waits.ForSomebody(loop, [], site.Model, site.CancellationToken));

    /// <summary>A retry of one step asks for the step that has failed; one of several would ask for those that have not as if they were new.</summary>
    private static bool IsDirectlyIn(StatementSyntax retry, SyntaxNode turn) => turn.Ancestors().First(node => RetryLoop.BodyOf(node) is not null) == retry;

    private static bool IsInsideUsing(SyntaxNode turn, BlockSyntax block, IReadOnlyList<StatementSyntax> statements)
        => turn.Ancestors().TakeWhile(node => node != block).Any(node => node is UsingStatementSyntax || (node is BlockSyntax inner && UsingsBefore(inner.Statements, turn).Any()))
            || UsingsBefore(statements, turn).Any();

    private static IEnumerable<StatementSyntax> UsingsBefore(IEnumerable<StatementSyntax> statements, SyntaxNode turn)
        => statements.TakeWhile(statement => !statement.Span.Contains(turn.Span))
            .Where(statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } declaration && !IsDeadline(declaration.Declaration));

    /// <summary>A deadline of one wait is made again for the next.</summary>
    private static bool IsDeadline(VariableDeclarationSyntax declaration)
        => declaration.Variables.All(variable => variable.Initializer?.Value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "After", Expression: var type } }
            && type.ToString().EndsWith("Deadline", StringComparison.Ordinal));
}
