using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class ProjectTests
{
    [Fact]
    public Task An_additional_project_is_analysed_and_can_be_referred_to()
        => Outcome.PassesAsync(TwoProjects("public class Library { void [|BadL|]() { } }", references: true));

    [Fact]
    public async Task A_diagnostic_in_an_additional_project_must_be_expected()
        => Outcome.Says(
            "/Library/Test0.cs(1,29): warning TST001",
            await Outcome.FailsAsync(TwoProjects("public class Library { void BadL() { } }", references: true)));

    [Fact]
    public async Task A_project_without_a_reference_is_not_seen()
        => Outcome.Says("CS0246", await Outcome.FailsAsync(TwoProjects("public class Library { }", references: false)));

    [Fact]
    public async Task An_error_in_an_additional_project_fails()
        => Outcome.Says(
            "/Library/Test0.cs(1,24): error CS0246",
            await Outcome.FailsAsync(TwoProjects("public class Library { Missing f; }", references: true)));

    [Fact]
    public async Task An_additional_project_can_refer_to_the_first()
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "public class C { }" };
        test.TestState.AdditionalProjects["Other"].Sources.Add("class D : C { }");
        await Outcome.FailsAsync(test);

        test.TestState.AdditionalProjects["Other"].AdditionalProjectReferences.Add("TestProject");
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_reference_to_a_project_that_is_not_there_is_an_error()
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "class C { }" };
        test.TestState.AdditionalProjectReferences.Add("Missing");

        Outcome.Says("'TestProject' refers to the project 'Missing'", await Outcome.FailsAsync(test));
    }

    [Fact]
    public void A_project_is_created_once_and_keeps_its_language()
    {
        ProjectCollection projects = new SampleTest<BadMethodAnalyzer>().TestState.AdditionalProjects;

        Assert.Same(projects["Other"], projects["Other", LanguageNames.CSharp]);
        Assert.Equal("Other", projects["Other"].AssemblyName);
        Assert.Throws<InvalidOperationException>(() => projects["Other", LanguageNames.VisualBasic]);
        Assert.Throws<ArgumentOutOfRangeException>(() => projects["Third", LanguageNames.FSharp]);
    }

    [Fact]
    public async Task An_assembly_can_be_referred_to()
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "class C { Xunit.FactAttribute f; }" };
        Outcome.Says("CS0246", await Outcome.FailsAsync(test));

        test.TestState.AdditionalReferences.Add(typeof(FactAttribute).Assembly);
        await Outcome.PassesAsync(test);
    }

    [Theory]
    [InlineData(OutputKind.ConsoleApplication, true)]
    [InlineData(null, false)]
    public async Task The_output_kind_decides_about_top_level_statements(OutputKind? kind, bool compiles)
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "System.Console.WriteLine();", TestState = { OutputKind = kind } };

        if (compiles)
        {
            await Outcome.PassesAsync(test);
        }
        else
        {
            Outcome.Says("CS8805", await Outcome.FailsAsync(test));
        }
    }

    [Fact]
    public async Task A_solution_transform_can_change_the_language_version()
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "record R;" };
        await Outcome.PassesAsync(test);

        test.SolutionTransforms.Add((solution, id) => solution.WithProjectParseOptions(
            id, ((CSharpParseOptions)solution.GetProject(id)!.ParseOptions!).WithLanguageVersion(LanguageVersion.CSharp8)));
        Outcome.Says("CS8400", await Outcome.FailsAsync(test));
    }

    [Fact]
    public Task Options_of_the_test_count()
        => Outcome.PassesAsync(new NullableTest
        {
            TestCode = "class C { string {|CS8618:s|}; }",
            CompilerDiagnostics = CompilerDiagnostics.Warnings,
            DisabledDiagnostics = { "CS0169" },
        });

    [Fact]
    public async Task A_documentation_mode_can_be_set()
    {
        var test = new SampleTest<BadMethodAnalyzer>
        {
            TestCode = "/// <summary>\nclass C { }",
            CompilerDiagnostics = CompilerDiagnostics.Warnings,
        };
        Outcome.Says("CS1570", await Outcome.FailsAsync(test));

        test.TestState.DocumentationMode = DocumentationMode.Parse;
        await Outcome.PassesAsync(test);
    }

    private static SampleTest<BadMethodAnalyzer> TwoProjects(string library, bool references)
    {
        var test = new SampleTest<BadMethodAnalyzer> { TestCode = "class C : Library { void [|BadC|]() { } }" };
        test.TestState.AdditionalProjects["Library"].Sources.Add(library);
        if (references)
        {
            test.TestState.AdditionalProjectReferences.Add("Library");
        }

        return test;
    }

    /// <summary>Compiles with nullable annotations.</summary>
    private sealed class NullableTest : SampleTest<BadMethodAnalyzer>
    {
        protected override CompilationOptions CreateCompilationOptions()
            => ((CSharpCompilationOptions)base.CreateCompilationOptions()).WithNullableContextOptions(NullableContextOptions.Enable);
    }
}
