using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class AdditionalFileFixTests
{
    private const string Additional = nameof(TextDocumentKind.AdditionalDocument);

    [Fact]
    public Task A_fix_can_start_from_an_additional_file() => Outcome.PassesAsync(Test<LineFix>("openclaw.json", "a good one"));

    [Fact]
    public async Task A_wrong_additional_file_fails()
        => Outcome.Says(
            "The fixed file openclaw.json is not as expected", await Outcome.FailsAsync(Test<LineFix>("openclaw.json", "a better one")));

    [Fact]
    public async Task A_provider_that_does_not_ask_for_additional_files_is_not_asked()
        => Outcome.Says(
            "Nothing of what is reported (TST050)", await Outcome.FailsAsync(Test<SourceOnlyFix>("openclaw.json", "a good one")));

    [Fact]
    public async Task A_provider_for_another_extension_is_not_asked()
    {
        await Outcome.PassesAsync(Test<JsonFix>("openclaw.json", "a good one"));
        Outcome.Says("Nothing of what is reported (TST050)", await Outcome.FailsAsync(Test<JsonFix>("openclaw.yaml", "a good one")));
    }

    [Fact]
    public async Task Fix_all_in_a_project_and_in_the_solution_can_start_from_an_additional_file()
    {
        await Outcome.PassesAsync(TwoFiles<FixAllLineFix>());

        string message = await Outcome.FailsAsync(TwoFiles<FirstFileFix>());
        Outcome.Says("[Fix all in the scope Project]", message);
        Outcome.Says("is 2; expected is 1", message);
    }

    [Fact]
    public async Task The_batch_fixer_does_not_reach_additional_files()
    {
        SampleFixTest<BadLineAnalyzer, BatchLineFix> test = TwoFiles<BatchLineFix>();
        Outcome.Says("[Fix all in the scope Project]", await Outcome.FailsAsync(test));

        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck;
        await Outcome.PassesAsync(test);
    }

    private static SampleFixTest<BadLineAnalyzer, TFix> Test<TFix>(string path, string fixedText)
        where TFix : CodeFixProvider, new()
        => new()
        {
            TestState = { Sources = { "class C { }" }, AdditionalFiles = { (path, "a {|TST050:bad|} one") } },
            FixedState = { AdditionalFiles = { (path, fixedText) } },
        };

    private static SampleFixTest<BadLineAnalyzer, TFix> TwoFiles<TFix>()
        where TFix : CodeFixProvider, new()
        => new()
        {
            TestState =
            {
                Sources = { "class C { }" },
                AdditionalFiles = { ("a.json", "{|TST050:bad|}"), ("b.json", "{|TST050:bad|} {|TST050:bad|}") },
            },
            FixedState = { AdditionalFiles = { ("a.json", "good"), ("b.json", "good good") } },
        };

    /// <summary>Writes good for bad. Has no attribute, so that only sources are its business.</summary>
    private abstract class LineFixBase : CodeFixProvider
    {
        public override ImmutableArray<string> FixableDiagnosticIds => [BadLineAnalyzer.Id];

        public override FixAllProvider? GetFixAllProvider() => null;

        public override Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            TextDocument document = context.TextDocument;
            TextSpan span = context.Span;
            context.RegisterCodeFix(
                CodeAction.Create("Make it good", cancellation => FixAsync(document, [span], cancellation), "good"), context.Diagnostics);
            return Task.CompletedTask;
        }

        public static async Task<Solution> FixAsync(TextDocument document, IEnumerable<TextSpan> spans, CancellationToken cancellation)
        {
            SourceText text = await document.GetTextAsync(cancellation);
            return document.Project.Solution.WithAdditionalDocumentText(
                document.Id, text.WithChanges(spans.Order().Select(span => new TextChange(span, "good"))));
        }
    }

    /// <summary>Asks for additional files.</summary>
    [ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [Additional])]
    private sealed class LineFix : LineFixBase;

    /// <summary>Asks for nothing.</summary>
    [ExportCodeFixProvider(LanguageNames.CSharp)]
    private sealed class SourceOnlyFix : LineFixBase;

    /// <summary>Asks for JSON.</summary>
    [ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [Additional], DocumentExtensions = [".json"])]
    private sealed class JsonFix : LineFixBase;

    /// <summary>Lets the batch fixer fix all.</summary>
    [ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [Additional])]
    private sealed class BatchLineFix : LineFixBase
    {
        public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;
    }

    /// <summary>Fixes all additional files.</summary>
    [ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [Additional])]
    private sealed class FixAllLineFix : LineFixBase
    {
        public override FixAllProvider GetFixAllProvider() => new Provider(files: int.MaxValue);
    }

    /// <summary>Fixes one additional file when all should be fixed.</summary>
    [ExportCodeFixProvider(LanguageNames.CSharp, DocumentKinds = [Additional])]
    private sealed class FirstFileFix : LineFixBase
    {
        public override FixAllProvider GetFixAllProvider() => new Provider(files: 1);
    }

    /// <summary>Fixes a number of files.</summary>
    private sealed class Provider(int files) : FixAllProvider
    {
        public override IEnumerable<FixAllScope> GetSupportedFixAllScopes()
            => [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            Assert.Null(context.Document);
            ImmutableArray<Diagnostic> diagnostics = await context.GetProjectDiagnosticsAsync(context.Project);
            Solution solution = context.Solution;
            IEnumerable<Location> places = diagnostics.Select(diagnostic => diagnostic.Location);
            foreach (IGrouping<string, Location> file in places.GroupBy(place => place.GetLineSpan().Path).Take(files))
            {
                TextDocument document =
                    solution.GetProject(context.Project.Id)!.AdditionalDocuments.Single(candidate => candidate.FilePath == file.Key);
                solution = await LineFixBase.FixAsync(document, file.Select(place => place.SourceSpan), context.CancellationToken);
            }

            return CodeAction.Create("Fix all", _ => Task.FromResult(solution), "good");
        }
    }
}
