using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1008: lets the runtime read the events, which throws where the one that ends the answer is missing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReadEvents))]
public sealed class ReadEvents() : GatewayCodeFix(Descriptors.UnendedStream)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.LanguageVersion < LanguageVersion.CSharp8
            || site.Find<InvocationExpressionSyntax>() is not { } read
            || EventLoop.At(read, site.Semantics) is not { } loop
            || loop.Removed.Any(node => node.HasComments()))
        {
            return null;
        }

        string type = Imports.NameFor(Imports.Runtime, "GatewayStream", site.Semantics, read.SpanStart, out bool needsImport);
        string item = Names.Unique("item", loop.Statement);
        bool opensStream = loop.Stream is not IdentifierNameSyntax;
        string? token = loop.Token?.ToString() ?? TokenArgument.InScope(site, read)?.ToString();
        var plan = new FixPlan("Read the events up to the end of the answer");
        plan.Add([loop.Statement, loop.Reader, loop.Data, .. loop.Removed, .. loop.Line is { } declared ? [declared] : Array.Empty<SyntaxNode>()], rewriter =>
        {
            if (rewriter.Current(loop.Statement) is not { Statement: BlockSyntax body } current || rewriter.Current(loop.Data) is not { } data)
            {
                return;
            }

            string stream = opensStream ? Names.Unique("stream", current) : loop.Stream.ToString();
            string events = $"{type}.ReadEventsAsync({stream}{(token is null ? "" : ", " + token)}){(loop.IsConfigured ? ".ConfigureAwait(false)" : "")}";
            HashSet<StatementSyntax?> gone = [data, .. loop.Removed.Select(rewriter.Current)];
            SyntaxList<StatementSyntax> kept = SyntaxFactory.List(body.Statements.Where(statement => !gone.Contains(statement)));
            LocalDeclarationStatementSyntax taken = data.ReplaceNode(data.Declaration.Variables[0].Initializer!.Value, SyntaxFactory.ParseExpression($"{item}.Data"))
                .WithLeadingTrivia(body.Statements[0].GetLeadingTrivia());
            rewriter.Replace(loop.Statement, old => SyntaxFactory.ForEachStatement(
                    SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                    SyntaxFactory.Token(SyntaxKind.ForEachKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                    SyntaxFactory.Token(SyntaxKind.OpenParenToken),
                    SyntaxFactory.IdentifierName("var").WithTrailingTrivia(SyntaxFactory.Space),
                    SyntaxFactory.Identifier(item).WithTrailingTrivia(SyntaxFactory.Space),
                    SyntaxFactory.Token(SyntaxKind.InKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                    SyntaxFactory.ParseExpression(events),
                    current.CloseParenToken,
                    body.WithStatements(kept.Insert(0, taken)))
                .WithTriviaFrom(old));
            if (opensStream)
            {
                rewriter.Replace(loop.Reader, old => old.WithDeclaration(old.Declaration.WithVariables(SyntaxFactory.SingletonSeparatedList(
                    old.Declaration.Variables[0].WithIdentifier(SyntaxFactory.Identifier(stream).WithTrailingTrivia(SyntaxFactory.Space)).WithInitializer(
                        old.Declaration.Variables[0].Initializer!.WithValue(loop.Stream.WithoutTrivia()))))));
            }
            else
            {
                rewriter.Remove(loop.Reader);
            }

            if (loop.Line is not null)
            {
                rewriter.Remove(loop.Line);
            }

            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }
}
