using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class AdditionalFileTests
{
    [Fact]
    public Task Markup_in_an_additional_file_expects_diagnostics_there()
        => Outcome.PassesAsync(Test("first\n  {|TST050:bad|} line\n{|TST050:bad|}"));

    [Fact]
    public async Task A_missing_diagnostic_in_an_additional_file_fails()
        => Outcome.Says("// openclaw.json(1,1,1,5): warning TST050", await Outcome.FailsAsync(Test("{|TST050:good|}")));

    [Fact]
    public async Task A_wrong_span_in_an_additional_file_fails()
        => Outcome.Says(
            "location: expected openclaw.json(2,1,2,6), reported openclaw.json(2,3,2,6)",
            await Outcome.FailsAsync(Test("first\n{|TST050:  bad|}")));

    [Fact]
    public async Task An_unexpected_diagnostic_in_an_additional_file_can_be_pasted_as_code_and_as_markup()
    {
        string message = await Outcome.FailsAsync(Test("first\n  bad line"));

        Outcome.Says(
            """("TST050", DiagnosticSeverity.Warning).WithSpan("openclaw.json", 2, 3, 2, 6).WithArguments("openclaw.json"),""",
            message);
        Outcome.Says(
            """
            As markup, the lines of openclaw.json:
                  {|TST050:bad|} line
            """,
            message);
    }

    [Fact]
    public async Task A_numbered_span_can_be_in_an_additional_file()
    {
        SampleTest<BadLineAnalyzer> test = Test("good {|#0:bad|}");
        test.ExpectedDiagnostics.Add(new DiagnosticResult(BadLineAnalyzer.Descriptor).WithLocation(0).WithArguments("openclaw.json"));
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_numbered_span_exists_once_in_all_files()
    {
        SampleTest<BadLineAnalyzer> test = Test("good {|#0:bad|}");
        test.TestState.Sources.Add("{|#0:class|} D { }");

        Outcome.Says("more than one span '#0', in /0/Test1.cs and in openclaw.json", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task Dollars_in_an_additional_file_can_be_code()
    {
        SampleTest<BadLineAnalyzer> test = Test("image: $${TAG} {|TST050:bad|}");
        await Outcome.FailsAsync(test);

        test.MarkupOptions = MarkupOptions.TreatPositionIndicatorsAsCode;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_factory_makes_additional_files()
    {
        SampleTest<BadLineAnalyzer> test = Test("good");
        test.TestState.AdditionalFilesFactories.Add(() => [("made.json", SourceText.From("{|TST050:bad|}"))]);
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task An_additional_file_of_another_project_is_seen_there()
    {
        SampleTest<BadLineAnalyzer> test = Test("good");
        test.TestState.AdditionalProjects["Other"].AdditionalFiles.Add(("/Other/other.json", "a {|TST050:bad|} one"));
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public async Task A_location_outside_the_file_is_reported_all_the_same()
    {
        string message = await Outcome.FailsAsync(Test("outside"));

        Outcome.Says("openclaw.json(100,1): warning TST050", message);
        Assert.DoesNotContain("As markup", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_location_of_an_unknown_file_is_reported_all_the_same()
        => Outcome.Says("elsewhere.json(1,1): warning TST050", await Outcome.FailsAsync(Test("elsewhere")));

    private static SampleTest<BadLineAnalyzer> Test(string content)
        => new() { TestCode = "class C { }", TestState = { AdditionalFiles = { ("openclaw.json", content) } } };
}
