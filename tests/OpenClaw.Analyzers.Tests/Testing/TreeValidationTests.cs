using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class TreeValidationTests
{
    [Theory]
    [InlineData(CodeActionValidationMode.None)]
    [InlineData(CodeActionValidationMode.SemanticStructure)]
    [InlineData(CodeActionValidationMode.Full)]
    public Task A_regular_tree_passes(CodeActionValidationMode mode) => Outcome.PassesAsync(Test<BadMethodFix>(mode, "GoodM"));

    [Theory]
    [InlineData(CodeActionValidationMode.SemanticStructure)]
    [InlineData(CodeActionValidationMode.Full)]
    public async Task Two_tokens_in_one_fail_although_the_text_is_right(CodeActionValidationMode mode)
    {
        string message = await Outcome.FailsAsync(Test<OneTokenFix>(mode, "Good<T>"));

        Outcome.Says("The code action made for /0/Test0.cs another syntax tree than its text parses to (- parsed, + made):", message);
        Outcome.Says("+      IdentifierToken \"Good<T>\"", message);
        Outcome.Says("-      IdentifierToken \"Good\"", message);
        Outcome.Says("-      TypeParameterList", message);
    }

    [Fact]
    public Task Two_tokens_in_one_pass_where_only_the_text_counts()
        => Outcome.PassesAsync(Test<OneTokenFix>(CodeActionValidationMode.None, "Good<T>"));

    [Fact]
    public async Task A_value_that_is_not_that_of_the_text_fails()
        => Outcome.Says(
            "+      IdentifierToken \"GoodM\" = String \"Other\"",
            await Outcome.FailsAsync(Test<OtherValueFix>(CodeActionValidationMode.SemanticStructure, "GoodM")));

    [Fact]
    public async Task Trivia_at_another_token_fails_only_in_full_mode()
    {
        await Outcome.PassesAsync(Test<MovedTriviaFix>(CodeActionValidationMode.SemanticStructure, "GoodM "));
        Outcome.Says("WhitespaceTrivia", await Outcome.FailsAsync(Test<MovedTriviaFix>(CodeActionValidationMode.Full, "GoodM ")));
    }

    [Fact]
    public async Task A_wrong_text_is_reported_before_a_wrong_tree()
        => Outcome.Says(
            "The fixed file /0/Test0.cs is not as expected",
            await Outcome.FailsAsync(Test<OneTokenFix>(CodeActionValidationMode.SemanticStructure, "Good<U>")));

    private static SampleFixTest<BadMethodAnalyzer, TFix> Test<TFix>(CodeActionValidationMode mode, string name)
        where TFix : CodeFixProvider, new()
        => new()
        {
            TestCode = "class C { void [|BadM|]() { } }",
            FixedCode = $"class C {{ void {name}() {{ }} }}",
            CodeActionValidationMode = mode,
        };

    /// <summary>Writes a name and its type parameters as one token.</summary>
    private sealed class OneTokenFix : BadMethodFix
    {
        protected override string NewName(string name) => "Good<T>";
    }

    /// <summary>Makes a token whose value is not its text.</summary>
    private sealed class OtherValueFix : BadMethodFix
    {
        protected override SyntaxToken NewToken(SyntaxToken token)
            => SyntaxFactory.Identifier(token.LeadingTrivia, SyntaxKind.IdentifierToken, "GoodM", "Other", token.TrailingTrivia);
    }

    /// <summary>Puts a space before the parenthesis instead of after the name.</summary>
    private sealed class MovedTriviaFix : BadMethodFix
    {
        protected override async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
        {
            Document renamed = await base.RenameAsync(document, diagnostic, cancellation);
            SyntaxNode root = (await renamed.GetSyntaxRootAsync(cancellation))!;
            SyntaxToken parenthesis = root.DescendantTokens().First(token => token.IsKind(SyntaxKind.OpenParenToken));
            return renamed.WithSyntaxRoot(root.ReplaceToken(parenthesis, parenthesis.WithLeadingTrivia(SyntaxFactory.Space)));
        }
    }
}
