using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class FixAllTests
{
    [Fact]
    public Task All_documents_of_all_projects_are_fixed() => Outcome.PassesAsync(TwoProjects<BadMethodFix>());

    [Fact]
    public async Task A_document_that_fix_all_in_the_solution_misses_fails()
    {
        string message = await Outcome.FailsAsync(TwoDocuments<FirstDocumentFix>());

        Outcome.Says("[Fix all in the scope Project]", message);
        Outcome.Says("is 2; expected is 1", message);
    }

    [Fact]
    public async Task A_document_that_fix_all_never_reaches_fails()
    {
        SampleFixTest<BadMethodAnalyzer, OnceFix> test = TwoDocuments<OnceFix>();
        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInDocumentCheck;

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("[Fix all in the scope Project]", message);
        Outcome.Says("The fixed file /0/Test1.cs is not as expected", message);
        Outcome.Says("OnceProvider found nothing to fix.", message);
    }

    [Fact]
    public async Task A_project_that_fix_all_in_the_solution_misses_fails()
    {
        string message = await Outcome.FailsAsync(TwoProjects<FirstProjectFix>());

        Outcome.Says("[Fix all in the scope Solution]", message);
        Outcome.Says("is 2; expected is 1", message);
    }

    [Fact]
    public async Task A_scope_without_support_fails_where_all_should_be_fixed()
    {
        SampleFixTest<BadMethodAnalyzer, DocumentOnlyFix> test = TwoDocuments<DocumentOnlyFix>();

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("[Fix all in the scope Project]", message);
        Outcome.Says("DocumentOnlyFix cannot fix all in the scope Project.", message);

        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllInProjectCheck;
        Outcome.Says("[Fix all in the scope Solution]", await Outcome.FailsAsync(test));

        test.CodeFixTestBehaviors |= CodeFixTestBehaviors.SkipFixAllInSolutionCheck;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_wrong_result_of_fix_all_fails_unless_it_is_skipped()
    {
        SampleFixTest<BadMethodAnalyzer, WorseFix> test = TwoDocuments<WorseFix>();
        Outcome.Says("[Fix all in the scope Document]", await Outcome.FailsAsync(test));

        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task The_result_of_fix_all_can_be_another_one()
    {
        SampleFixTest<BadMethodAnalyzer, WorseFix> test = TwoDocuments<WorseFix>();
        test.BatchFixedState.Sources.Add("class A { void Worse() { } }");
        test.BatchFixedState.Sources.Add("class B { void Worse() { } }");
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task Diagnostics_in_the_result_of_fix_all_must_be_expected()
    {
        SampleFixTest<BadMethodAnalyzer, WorseFix> test = TwoDocuments<WorseFix>();
        test.TestState.Sources[1] = ("/0/Test1.cs", Text("class B { void [|BadB|]() { } void Worse() { } }"));
        test.FixedState.Sources[1] = ("/0/Test1.cs", Text("class B { void GoodB() { } void Worse() { } }"));
        test.BatchFixedState.Sources.Add("class A { void Worse() { } }");
        test.BatchFixedState.Sources.Add("class B { void Worse() { } void Worse() { } }");

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("[Diagnostics of the batch fixed state]", message);
        Outcome.Says("error CS0111", message);
    }

    [Fact]
    public async Task Numbers_count_for_their_scope()
    {
        SampleFixTest<BadMethodAnalyzer, BadMethodFix> test = TwoDocuments<BadMethodFix>();
        test.NumberOfFixAllInDocumentIterations = 2;
        test.NumberOfFixAllInProjectIterations = 1;
        test.NumberOfFixAllIterations = 1;
        await Outcome.PassesAsync(test);

        test.NumberOfFixAllInDocumentIterations = 1;
        Outcome.Says("[Fix all in the scope Document]", await Outcome.FailsAsync(test));

        test.NumberOfFixAllInDocumentIterations = 2;
        test.NumberOfFixAllInProjectIterations = 2;
        Outcome.Says("[Fix all in the scope Project]", await Outcome.FailsAsync(test));

        test.NumberOfFixAllInProjectIterations = 1;
        test.NumberOfFixAllIterations = 2;
        Outcome.Says("[Fix all in the scope Solution]", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task Only_actions_of_the_same_key_are_applied_together()
    {
        var test = new SampleFixTest<BadMethodAnalyzer, TwoKeysFix>
        {
            TestCode = "class C { void [|BadA|]() { } void [|BadB|]() { } void [|BadBA|]() { } }",
            FixedCode = "class C { void GoodA() { } void GoodB() { } void GoodBA() { } }",
        };
        Outcome.Says("is 2; expected is 1", await Outcome.FailsAsync(test));

        test.NumberOfFixAllIterations = 2;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task What_fix_all_writes_is_validated_too()
    {
        SampleFixTest<BadMethodAnalyzer, IrregularFixAllFix> test = TwoDocuments<IrregularFixAllFix>();
        Outcome.Says("another syntax tree", await Outcome.FailsAsync(test));

        test.CodeActionValidationMode = CodeActionValidationMode.None;
        await Outcome.PassesAsync(test);
    }

    private static SourceText Text(string text) => SourceText.From(text);

    private static SampleFixTest<BadMethodAnalyzer, TFix> TwoDocuments<TFix>()
        where TFix : CodeFixProvider, new()
        => new()
        {
            TestState = { Sources = { "class A { void [|BadA|]() { } }", "class B { void [|BadB|]() { } }" } },
            FixedState = { Sources = { "class A { void GoodA() { } }", "class B { void GoodB() { } }" } },
        };

    private static SampleFixTest<BadMethodAnalyzer, TFix> TwoProjects<TFix>()
        where TFix : CodeFixProvider, new()
    {
        SampleFixTest<BadMethodAnalyzer, TFix> test = TwoDocuments<TFix>();
        test.TestState.AdditionalProjects["Other"].Sources.Add("class D { void [|BadD|]() { } void [|BadE|]() { } }");
        test.FixedState.AdditionalProjects["Other"].Sources.Add("class D { void GoodD() { } void GoodE() { } }");
        return test;
    }

    /// <summary>Fixes all that a subclass takes for all.</summary>
    private abstract class CustomFixAll : FixAllProvider
    {
        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            Solution solution = context.Solution;
            foreach (Document document in Documents(context))
            {
                ImmutableArray<Diagnostic> diagnostics = await context.GetDocumentDiagnosticsAsync(document);
                SyntaxNode root = (await document.GetSyntaxRootAsync(context.CancellationToken))!;
                IEnumerable<SyntaxToken> tokens = diagnostics.Select(diagnostic => root.FindToken(diagnostic.Location.SourceSpan.Start));
                solution = solution.WithDocumentSyntaxRoot(document.Id, root.ReplaceTokens(tokens, (token, _) => NewToken(token)));
            }

            return CodeAction.Create("Fix all", _ => Task.FromResult(solution), BadMethodFix.Key);
        }

        protected virtual IEnumerable<Document> Documents(FixAllContext context)
        {
            IEnumerable<Project> projects = context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project];
            return context.Scope == FixAllScope.Document ? [context.Document!] : projects.SelectMany(project => project.Documents);
        }

        protected virtual SyntaxToken NewToken(SyntaxToken token)
            => SyntaxFactory.Identifier("Good" + token.Text["Bad".Length..]).WithTriviaFrom(token);
    }

    /// <summary>Fixes the document of the first diagnostic only, in every scope.</summary>
    private sealed class FirstDocumentFix : BadMethodFix
    {
        public override FixAllProvider GetFixAllProvider() => new Provider();

        private sealed class Provider : CustomFixAll
        {
            protected override IEnumerable<Document> Documents(FixAllContext context) => [context.Document!];
        }
    }

    /// <summary>Fixes the project of the first diagnostic only, in the scope of the solution too.</summary>
    private sealed class FirstProjectFix : BadMethodFix
    {
        public override FixAllProvider GetFixAllProvider() => new Provider();

        private sealed class Provider : CustomFixAll
        {
            protected override IEnumerable<Document> Documents(FixAllContext context)
                => context.Scope == FixAllScope.Document ? [context.Document!] : context.Project.Documents;
        }
    }

    /// <summary>Knows only the first document, and declines when that is done.</summary>
    private sealed class OnceFix : BadMethodFix
    {
        public override FixAllProvider GetFixAllProvider() => new OnceProvider();

        private sealed class OnceProvider : CustomFixAll
        {
            public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
                => context.Document!.Name == "Test0.cs" ? await base.GetFixAsync(context) : null;

            protected override IEnumerable<Document> Documents(FixAllContext context) => [context.Document!];
        }
    }

    /// <summary>Fixes all only in a document.</summary>
    private sealed class DocumentOnlyFix : BadMethodFix
    {
        public override FixAllProvider GetFixAllProvider() => new Provider();

        private sealed class Provider : CustomFixAll
        {
            public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() => [FixAllScope.Document];
        }
    }

    /// <summary>Fixes all in another way than one.</summary>
    private sealed class WorseFix : BadMethodFix
    {
        public override FixAllProvider GetFixAllProvider() => new Provider();

        private sealed class Provider : CustomFixAll
        {
            protected override SyntaxToken NewToken(SyntaxToken token)
                => SyntaxFactory.Identifier("Worse").WithTriviaFrom(token);
        }
    }

    /// <summary>Writes tokens that do not belong into one when it fixes all.</summary>
    private sealed class IrregularFixAllFix : BadMethodFix
    {
        public override FixAllProvider GetFixAllProvider() => new Provider();

        private sealed class Provider : CustomFixAll
        {
            protected override SyntaxToken NewToken(SyntaxToken token)
            {
                // The space belongs to the trivia, not to the name.
                SyntaxToken name = base.NewToken(token);
                return SyntaxFactory.Identifier(
                    default, SyntaxKind.IdentifierToken, name.Text, "Other", name.TrailingTrivia);
            }
        }
    }

    /// <summary>Has a key for each first letter after Bad.</summary>
    private sealed class TwoKeysFix : BadMethodFix
    {
        public override Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            Diagnostic diagnostic = context.Diagnostics[0];
            char letter = diagnostic.Location.SourceTree!.ToString()[diagnostic.Location.SourceSpan.Start + "Bad".Length];
            var action = CodeAction.Create(
                Title, cancellation => RenameAsync(context.Document, diagnostic, cancellation), equivalenceKey: letter.ToString());
            context.RegisterCodeFix(action, diagnostic);
            return Task.CompletedTask;
        }
    }
}
