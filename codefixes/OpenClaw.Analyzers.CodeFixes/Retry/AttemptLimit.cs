using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Counts the attempts of a loop that has no end, and takes no failure behind the last of them: it leaves as it is.</summary>
internal static class AttemptLimit
{
    public static FixPlan? Plan(RetryLoop loop)
    {
        // A loop that comes back after a bad status has to leave with something: what, only its author knows.
        if (loop.RepeatsOnStatus || loop.RetryingCatches.Count == 0 || !CanCount(loop.Statement) || loop.Statement.ContainsDirectives)
        {
            return null;
        }

        var plan = new FixPlan(BoundRetry.Title);
        plan.Add([loop.Statement, .. loop.RetryingCatches], rewriter =>
        {
            string counter = Names.Unique("attempt", rewriter.Current(loop.Statement) ?? loop.Statement);
            foreach (CatchClauseSyntax clause in loop.RetryingCatches)
            {
                rewriter.Replace(clause, current => CatchFilters.And(current, $"{counter} < {BoundRetry.Attempts}"));
            }

            rewriter.Replace(loop.Statement, current => Counting(current, counter));
        });
        return plan;
    }

    private static bool CanCount(StatementSyntax loop)
        => loop is WhileStatementSyntax or ForStatementSyntax { Declaration: null, Initializers.Count: 0, Condition: null, Incrementors.Count: 0 };

    private static ForStatementSyntax Counting(StatementSyntax loop, string counter)
    {
        string condition = loop is WhileStatementSyntax { Condition: var asked } && !asked.IsKind(SyntaxKind.TrueLiteralExpression) ? $" {asked.WithoutTrivia()}" : "";
        var header = (ForStatementSyntax)SyntaxFactory.ParseStatement($"for (int {counter} = 1;{condition}; {counter}++) {{ }}");
        SyntaxToken closing = loop is WhileStatementSyntax { CloseParenToken: var ofWhile } ? ofWhile : ((ForStatementSyntax)loop).CloseParenToken;
        return header
            .WithLeadingTrivia(loop.GetLeadingTrivia())
            .WithCloseParenToken(SyntaxFactory.Token(SyntaxKind.CloseParenToken).WithTrailingTrivia(closing.TrailingTrivia))
            .WithStatement(RetryLoop.BodyOf(loop)!);
    }
}
