using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>What a catch asks of an exception before it comes back.</summary>
/// <param name="Namespace">The namespace of the type that the question names.</param>
/// <param name="Type">The type.</param>
/// <param name="Yes">The question, of the type as it is written there and the exception's name.</param>
/// <param name="No">Its opposite.</param>
internal sealed record CatchQuestion(string Namespace, string Type, Func<string, string, string> Yes, Func<string, string, string> No);

/// <summary>Takes failures out of the catches of a retry loop. They end as the last attempt does: they are thrown, or the loop is left.</summary>
internal static class CatchNarrowing
{
    public static FixPlan? Plan(FixSite site, RetryLoop loop, IReadOnlyList<CatchClauseSyntax> clauses, string title, CatchQuestion question)
    {
        if (clauses.Count == 0 || clauses.Any(clause => clause.ContainsDirectives || (!ThrowsLast(clause, loop) && !CanBreak(clause, loop))))
        {
            return null;
        }

        string type = Imports.NameFor(question.Namespace, question.Type, site.Semantics, loop.Statement.SpanStart, out bool needsImport);
        string exception = Imports.NameFor("System", "Exception", site.Semantics, loop.Statement.SpanStart, out bool needsSystem);
        var plan = new FixPlan(title);
        plan.Add([loop.Statement, .. clauses.SelectMany(NodesOf)], rewriter =>
        {
            foreach (CatchClauseSyntax clause in clauses)
            {
                string name = clause.Declaration?.Identifier.ValueText is { Length: > 0 } given ? given : Names.Unique("exception", rewriter.Current(clause) ?? clause);
                if (!ThrowsLast(clause, loop))
                {
                    Leave(rewriter, clause, $"if ({question.No(type, name)})\n{{\nbreak;\n}}\n");
                }

                rewriter.Replace(clause, current => Named(ThrowsLast(clause, loop) ? CatchFilters.And(Named(current, name, exception), question.Yes(type, name)) : current, name, exception));
            }

            if (needsImport)
            {
                rewriter.Import(question.Namespace);
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

    /// <summary>Whether a break leads where the loop's own end does: what stands behind the try statement would be passed by.</summary>
    private static bool CanBreak(CatchClauseSyntax clause, RetryLoop loop)
        => loop.Body is BlockSyntax body
            && !body.Statements.SkipWhile(statement => !statement.Span.Contains(clause.Span)).Skip(1).Any(statement => statement.DescendantNodesAndSelf().Any(node => node is ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax))
            && clause.Ancestors().First(node => node is SwitchStatementSyntax || RetryLoop.BodyOf(node) is not null) == loop.Statement;

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
