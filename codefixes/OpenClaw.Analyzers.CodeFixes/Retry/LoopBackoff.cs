using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Gives a retry loop waits that grow: in the place of a constant wait, or at the end of the catch that comes back.</summary>
internal static class LoopBackoff
{
    public static FixPlan? Plan(FixSite site, RetryConstruct construct, RetryLoop loop)
    {
        // A wait inside a lock would hold everybody else up.
        if (loop.Statement.Ancestors().TakeWhile(node => !SyntaxFacts.IsFunctionBoundary(node)).Any(node => node is LockStatementSyntax or FinallyClauseSyntax)
            || LoopCounter.Of(loop) is not { } counter)
        {
            return null;
        }

        return construct.Growth == WaitGrowth.Constant
            ? ReplaceWait(site, construct, counter)
            : InsertWait(site, loop, counter);
    }

    private static FixPlan? ReplaceWait(FixSite site, RetryConstruct construct, LoopCounter counter)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } wait || construct.Location.SourceSpan != wait.Span)
        {
            return null;
        }

        bool isSleep = SyntaxFacts.NameOf(wait).ValueText == "Sleep";
        if (!isSleep && (SyntaxFacts.NameOf(wait).ValueText != "Delay" || wait.Ancestors().FirstOrDefault(node => node is StatementSyntax) is not ExpressionStatementSyntax))
        {
            return null;
        }

        string? token = wait.ArgumentList.Arguments.Count > 1 ? wait.ArgumentList.Arguments[1].Expression.ToString() : null;
        return Write(site, "Wait longer after each failure", counter, [wait], (rewriter, backoff) =>
            rewriter.Replace(wait, current => SyntaxFactory.ParseExpression(Delay(backoff, counter, token, isSleep)).WithTriviaFrom(current)));
    }

    private static FixPlan? InsertWait(FixSite site, RetryLoop loop, LoopCounter counter)
    {
        if (loop.RetryingCatches is not [var clause] || clause.Block.ContainsDirectives)
        {
            return null;
        }

        bool isAsync = IsAsync(clause, site);
        string? token = isAsync ? TokenArgument.InScope(site, clause)?.ToString() : null;
        StatementSyntax? last = clause.Block.Statements.LastOrDefault();
        bool beforeLast = last is ContinueStatementSyntax;
        return Write(site, "Wait longer after each failure", counter, last is null ? [clause.Block] : [clause.Block, last], (rewriter, backoff) =>
        {
            string wait = (isAsync ? "await " : "") + Delay(backoff, counter, token, isSleep: !isAsync) + ";";
            string guarded = counter.MorePasses is { } more && !AlwaysHasNext(clause) ? $"if ({more})\n{{\n{wait}\n}}\n" : wait + "\n";
            StatementSyntax statement = SyntaxFactory.ParseStatement(guarded);
            if (last is null)
            {
                rewriter.Replace(clause.Block, current => current.AddStatements(statement));
            }
            else if (beforeLast)
            {
                rewriter.InsertBefore(last, statement);
            }
            else
            {
                rewriter.InsertAfter(last, statement);
            }
        });
    }

    private static FixPlan Write(FixSite site, string title, LoopCounter counter, IReadOnlyList<SyntaxNode> nodes, Action<DocumentRewriter, string> apply)
    {
        string backoff = Imports.NameFor(Imports.Runtime, "Backoff", site.Semantics, counter.Loop.SpanStart, out bool needsImport);
        var plan = new FixPlan(title);
        plan.Add(counter.NeedsDeclaration ? [.. nodes, counter.Loop] : nodes, rewriter =>
        {
            apply(rewriter, backoff);
            if (counter.NeedsDeclaration)
            {
                rewriter.InsertBefore(counter.Loop, SyntaxFactory.ParseStatement($"int {counter.Name} = 0;"));
            }

            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    private static string Delay(string backoff, LoopCounter counter, string? token, bool isSleep)
    {
        string attempt = counter.NeedsDeclaration ? counter.Name + "++" : counter.Name;
        string method = isSleep ? "Delay" : "DelayAsync";
        return token is null ? $"{backoff}.{method}({attempt})" : $"{backoff}.{method}({attempt}, {token})";
    }

    /// <summary>A catch with a bound in its filter, or one that rethrows at the last attempt, only waits when there is another one.</summary>
    private static bool AlwaysHasNext(CatchClauseSyntax clause)
        => clause.Filter is not null
            || clause.Block.Statements.OfType<IfStatementSyntax>().Any(branch => branch.DescendantNodes().Any(node => node is ThrowStatementSyntax or ReturnStatementSyntax or BreakStatementSyntax));

    private static bool IsAsync(SyntaxNode node, FixSite site)
        => site.Semantics.GetEnclosingSymbol(node.SpanStart, site.CancellationToken) is IMethodSymbol { IsAsync: true }
            || node.AncestorsAndSelf().OfType<GlobalStatementSyntax>().Any();
}
