using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using OpenClaw.Analyzers.CodeFixes;

namespace OpenClaw.Analyzers.Tests;

/// <summary>What a fix inserts leaves the lines around it as they are.</summary>
public sealed class DocumentRewriterTests
{
    [Theory]
    [InlineData("int first = 1;\n\n    return;", "int first = 1;\n    int added;\n\n    return;")]
    [InlineData("int first = 1; // one\n\n    // Done.\n    return;", "int first = 1; // one\n    int added;\n\n    // Done.\n    return;")]
    [InlineData("int first = 1;\n    return;", "int first = 1;\n    int added;\n    return;")]
    [InlineData("int first = 1; return;", "int first = 1; int added; return;")]
    public Task A_statement_after_another_keeps_the_blank_line_that_follows(string body, string expected)
        => InsertedAsync(body, expected, static (rewriter, first, added) => rewriter.InsertAfter(first, added));

    [Theory]
    [InlineData("int zero = 0;\n\n    int first = 1;\n    return;", "int zero = 0;\n\n    int added;\n    int first = 1;\n    return;")]
    [InlineData("int zero = 0;\n    // One.\n    int first = 1;", "int zero = 0;\n    int added;\n    // One.\n    int first = 1;")]
    [InlineData("#if true\n    int first = 1;\n#endif", "#if true\n    int added;\n    int first = 1;\n#endif")]
    public Task A_statement_before_another_leaves_its_comments_and_directives_in_place(string body, string expected)
        => InsertedAsync(body, expected, static (rewriter, first, added) => rewriter.InsertBefore(first, added));

    private static async Task InsertedAsync(string body, string expected, Action<DocumentRewriter, StatementSyntax, StatementSyntax> insert)
    {
        using var workspace = new AdhocWorkspace();
        Document document = workspace.AddProject("Project", LanguageNames.CSharp).AddDocument("File.cs", InMethod(body));
        SyntaxNode root = (await document.GetSyntaxRootAsync(TestContext.Current.CancellationToken))!;
        StatementSyntax first = root.DescendantNodes().OfType<LocalDeclarationStatementSyntax>().First(statement => statement.Declaration.Variables[0].Identifier.ValueText == "first");
        var rewriter = new DocumentRewriter(root, [first]);
        insert(rewriter, first, SyntaxFactory.ParseStatement("int added;"));
        Document inserted = document.WithSyntaxRoot(await rewriter.FinishAsync(document, TestContext.Current.CancellationToken));
        Document formatted = await Formatter.FormatAsync(inserted, Formatter.Annotation, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(InMethod(expected), (await formatted.GetTextAsync(TestContext.Current.CancellationToken)).ToString());
    }

    private static string InMethod(string body)
        => $"class C\n{{\n    void M()\n    {{\n{(body[0] == '#' ? "" : "    ")}{Calls.TimeoutCode.Indented(body, 4)}\n    }}\n}}\n";
}
