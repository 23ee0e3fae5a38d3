using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Where a loop that does not wait has to: on every way from a failure back to the call.</summary>
/// <param name="Block">The block at whose end, or in which, the wait goes.</param>
/// <param name="Before">The statement that goes back; null where the end of the block does.</param>
internal sealed record WaitPlace(BlockSyntax Block, ContinueStatementSyntax? Before)
{
    public int Position => Before?.SpanStart ?? Block.CloseBraceToken.SpanStart;

    public IEnumerable<SyntaxNode> Nodes => Before is not null ? [Before] : Block.Statements.LastOrDefault() is { } last ? [last, Block] : [Block];

    /// <summary>The places; empty where they cannot be told.</summary>
    public static IReadOnlyList<WaitPlace> In(RetryLoop loop, SemanticModel semantics)
    {
        if (loop.RepeatsOnStatus)
        {
            return loop.Body is BlockSyntax body ? [.. WaysBack(body, semantics)] : [];
        }

        // A content failure is asked again at once; only a gateway in trouble needs the pause.
        return [.. loop.RetryingCatches.Where(LoopRetries.IsTransport).SelectMany(clause => WaysBack(clause.Block, semantics))];
    }

    /// <summary>
    /// Whether the code on the way has asked already if another attempt follows: a filter of the catch, a branch that leaves, or the branch that
    /// goes back. It has to ask for something else than the loop's own condition, which is true at this point.
    /// </summary>
    public bool IsBounded(StatementSyntax loop)
    {
        HashSet<string> counters = LoopBound.VariablesIn(loop, [.. LoopStep.In(loop)]);
        ExpressionSyntax[] conditions = [.. LoopBound.TermsOf(RetryLoop.ConditionOf(loop))];
        IEnumerable<ExpressionSyntax?> questions = Block.Statements.OfType<IfStatementSyntax>()
            .Where(branch => branch.Span.End <= Position && Leaves(branch.Statement))
            .Concat(Before?.Ancestors().TakeWhile(node => node != Block).OfType<IfStatementSyntax>() ?? [])
            .Select(branch => branch.Condition)
            .Append((Block.Parent as CatchClauseSyntax)?.Filter?.FilterExpression);
        return questions.Any(question => question is not null
            && !LoopBound.TermsOf(question).Any(term => conditions.Any(condition => condition.IsEquivalentTo(term)))
            && question.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => counters.Contains(name.Identifier.ValueText)));
    }

    /// <summary>Adds the statement at the place.</summary>
    public void Add(DocumentRewriter rewriter, StatementSyntax wait)
    {
        if (Before is null)
        {
            if (IsOnOneLine(Block))
            {
                rewriter.Replace(Block, current => OnLines([.. current.Statements, wait]).WithTriviaFrom(current));
            }
            else if (Block.Statements.LastOrDefault() is { } last)
            {
                rewriter.InsertAfter(last, wait);
            }
            else
            {
                rewriter.Replace(Block, current => current.AddStatements(wait));
            }
        }
        else if (Before.Parent is BlockSyntax)
        {
            rewriter.InsertBefore(Before, wait);
        }
        else
        {
            rewriter.Replace(Before, current => SyntaxFactory.Block(wait, current.WithoutTrivia()).WithTriviaFrom(current));
        }
    }

    /// <summary>A block on one line, without comments, is taken apart: it has no room for one more statement.</summary>
    public static bool IsOnOneLine(BlockSyntax block)
        => block.ToString() is var text && !text.Contains('\n') && !text.Contains("/*");

    public static BlockSyntax OnLines(IEnumerable<StatementSyntax> statements)
        => SyntaxFactory.Block(statements.Select(statement => statement.WithoutTrivia().WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed)));

    private static IEnumerable<WaitPlace> WaysBack(BlockSyntax block, SemanticModel semantics)
    {
        if (semantics.AnalyzeControlFlow(block) is not { Succeeded: true } flow)
        {
            yield break;
        }

        foreach (ContinueStatementSyntax back in flow.ExitPoints.OfType<ContinueStatementSyntax>())
        {
            yield return new WaitPlace(block, back);
        }

        if (flow.EndPointIsReachable)
        {
            yield return new WaitPlace(block, Before: null);
        }
    }

    private static bool Leaves(StatementSyntax statement)
        => (statement is BlockSyntax { Statements: [.., var last] } ? last : statement) is ThrowStatementSyntax or ReturnStatementSyntax or BreakStatementSyntax;
}
