using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Takes what will not heal out of the catches of a retry loop. It ends as the last attempt does: it is thrown, or the loop is left.</summary>
internal static class TransientCatch
{
    public static FixPlan? Plan(FixSite site, RetryLoop loop)
    {
        CatchClauseSyntax[] clauses = [.. new LoopFailures(loop, site.Model, site.CancellationToken).Catches().Select(found => found.Clause)];
        if (clauses.Length == 0 || clauses.Any(clause => clause.ContainsDirectives || (!ThrowsLast(clause, loop) && !CanBreak(clause, loop))))
        {
            return null;
        }

        string failure = Imports.NameFor(Imports.Runtime, "GatewayFailure", site.Semantics, loop.Statement.SpanStart, out bool needsImport);
        string exception = Imports.NameFor("System", "Exception", site.Semantics, loop.Statement.SpanStart, out bool needsSystem);
        var plan = new FixPlan(RepeatOnlyTransient.Title);
        plan.Add([loop.Statement, .. clauses.SelectMany(NodesOf)], rewriter =>
        {
            foreach (CatchClauseSyntax clause in clauses)
            {
                string name = clause.Declaration?.Identifier.ValueText is { Length: > 0 } given ? given : Names.Unique("exception", rewriter.Current(clause) ?? clause);
                string question = $"{failure}.IsTransient({name})";
                if (!ThrowsLast(clause, loop))
                {
                    Leave(rewriter, clause, $"if (!{question})\n{{\nbreak;\n}}\n");
                }

                rewriter.Replace(clause, current => Named(ThrowsLast(clause, loop) ? CatchFilters.And(Named(current, name, exception), question) : current, name, exception));
            }

            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }

            if (needsSystem && clauses.Any(clause => clause.Declaration is null))
            {
                rewriter.Import("System");
            }
        });
        return plan;
    }

    /// <summary>Whether the last failure of all leaves as an exception: then a failure that will not heal does as well.</summary>
    private static bool ThrowsLast(CatchClauseSyntax clause, RetryLoop loop)
        => clause.Filter is not null
            || SyntaxFacts.DescendantsInSameFunction(clause.Block).Any(node => node is ThrowStatementSyntax { Expression: null })
            || (loop.Statement is not CommonForEachStatementSyntax && (RetryLoop.ConditionOf(loop.Statement) is not { } condition || condition.IsKind(SyntaxKind.TrueLiteralExpression)));

    private static bool CanBreak(CatchClauseSyntax clause, RetryLoop loop)
        => clause.Ancestors().First(node => node is SwitchStatementSyntax || RetryLoop.BodyOf(node) is not null) == loop.Statement;

    private static IEnumerable<SyntaxNode> NodesOf(CatchClauseSyntax clause)
        => FirstPause(clause.Block) is { } pause ? [clause, clause.Block, pause] : [clause, .. new WaitPlace(clause.Block, Before: null).Nodes];

    /// <summary>What stands before the pause, logs and what is kept of the failure, is done for every failure.</summary>
    private static void Leave(DocumentRewriter rewriter, CatchClauseSyntax clause, string statement)
    {
        StatementSyntax added = SyntaxFactory.ParseStatement(statement);
        if (FirstPause(clause.Block) is not { } pause)
        {
            new WaitPlace(clause.Block, Before: null).Add(rewriter, added);
        }
        else if (WaitPlace.IsOnOneLine(clause.Block))
        {
            rewriter.Replace(clause.Block, current => WaitPlace.OnLines(current.Statements.Insert(clause.Block.Statements.IndexOf(pause), added)).WithTriviaFrom(current));
        }
        else
        {
            rewriter.InsertBefore(pause, added);
        }
    }

    private static StatementSyntax? FirstPause(BlockSyntax block)
        => block.Statements.FirstOrDefault(statement => SyntaxFacts.DescendantsInSameFunction(statement).Prepend(statement).Any(node => node
            is AwaitExpressionSyntax or ContinueStatementSyntax or IdentifierNameSyntax { Identifier.ValueText: "Delay" or "Sleep" }));

    private static CatchClauseSyntax Named(CatchClauseSyntax clause, string name, string type)
    {
        if (clause.Declaration is { Identifier.ValueText.Length: > 0 })
        {
            return clause;
        }

        if (clause.Declaration is { } declaration)
        {
            return clause.WithDeclaration(declaration
                .WithType(declaration.Type.WithTrailingTrivia(SyntaxFactory.Space))
                .WithIdentifier(SyntaxFactory.Identifier(name)));
        }

        SyntaxTriviaList trailing = clause.CatchKeyword.TrailingTrivia;
        CatchDeclarationSyntax added = SyntaxFactory.CatchDeclaration(SyntaxFactory.ParseTypeName(type).WithTrailingTrivia(SyntaxFactory.Space), SyntaxFactory.Identifier(name));
        return clause
            .WithCatchKeyword(clause.CatchKeyword.WithTrailingTrivia(SyntaxFactory.Space))
            .WithDeclaration(added.WithTrailingTrivia(trailing));
    }
}
