using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class StateTests
{
    private const string Fixable = "TST001";

    [Fact]
    public void Without_a_mode_a_state_without_files_inherits_all()
    {
        SolutionState result = Empty().WithInheritedValuesApplied(Base(), [Fixable]);

        Assert.Equal(["/0/Test0.cs"], result.Sources.Select(file => file.filename));
        Assert.Equal(["a.json"], result.AdditionalFiles.Select(file => file.filename));
        Assert.Equal(["/.editorconfig"], result.AnalyzerConfigFiles.Select(file => file.filename));
        Assert.Equal(["Other"], result.AdditionalProjects.Keys);
        Assert.Equal(["Other"], result.AdditionalProjectReferences);
        Assert.Single(result.AdditionalReferences);
        Assert.Equal(OutputKind.ConsoleApplication, result.OutputKind);
        Assert.Equal([Fixable, "CS0001"], result.ExpectedDiagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Equal(StateInheritanceMode.Explicit, result.InheritanceMode);
        Assert.Equal(MarkupMode.Allow, result.MarkupHandling);
    }

    [Fact]
    public void Without_a_mode_a_state_with_other_files_inherits_what_no_fix_fixes()
    {
        SolutionState state = Empty();
        state.Sources.Add("class D { }");

        SolutionState result = state.WithInheritedValuesApplied(Base(), [Fixable]);

        Assert.Equal("class D { }", Assert.Single(result.Sources).content.ToString());
        Assert.Equal(["a.json"], result.AdditionalFiles.Select(file => file.filename));
        Assert.Equal(["CS0001"], result.ExpectedDiagnostics.Select(diagnostic => diagnostic.Id));
        Assert.Equal(MarkupMode.IgnoreFixable, result.MarkupHandling);
    }

    [Fact]
    public void A_state_that_repeats_the_files_is_like_one_without()
    {
        SolutionState state = Empty();
        state.Sources.Add("class C { }");

        SolutionState result = state.WithInheritedValuesApplied(Base(), [Fixable]);

        Assert.Equal(2, result.ExpectedDiagnostics.Count);
        Assert.Equal(MarkupMode.Allow, result.MarkupHandling);
    }

    [Fact]
    public void An_explicit_state_inherits_nothing()
    {
        SolutionState state = Empty();
        state.InheritanceMode = StateInheritanceMode.Explicit;

        SolutionState result = state.WithInheritedValuesApplied(Base(), [Fixable]);

        Assert.Empty(result.Sources);
        Assert.Empty(result.AdditionalFiles);
        Assert.Empty(result.AdditionalProjects);
        Assert.Empty(result.ExpectedDiagnostics);
        Assert.Null(result.OutputKind);
    }

    [Fact]
    public void Stated_diagnostics_stand_for_the_inherited_ones()
    {
        SolutionState state = Empty();
        state.ExpectedDiagnostics.Add(DiagnosticResult.CompilerError("CS0002"));

        Assert.Equal(["CS0002"], state.WithInheritedValuesApplied(Base(), []).ExpectedDiagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void Made_files_come_on_top_of_inherited_ones()
    {
        SolutionState state = Empty();
        state.AdditionalFilesFactories.Add(() => [("made.json", SourceText.From("{}"))]);

        Assert.Equal(["a.json", "made.json"], state.WithInheritedValuesApplied(Base(), []).AdditionalFiles.Select(file => file.filename));
    }

    [Fact]
    public void A_state_inherits_only_from_a_complete_one()
    {
        SolutionState incomplete = Empty();
        incomplete.AdditionalFilesFactories.Add(() => []);

        Assert.Throws<InvalidOperationException>(() => Empty().WithInheritedValuesApplied(incomplete, []));
        Assert.Throws<InvalidOperationException>(() => Empty().WithProcessedMarkup(MarkupOptions.None, null, [], [], "/0/Test0.cs"));
    }

    [Theory]
    [InlineData(MarkupMode.Allow, "class C { }", "TST001 CS0001")]
    [InlineData(MarkupMode.IgnoreFixable, "class C { }", "CS0001")]
    [InlineData(MarkupMode.Ignore, "class C { }", "")]
    [InlineData(MarkupMode.None, "{|CS0001:class|} [|C|] { }", "")]
    public void The_mode_decides_about_markup(MarkupMode mode, string text, string expected)
    {
        SolutionState state = Empty();
        state.MarkupHandling = mode;
        state.Sources.Add("{|CS0001:class|} [|C|] { }");

        SolutionState result = state.WithInheritedValuesApplied(null, [])
            .WithProcessedMarkup(
                MarkupOptions.None, BadMethodAnalyzer.Descriptor, [BadMethodAnalyzer.Descriptor], [Fixable], "/0/Test0.cs");

        Assert.Equal(text, Assert.Single(result.Sources).content.ToString());
        Assert.Equal(expected, string.Join(' ', result.ExpectedDiagnostics.Select(diagnostic => diagnostic.Id)));
    }

    [Fact]
    public async Task Unnamed_markup_needs_one_descriptor_or_the_option_to_use_the_first()
    {
        var test = new SampleTest<NestedSpansAnalyzer> { TestCode = "class C { void [|{|TST011:M|}{|TST014:(){|TST012:|}|}|] { } }" };
        Outcome.Says("needs an analyzer with exactly one descriptor", await Outcome.FailsAsync(test));

        test.MarkupOptions = MarkupOptions.UseFirstDescriptor;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_name_that_means_several_descriptors_is_an_error()
    {
        var test = new TwiceTest { TestCode = "class C { void {|TST001:BadM|}() { } }", ExpectedDiagnostics = { Bad } };
        Outcome.Says("'TST001' in the markup belongs to 2 descriptors", await Outcome.FailsAsync(test));

        test.MarkupOptions = MarkupOptions.UseFirstDescriptor;
        await Outcome.PassesAsync(test);
    }

    private static DiagnosticResult Bad => new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithSpan(1, 16, 1, 20).WithArguments("BadM");

    private static SolutionState Empty() => new("TestProject", LanguageNames.CSharp, "/0/Test", "cs");

    private static SolutionState Base()
    {
        SolutionState state = Empty();
        state.Sources.Add("class C { }");
        state.AdditionalFiles.Add(("a.json", "{}"));
        state.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true"));
        state.AdditionalProjects["Other"].Sources.Add("class O { }");
        state.AdditionalProjectReferences.Add("Other");
        state.AdditionalReferences.Add(typeof(StateTests).Assembly);
        state.OutputKind = OutputKind.ConsoleApplication;
        state.ExpectedDiagnostics.Add(new DiagnosticResult(Fixable, DiagnosticSeverity.Warning));
        state.ExpectedDiagnostics.Add(DiagnosticResult.CompilerError("CS0001"));
        return state.WithInheritedValuesApplied(null, []);
    }

    /// <summary>Runs the analyzer twice.</summary>
    private sealed class TwiceTest : SampleTest<BadMethodAnalyzer>
    {
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers()
            => [new BadMethodAnalyzer(), new BadMethodAnalyzer()];
    }
}
