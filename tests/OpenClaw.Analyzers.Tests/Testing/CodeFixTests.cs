using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;
using Verify = Microsoft.CodeAnalysis.CSharp.Testing.CSharpCodeFixVerifier<
    OpenClaw.Analyzers.Tests.Testing.Samples.BadMethodAnalyzer,
    OpenClaw.Analyzers.Tests.Testing.Samples.BadMethodFix,
    Microsoft.CodeAnalysis.Testing.DefaultVerifier>;

namespace OpenClaw.Analyzers.Tests.Testing;

public class CodeFixTests
{
    private const string Bad = "class C { void [|BadM|]() { } }";

    private const string Good = "class C { void GoodM() { } }";

    [Fact]
    public Task The_expected_fix_passes() => Outcome.PassesAsync(Test<BadMethodFix>(Bad, Good));

    [Fact]
    public async Task The_short_forms_verify_a_fix()
    {
        DiagnosticResult expected = Verify.Diagnostic().WithSpan(1, 16, 1, 20).WithArguments("BadM");
        const string Unmarked = "class C { void BadM() { } }";

        await Verify.VerifyAnalyzerAsync(Bad);
        await Verify.VerifyCodeFixAsync(Bad, Good);
        await Verify.VerifyCodeFixAsync(Unmarked, expected, Good);
        await Verify.VerifyCodeFixAsync(Unmarked, [expected], Good);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Verify.VerifyCodeFixAsync(Bad, Unmarked));
        Assert.Equal(Verify.Diagnostic(BadMethodAnalyzer.Id).Id, Verify.Diagnostic(BadMethodAnalyzer.Descriptor).Id);
    }

    [Fact]
    public async Task Other_fixed_code_fails_and_is_shown_line_by_line()
    {
        string message = await Outcome.FailsAsync(Test<BadMethodFix>(
            "class C\n{\n    void [|BadM|]() { }\n    void Fine() { }\n}", "class C\n{\n    void BetterM() { }\n    void Fine() { }\n}"));

        Assert.Equal(
            """
            [One fix after the other]
            The fixed file /0/Test0.cs is not as expected (- expected, + fixed). Applied, one after the other: 'Make it good'.
             class C
             {
            -    void BetterM() { }
            +    void GoodM() { }
                 void Fine() { }
             }

            """.ReplaceLineEndings(),
            message);
    }

    [Fact]
    public async Task Wrong_diagnostics_fail_before_the_fix_is_tried()
        => Outcome.Says(
            "[Diagnostics of the test state]", await Outcome.FailsAsync(Test<BadMethodFix>("class C { void BadM() { } }", Good)));

    [Fact]
    public async Task A_fix_that_offers_nothing_where_code_should_change_fails()
        => Outcome.Says(
            "No code action changed anything. The providers registered no code action for what is reported (TST001).",
            await Outcome.FailsAsync(Test<SilentFix>(Bad, Good)));

    [Fact]
    public async Task A_fix_for_other_diagnostics_fails()
        => Outcome.Says(
            "Nothing of what is reported (TST001) is in a file and of an id that a provider can fix (TST999).",
            await Outcome.FailsAsync(Test<OtherIdFix>(Bad, Good)));

    [Fact]
    public async Task An_action_that_changes_code_where_none_should_change_fails()
        => Outcome.Says(
            "Applied, one after the other: 'Make it good'. No code action was expected.",
            await Outcome.FailsAsync(Test<BadMethodFix>(Bad, Bad)));

    [Fact]
    public async Task An_action_that_changes_nothing_where_none_is_expected_fails()
        => Outcome.Says(
            "No code action is expected, but one is offered that changes nothing.", await Outcome.FailsAsync(Test<IdleFix>(Bad, Bad)));

    [Fact]
    public Task That_no_action_is_offered_can_be_expected() => Outcome.PassesAsync(Test<SilentFix>(Bad, Bad));

    [Fact]
    public Task Without_a_fixed_state_no_fix_is_tried()
        => Outcome.PassesAsync(new SampleFixTest<BadMethodAnalyzer, BadMethodFix> { TestCode = Bad });

    [Fact]
    public async Task Fixed_code_that_does_not_compile_fails()
    {
        string message = await Outcome.FailsAsync(Test<BadMethodFix>(
            "class C { void [|BadM|]() { } void N() { BadM(); } }", "class C { void GoodM() { } void N() { BadM(); } }"));

        Outcome.Says("[Diagnostics of the fixed state]", message);
        Outcome.Says("error CS0103", message);
        await Outcome.PassesAsync(Test<BadMethodFix>(
            "class C { void [|BadM|]() { } void N() { BadM(); } }", "class C { void GoodM() { } void N() { {|CS0103:BadM|}(); } }"));
    }

    [Fact]
    public async Task Diagnostics_that_a_fix_leaves_must_be_expected()
    {
        SampleFixTest<BadMethodAnalyzer, BadMethodFix> test = Test<BadMethodFix>(
            "class C { void [|BadM|]() { } {|CS0246:Missing|} f; }", "class C { void GoodM() { } {|CS0246:Missing|} f; }");
        await Outcome.PassesAsync(test);

        test = Test<BadMethodFix>("class C { void [|BadM|]() { } {|CS0246:Missing|} f; }", "class C { void GoodM() { } Missing f; }");
        Outcome.Says("error CS0246", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task A_diagnostic_of_the_compiler_that_a_fix_can_fix_must_be_expected()
    {
        const string Fixed = "class C { int f; }";
        await Outcome.PassesAsync(Test<UnusedVariableFix>("class C { int f; void M() { int {|CS0168:x|}; } }", Fixed));
        Outcome.Says("warning CS0168", await Outcome.FailsAsync(Test<UnusedVariableFix>("class C { int f; void M() { int x; } }", Fixed)));
    }

    [Fact]
    public async Task A_fix_can_add_a_file()
    {
        SampleFixTest<BadMethodAnalyzer, FileAddingFix> test = Test<FileAddingFix>(Bad, Good);
        Outcome.Says("should have 1 source files [/0/Test0.cs] and has 2 [/0/Test0.cs, /0/New.cs]", await Outcome.FailsAsync(test));

        test.FixedState.Sources.Add(("/0/New.cs", "class New { }"));
        await Outcome.PassesAsync(test);

        test = Test<FileAddingFix>(Bad, Good);
        test.FixedState.Sources.Add(("/0/New.cs", "class Old { }"));
        Outcome.Says("-class Old { }", await Outcome.FailsAsync(test));

        test = Test<FileAddingFix>(Bad, Good);
        test.FixedState.Sources.Add(("/0/folder/New.cs", "class New { }"));
        Outcome.Says("should be named folder/New.cs", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task A_fix_keeps_the_encoding()
    {
        SampleFixTest<BadMethodAnalyzer, TFix> WithEncoding<TFix>()
            where TFix : CodeFixProvider, new()
            => new()
            {
                TestState = { Sources = { SourceText.From(Bad, Encoding.UTF8) } },
                FixedState = { Sources = { SourceText.From(Good, Encoding.UTF8) } },
            };

        await Outcome.PassesAsync(WithEncoding<BadMethodFix>());
        Outcome.Says("should have the encoding utf-8 and has none", await Outcome.FailsAsync(WithEncoding<EncodingLosingFix>()));
    }

    [Fact]
    public async Task A_fix_that_edits_an_additional_file_is_compared_there()
    {
        SampleFixTest<BadMethodAnalyzer, AdditionalFileEditingFix> Editing(string fixedText) => new()
        {
            TestState = { Sources = { Bad }, AdditionalFiles = { ("notes.txt", "old") } },
            FixedState = { Sources = { Good }, AdditionalFiles = { ("notes.txt", fixedText) } },
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipFixAllCheck,
        };

        await Outcome.PassesAsync(Editing("new"));
        Outcome.Says("The fixed file notes.txt is not as expected", await Outcome.FailsAsync(Editing("other")));
    }

    [Fact]
    public async Task A_further_check_sees_the_applied_action()
    {
        List<string> titles = [];
        SampleFixTest<BadMethodAnalyzer, BadMethodFix> test = Test<BadMethodFix>(Bad, Good);
        test.CodeActionVerifier = (action, _) => titles.Add(action.Title);
        await Outcome.PassesAsync(test);
        Assert.All(titles, title => Assert.Equal(BadMethodFix.Title, title));
        Assert.Equal(4, titles.Count);

        test.CodeActionVerifier = (action, verifier) => verifier.Equal("Other title", action.Title);
        Outcome.Says("Expected 'Other title', was 'Make it good'.", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task An_action_needs_a_title()
        => Outcome.Says("The code action 0 has no title.", await Outcome.FailsAsync(Test<UntitledFix>(Bad, Good)));

    [Fact]
    public async Task An_action_changes_the_solution_in_one_operation()
        => Outcome.Says(
            "'Make it good' should have one ApplyChangesOperation and has 2.", await Outcome.FailsAsync(Test<TwoOperationsFix>(Bad, Good)));

    private static SampleFixTest<BadMethodAnalyzer, TFix> Test<TFix>(string source, string fixedSource)
        where TFix : CodeFixProvider, new()
        => new() { TestCode = source, FixedCode = fixedSource };

    /// <summary>Offers nothing.</summary>
    private sealed class SilentFix : BadMethodFix
    {
        public override Task RegisterCodeFixesAsync(CodeFixContext context) => Task.CompletedTask;
    }

    /// <summary>Fixes something that is not reported.</summary>
    private sealed class OtherIdFix : BadMethodFix
    {
        public override ImmutableArray<string> FixableDiagnosticIds => ["TST999"];
    }

    /// <summary>Offers an action that changes nothing.</summary>
    private sealed class IdleFix : BadMethodFix
    {
        protected override Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
            => Task.FromResult(document);
    }

    /// <summary>Removes the method that has an unused variable.</summary>
    private sealed class UnusedVariableFix : BadMethodFix
    {
        public override ImmutableArray<string> FixableDiagnosticIds => ["CS0168"];

        protected override async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
            => document.WithText(SourceText.From("class C { int f; }", (await document.GetTextAsync(cancellation)).Encoding));
    }

    /// <summary>Adds a file.</summary>
    private sealed class FileAddingFix : BadMethodFix
    {
        public override FixAllProvider? GetFixAllProvider() => null;

        protected override async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
        {
            Document renamed = await base.RenameAsync(document, diagnostic, cancellation);
            Document added = renamed.Project.AddDocument("New.cs", SourceText.From("class New { }"), filePath: "/0/New.cs");
            return added.Project.GetDocument(document.Id)!;
        }
    }

    /// <summary>Forgets the encoding of the file.</summary>
    private sealed class EncodingLosingFix : BadMethodFix
    {
        protected override async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
        {
            Document renamed = await base.RenameAsync(document, diagnostic, cancellation);
            return renamed.WithText(SourceText.From((await renamed.GetTextAsync(cancellation)).ToString()));
        }
    }

    /// <summary>Edits an additional file besides the source.</summary>
    private sealed class AdditionalFileEditingFix : BadMethodFix
    {
        protected override async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
        {
            Document renamed = await base.RenameAsync(document, diagnostic, cancellation);
            TextDocument notes = renamed.Project.AdditionalDocuments.Single();
            return renamed.Project.Solution.WithAdditionalDocumentText(notes.Id, SourceText.From("new")).GetDocument(document.Id)!;
        }
    }

    /// <summary>Has an action without a title.</summary>
    private sealed class UntitledFix : BadMethodFix
    {
        public override Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            Diagnostic diagnostic = context.Diagnostics[0];
            context.RegisterCodeFix(
                CodeAction.Create(" ", cancellation => RenameAsync(context.Document, diagnostic, cancellation), Key), diagnostic);
            return Task.CompletedTask;
        }
    }

    /// <summary>Has an action that changes the solution twice.</summary>
    private sealed class TwoOperationsFix : BadMethodFix
    {
        public override Task RegisterCodeFixesAsync(CodeFixContext context)
        {
            context.RegisterCodeFix(new TwoOperationsAction(context.Document.Project.Solution), context.Diagnostics);
            return Task.CompletedTask;
        }

        private sealed class TwoOperationsAction(Solution solution) : CodeAction
        {
            public override string Title => BadMethodFix.Title;

            public override string EquivalenceKey => Key;

            protected override Task<IEnumerable<CodeActionOperation>> ComputeOperationsAsync(CancellationToken cancellationToken)
                => Task.FromResult<IEnumerable<CodeActionOperation>>(
                    [new ApplyChangesOperation(solution), new ApplyChangesOperation(solution)]);
        }
    }
}
