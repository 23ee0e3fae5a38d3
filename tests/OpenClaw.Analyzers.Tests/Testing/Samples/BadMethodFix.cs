using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace OpenClaw.Analyzers.Tests.Testing.Samples;

/// <summary>Renames <c>BadX</c> to <c>GoodX</c>. Variations override one step.</summary>
internal class BadMethodFix : CodeFixProvider
{
    public const string Title = "Make it good";

    public const string Key = "good";

    public override ImmutableArray<string> FixableDiagnosticIds => [BadMethodAnalyzer.Id];

    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            context.RegisterCodeFix(
                CodeAction.Create(Title, cancellation => RenameAsync(context.Document, diagnostic, cancellation), Key), diagnostic);
        }

        return Task.CompletedTask;
    }

    protected virtual string NewName(string name) => "Good" + name["Bad".Length..];

    protected virtual SyntaxToken NewToken(SyntaxToken token) => SyntaxFactory.Identifier(NewName(token.Text)).WithTriviaFrom(token);

    protected virtual async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation))!;
        SyntaxToken token = root.FindToken(diagnostic.Location.SourceSpan.Start);
        return document.WithSyntaxRoot(root.ReplaceToken(token, NewToken(token)));
    }
}
