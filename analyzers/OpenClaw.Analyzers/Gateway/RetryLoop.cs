using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Why a loop comes back to a call.</summary>
internal enum LoopPurpose
{
    /// <summary>It does not repeat the call because of a failure: the next pass does other work.</summary>
    Iteration,

    /// <summary>A failure comes back, a success leaves: a retry.</summary>
    Retry,

    /// <summary>A failure goes on to the next of several targets: models, hosts, keys.</summary>
    Failover,

    /// <summary>Runs until it is stopped and comes back after failure and success alike: reconnects, receives, polls, schedules.</summary>
    Daemon,
}

/// <summary>A loop around a call, judged by what failure and success do in it.</summary>
internal sealed class RetryLoop
{
    // What people call the count of a loop that does the same thing again.
    private static readonly string[] AttemptWords = ["retr", "attempt", "tries"];

    private RetryLoop(StatementSyntax statement, LoopPurpose purpose, TryStatementSyntax? @try, IReadOnlyList<CatchClauseSyntax> retryingCatches)
    {
        Statement = statement;
        Purpose = purpose;
        Try = @try;
        RetryingCatches = retryingCatches;
    }

    public StatementSyntax Statement { get; }

    public LoopPurpose Purpose { get; }

    /// <summary>The try statement around the call inside the loop; null where the loop repeats on a status.</summary>
    public TryStatementSyntax? Try { get; }

    /// <summary>The catch clauses that come back to the call.</summary>
    public IReadOnlyList<CatchClauseSyntax> RetryingCatches { get; }

    public StatementSyntax Body => BodyOf(Statement)!;

    /// <summary>Whether a bad status comes back as well as an exception.</summary>
    public bool RepeatsOnStatus { get; private init; }

    /// <summary>Whether an answer that will not do comes back as well as an exception.</summary>
    public bool RepeatsOnAnswer { get; private init; }

    /// <summary>The innermost loop of the same function that comes back to the call when it fails; null where none does.</summary>
    public static RetryLoop? Around(SyntaxNode call, SemanticModel semantics)
    {
        TryStatementSyntax? tryAround = null;
        for (SyntaxNode? node = call; node is not null && (node == call || !SyntaxFacts.IsFunctionBoundary(node)); node = node.Parent)
        {
            if (node is TryStatementSyntax candidate && candidate.Block.Span.Contains(call.Span) && candidate.Catches.Count > 0)
            {
                tryAround ??= candidate;
            }
            else if (BodyOf(node) is { } body && body.Span.Contains(call.Span)
                && Judge((StatementSyntax)node, body, call, tryAround, semantics) is { } loop)
            {
                return loop;
            }
        }

        return null;
    }

    /// <summary>The body of a loop statement; null for any other node.</summary>
    public static StatementSyntax? BodyOf(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => loop.Statement,
        DoStatementSyntax loop => loop.Statement,
        ForStatementSyntax loop => loop.Statement,
        CommonForEachStatementSyntax loop => loop.Statement,
        _ => null,
    };

    private static RetryLoop? Judge(StatementSyntax loop, StatementSyntax body, SyntaxNode call, TryStatementSyntax? tryAround, SemanticModel semantics)
    {
        if (ConditionOf(loop)?.IsKind(SyntaxKind.FalseLiteralExpression) == true)
        {
            return null;
        }

        if (tryAround is not null && body.Span.Contains(tryAround.Span))
        {
            IReadOnlyList<CatchClauseSyntax> retrying = [.. tryAround.Catches.Where(clause => ComesBack(clause.Block, tryAround, body, semantics))];
            if (retrying.Count == 0)
            {
                return null;
            }

            bool successLeaves = SuccessLeaves(loop, tryAround, body, semantics);
            bool repeatsOnStatus = !successLeaves && LeavesOnGoodStatus(tryAround.Block, tryAround.Block, semantics);
            bool repeatsOnAnswer = !successLeaves && !repeatsOnStatus && CountsAttempts(loop) && MayLeave(tryAround.Block, call, semantics);
            LoopPurpose purpose = successLeaves || repeatsOnStatus || repeatsOnAnswer ? OfRepetition(loop)
                : IsEndless(loop) && !AsksPerson(body) ? LoopPurpose.Daemon
                : LoopPurpose.Iteration;
            return purpose == LoopPurpose.Iteration ? null : new RetryLoop(loop, purpose, tryAround, retrying) { RepeatsOnStatus = repeatsOnStatus, RepeatsOnAnswer = repeatsOnAnswer };
        }

        return LeavesOnGoodStatus(body, call, semantics) ? new RetryLoop(loop, OfRepetition(loop), @try: null, retryingCatches: []) { RepeatsOnStatus = true } : null;
    }

    /// <summary>Whether each pass does what a person types: what failed is not done again.</summary>
    private static bool AsksPerson(StatementSyntax body)
        => SyntaxFacts.DescendantsInSameFunction(body).OfType<InvocationExpressionSyntax>().Any(call => call.Expression
            is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ReadLine" or "ReadLineAsync" or "ReadKey" or "Ask" or "AskAsync" or "Prompt" or "PromptAsync" } read
            && read.Expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText is "Console" or "AnsiConsole"));

    /// <summary>A loop over things tries the next of them; over numbers or waits it tries again.</summary>
    private static LoopPurpose OfRepetition(StatementSyntax loop)
    {
        if (loop is not ForEachStatementSyntax each || each.Expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText == "Range"))
        {
            return LoopPurpose.Retry;
        }

        bool countsWaits = each.Statement.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Any(call => SourceIndex.NameOf(call) is "Delay" or "Sleep"
                && call.ArgumentList.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == each.Identifier.ValueText));
        return countsWaits ? LoopPurpose.Retry : LoopPurpose.Failover;
    }

    /// <summary>Whether control that reaches the end of the block, or continues, starts the next pass.</summary>
    private static bool ComesBack(BlockSyntax block, TryStatementSyntax tryStatement, StatementSyntax body, SemanticModel semantics)
    {
        if (semantics.AnalyzeControlFlow(block) is not { Succeeded: true } flow)
        {
            return false;
        }

        return flow.ExitPoints.Any(exit => exit.IsKind(SyntaxKind.ContinueStatement))
            || (flow.EndPointIsReachable && RestFallsThrough(tryStatement, body, semantics));
    }

    private static bool SuccessLeaves(StatementSyntax loop, TryStatementSyntax tryStatement, StatementSyntax body, SemanticModel semantics)
    {
        if (semantics.AnalyzeControlFlow(tryStatement.Block) is not { Succeeded: true } flow)
        {
            return false;
        }

        bool leavesInside = !flow.EndPointIsReachable && !flow.ExitPoints.Any(exit => exit.IsKind(SyntaxKind.ContinueStatement));
        return leavesInside
            || (flow.EndPointIsReachable && !RestFallsThrough(tryStatement, body, semantics))
            || EndsConditionOf(loop, tryStatement.Block);
    }

    /// <summary>
    /// Whether the head of the loop says that it counts attempts: then it is left with an answer that will do, and an answer that will not is no other
    /// reason to come back than a failure.
    /// </summary>
    private static bool CountsAttempts(StatementSyntax loop)
        => ConditionOf(loop)?.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
            .Any(name => AttemptWords.Any(word => name.Identifier.ValueText.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0)) == true;

    /// <summary>Whether the loop can be left from the statement once the call has answered.</summary>
    private static bool MayLeave(StatementSyntax statement, SyntaxNode call, SemanticModel semantics)
        => semantics.AnalyzeControlFlow(statement) is { Succeeded: true } flow
            && flow.ExitPoints.Any(exit => exit is ReturnStatementSyntax or BreakStatementSyntax && exit.Span.End >= call.Span.End);

    /// <summary>Whether control may get past the statement, or to the next pass.</summary>
    private static bool MayGoOn(StatementSyntax statement, SemanticModel semantics)
        => semantics.AnalyzeControlFlow(statement) is not { Succeeded: true, EndPointIsReachable: false } flow
            || flow.ExitPoints.Any(exit => exit.IsKind(SyntaxKind.ContinueStatement));

    /// <summary>Whether the statements after the try statement, up to the end of the loop's body, let control through to the next pass.</summary>
    private static bool RestFallsThrough(TryStatementSyntax tryStatement, StatementSyntax body, SemanticModel semantics)
    {
        for (SyntaxNode node = tryStatement; node != body && node.Parent is not null; node = node.Parent)
        {
            if (node.Parent is BlockSyntax block && node is StatementSyntax statement)
            {
                int next = block.Statements.IndexOf(statement) + 1;
                if (next < block.Statements.Count
                    && semantics.AnalyzeControlFlow(block.Statements[next], block.Statements.Last()) is { Succeeded: true } flow
                    && !flow.EndPointIsReachable
                    && !flow.ExitPoints.Any(exit => exit.IsKind(SyntaxKind.ContinueStatement)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary><c>done = true</c> at the end of the block, where the loop asks for it.</summary>
    private static bool EndsConditionOf(StatementSyntax loop, BlockSyntax block)
    {
        ExpressionSyntax? condition = ConditionOf(loop);
        return condition is not null
            && block.Statements.OfType<ExpressionStatementSyntax>().Select(statement => statement.Expression).OfType<AssignmentExpressionSyntax>()
                .Any(assignment => assignment.Left is IdentifierNameSyntax flag
                    && assignment.Right is LiteralExpressionSyntax literal
                    && (literal.IsKind(SyntaxKind.TrueLiteralExpression) || literal.IsKind(SyntaxKind.FalseLiteralExpression))
                    && condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == flag.Identifier.ValueText));
    }

    /// <summary>Whether the block leaves the loop when a response has a good status: the retry of those who do not let it throw.</summary>
    private static bool LeavesOnGoodStatus(StatementSyntax body, SyntaxNode call, SemanticModel semantics)
    {
        return SyntaxFacts.DescendantsInSameFunction(body).OfType<IfStatementSyntax>().Any(branch => branch.SpanStart >= call.SpanStart && StatusTest.Of(branch.Condition) switch
        {
            StatusTest.Outcome.Good => Leaves(branch.Statement),
            StatusTest.Outcome.Bad => branch.Else is { } otherwise ? Leaves(otherwise.Statement) : NextLeaves(branch),
            StatusTest.Outcome.Either => Leaves(branch.Statement) || (branch.Else is { } otherwise && Leaves(otherwise.Statement)) || NextLeaves(branch),
            _ => false,
        });

        bool Leaves(StatementSyntax statement)
            => LastOf(statement) is ReturnStatementSyntax or BreakStatementSyntax || (MayLeave(statement, call, semantics) && !MayGoOn(statement, semantics));

        bool NextLeaves(IfStatementSyntax branch)
            => branch.Parent is BlockSyntax { Statements: [.., ReturnStatementSyntax or BreakStatementSyntax] }
                && semantics.AnalyzeControlFlow(branch.Statement) is { Succeeded: true, EndPointIsReachable: false } flow
                && flow.ExitPoints.Any(exit => exit.IsKind(SyntaxKind.ContinueStatement));

        static StatementSyntax LastOf(StatementSyntax statement)
            => statement is BlockSyntax { Statements: [.., var last] } ? last : statement;
    }

    /// <summary>The condition under which a loop goes on; null where it has none.</summary>
    public static ExpressionSyntax? ConditionOf(StatementSyntax loop) => loop switch
    {
        WhileStatementSyntax statement => statement.Condition,
        DoStatementSyntax statement => statement.Condition,
        ForStatementSyntax statement => statement.Condition,
        _ => null,
    };

    /// <summary>Whether only a cancellation or a flag from outside ends the loop.</summary>
    private static bool IsEndless(StatementSyntax loop)
    {
        if (loop is CommonForEachStatementSyntax)
        {
            return false;
        }

        ExpressionSyntax? condition = ConditionOf(loop);
        return condition is null
            || condition.IsKind(SyntaxKind.TrueLiteralExpression)
            || condition.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText is "IsCancellationRequested" or "WaitForNextTickAsync");
    }
}
