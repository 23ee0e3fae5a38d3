using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Gives a retry loop waits that grow: in the place of a constant wait, or where a failure goes back to the call.</summary>
internal static class LoopBackoff
{
    private const string Title = "Wait longer after each failure";

    public static FixPlan? Plan(FixSite site, LoopRetry construct, RetryLoop loop)
    {
        if (LoopCounter.Of(loop.Statement, site) is not { } counter)
        {
            return null;
        }

        return site.Find<InvocationExpressionSyntax>() is { } wait && wait.Span == construct.WaitLocation.SourceSpan
            ? ReplaceWaits(site, loop, wait, counter)
            : InsertWaits(site, loop, counter);
    }

    /// <summary>Every wait of the loop that is written like the reported one.</summary>
    private static FixPlan? ReplaceWaits(FixSite site, RetryLoop loop, InvocationExpressionSyntax wait, LoopCounter counter)
    {
        InvocationExpressionSyntax[] waits = [.. SyntaxFacts.DescendantsInSameFunction(loop.Statement).OfType<InvocationExpressionSyntax>().Where(same => same.IsEquivalentTo(wait))];
        if (!waits.All(same => LoopWait.CanBeReplaced(same) && MayWaitAt(same)) || LoopWait.Of(wait, site) is not { } parts)
        {
            return null;
        }

        return Write(site, counter, waits, (rewriter, backoff, attempt) =>
        {
            foreach (InvocationExpressionSyntax same in waits)
            {
                rewriter.Replace(same, current => SyntaxFactory.ParseExpression(parts.Growing(backoff, attempt)).WithTriviaFrom(current));
            }
        });
    }

    private static FixPlan? InsertWaits(FixSite site, RetryLoop loop, LoopCounter counter)
    {
        IReadOnlyList<WaitPlace> places = WaitPlace.In(loop, site.Semantics);
        string?[] conditions = [.. places.Select(place => place.IsBounded(loop.Statement) ? "" : LoopBound.MorePasses(loop.Statement, place.Position))];
        if (places.Count == 0 || conditions.Contains(null) || !places.All(place => !place.Block.ContainsDirectives && MayWaitAt(place.Block)))
        {
            return null;
        }

        bool isAsync = IsAsync(loop.Statement, site);
        string? token = isAsync ? TokenArgument.InScope(site, loop.Statement)?.ToString() : null;
        return Write(site, counter, [.. places.SelectMany(place => place.Nodes)], (rewriter, backoff, attempt) =>
        {
            string arguments = token is null ? attempt : $"{attempt}, {token}";
            string wait = isAsync ? $"await {backoff}.DelayAsync({arguments});" : $"{backoff}.Delay({arguments});";
            for (int i = 0; i < places.Count; i++)
            {
                places[i].Add(rewriter, SyntaxFactory.ParseStatement(conditions[i] is { Length: > 0 } more ? $"if ({more})\n{{\n{wait}\n}}\n" : wait + "\n"));
            }
        });
    }

    private static FixPlan Write(FixSite site, LoopCounter counter, IReadOnlyList<SyntaxNode> nodes, Action<DocumentRewriter, string, string> apply)
    {
        string backoff = Imports.NameFor(Imports.Runtime, "Backoff", site.Semantics, counter.Loop.SpanStart, out bool needsImport);
        var plan = new FixPlan(Title);
        plan.Add([.. nodes, counter.Loop], rewriter =>
        {
            // Another fix of the same member may have declared a counter meanwhile.
            string name = counter.Name ?? Names.Unique("attempt", rewriter.Current(counter.Loop) ?? counter.Loop);
            apply(rewriter, backoff, counter.Name ?? name + "++");
            if (counter.Name is null)
            {
                rewriter.InsertBefore(counter.Loop, SyntaxFactory.ParseStatement($"int {name} = 0;"));
            }

            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>A wait inside a lock would hold everybody else up, one in a finally would delay success as well, and unsafe code cannot await.</summary>
    private static bool MayWaitAt(SyntaxNode node)
        => !node.Ancestors().TakeWhile(ancestor => !SyntaxFacts.IsFunctionBoundary(ancestor))
            .Any(ancestor => ancestor is LockStatementSyntax or FinallyClauseSyntax or UnsafeStatementSyntax or FixedStatementSyntax);

    private static bool IsAsync(StatementSyntax loop, FixSite site)
        => site.Semantics.GetEnclosingSymbol(loop.SpanStart, site.CancellationToken) is IMethodSymbol { IsAsync: true };
}
