using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class DiagnosticComparisonTests
{
    private const string Source =
        """
        class C
        {
            void BadM() { }
            void Fine() { }
        }
        """;

    private static DiagnosticResult Expected
        => new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithSpan(3, 10, 3, 14).WithArguments("BadM");

    [Fact]
    public Task What_is_expected_passes() => Outcome.PassesAsync(Test(Expected));

    [Fact]
    public Task A_start_is_enough() => Outcome.PassesAsync(Test(Expected.WithNoLocation().WithLocation(3, 10)));

    [Fact]
    public Task Arguments_are_enough()
        => Outcome.PassesAsync(
            Test(new DiagnosticResult("TST001", DiagnosticSeverity.Warning).WithSpan(3, 10, 3, 14).WithArguments("BadM")));

    [Fact]
    public Task An_ignored_severity_is_not_compared()
        => Outcome.PassesAsync(Test(Expected.WithSeverity(DiagnosticSeverity.Error).WithOptions(DiagnosticOptions.IgnoreSeverity)));

    [Fact]
    public async Task A_missing_diagnostic_fails_and_is_named()
    {
        string message = await Outcome.FailsAsync(Test(Expected, Expected.WithNoLocation().WithSpan(4, 10, 4, 14)));

        Outcome.Says("2 expected, 1 reported", message);
        Outcome.Says(
            """
            Expected, but not reported:
                // /0/Test0.cs(4,10,4,14): warning TST001: The method 'BadM' is bad
                new DiagnosticResult("TST001", DiagnosticSeverity.Warning).WithSpan(4, 10, 4, 14).WithArguments("BadM")
            """,
            message);
    }

    [Fact]
    public async Task An_unexpected_diagnostic_fails_and_can_be_pasted_as_code_and_as_markup()
    {
        string message = await Outcome.FailsAsync(Test());

        Assert.Equal(
            """
            The reported diagnostics are not the expected ones: 0 expected, 1 reported.

            Reported, but not expected:
                /0/Test0.cs(3,10): warning TST001: The method 'BadM' is bad

            All reported diagnostics, as code:
                // /0/Test0.cs(3,10): warning TST001: The method 'BadM' is bad
                new DiagnosticResult("TST001", DiagnosticSeverity.Warning).WithSpan(3, 10, 3, 14).WithArguments("BadM"),

            As markup, the lines of /0/Test0.cs:
                    void {|TST001:BadM|}() { }

            """.ReplaceLineEndings(),
            message);
    }

    [Fact]
    public async Task Of_the_same_diagnostics_one_too_many_fails()
        => Outcome.Says("2 expected, 1 reported", await Outcome.FailsAsync(Test(Expected, Expected)));

    [Theory]
    [InlineData(3, 10, 3, 13)]
    [InlineData(3, 9, 3, 14)]
    [InlineData(4, 10, 4, 14)]
    public async Task A_wrong_span_fails(int startLine, int startColumn, int endLine, int endColumn)
    {
        string message = await Outcome.FailsAsync(Test(Expected.WithNoLocation().WithSpan(startLine, startColumn, endLine, endColumn)));

        Outcome.Says(
            $"location: expected /0/Test0.cs({startLine},{startColumn},{endLine},{endColumn}), reported /0/Test0.cs(3,10,3,14)", message);
    }

    [Fact]
    public async Task A_wrong_start_fails_also_without_an_end()
        => Outcome.Says(
            "location: expected /0/Test0.cs(3,9), reported /0/Test0.cs(3,10,3,14)",
            await Outcome.FailsAsync(Test(Expected.WithNoLocation().WithLocation(3, 9))));

    [Fact]
    public async Task A_wrong_file_fails()
        => Outcome.Says(
            "location: expected other.cs(3,10,3,14), reported /0/Test0.cs(3,10,3,14)",
            await Outcome.FailsAsync(Test(Expected.WithNoLocation().WithSpan("other.cs", 3, 10, 3, 14))));

    [Fact]
    public async Task A_location_that_is_not_expected_fails()
        => Outcome.Says(
            "location: expected no location, reported /0/Test0.cs(3,10,3,14)", await Outcome.FailsAsync(Test(Expected.WithNoLocation())));

    [Fact]
    public async Task A_wrong_id_at_the_right_place_fails()
        => Outcome.Says(
            "id: expected TST002, reported TST001",
            await Outcome.FailsAsync(Test(new DiagnosticResult("TST002", DiagnosticSeverity.Warning).WithSpan(3, 10, 3, 14))));

    [Fact]
    public async Task A_wrong_severity_fails()
        => Outcome.Says(
            "severity: expected error, reported warning", await Outcome.FailsAsync(Test(Expected.WithSeverity(DiagnosticSeverity.Error))));

    [Fact]
    public async Task A_wrong_message_fails()
        => Outcome.Says(
            "message: expected \"other\", reported \"The method 'BadM' is bad\"",
            await Outcome.FailsAsync(Test(Expected.WithMessage("other"))));

    [Fact]
    public async Task Wrong_arguments_fail_with_and_without_a_message()
    {
        Outcome.Says(
            "message: expected \"The method 'BadX' is bad\", reported", await Outcome.FailsAsync(Test(Expected.WithArguments("BadX"))));
        Outcome.Says(
            "arguments: expected [\"BadX\"], reported [\"BadM\"]",
            await Outcome.FailsAsync(Test(Expected.WithMessage(null).WithArguments("BadX"))));
    }

    [Fact]
    public async Task Markup_compares_id_and_span()
    {
        await Outcome.PassesAsync(Marked("class C { void [|BadM|]() { } }"));
        await Outcome.PassesAsync(Marked("class C { void {|TST001:BadM|}() { } }"));
        await Outcome.PassesAsync(Marked("class C { void $$BadM() { } }"));
        Outcome.Says("location:", await Outcome.FailsAsync(Marked("class C { void [|Bad|]M() { } }")));
        Outcome.Says("location:", await Outcome.FailsAsync(Marked("class C { void B$$adM() { } }")));
        Outcome.Says("Expected, but not reported:", await Outcome.FailsAsync(Marked("class C { void [|Fine|]() { } }")));
        Outcome.Says("Reported, but not expected:", await Outcome.FailsAsync(Marked("class C { void BadM() { } }")));
    }

    [Fact]
    public async Task A_numbered_span_is_the_location_of_an_expectation()
    {
        SampleTest<BadMethodAnalyzer> test = Marked("class C { void {|#0:BadM|}() { } void {|#1:Fine|}() { } }");
        test.ExpectedDiagnostics.Add(new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithLocation(0).WithArguments("BadM"));
        await Outcome.PassesAsync(test);

        test = Marked("class C { void {|#0:BadM|}() { } void {|#1:Fine|}() { } }");
        test.ExpectedDiagnostics.Add(new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithLocation(1).WithArguments("BadM"));
        Outcome.Says("location:", await Outcome.FailsAsync(test));

        test.ExpectedDiagnostics.Add(new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithLocation(2));
        Outcome.Says("'#2'", await Outcome.FailsAsync(test));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_vague_expectation_leaves_the_diagnostic_that_an_exact_one_needs(bool exactFirst)
    {
        DiagnosticResult vague = new DiagnosticResult("TST013", DiagnosticSeverity.Warning).WithLocation(1, 16);
        DiagnosticResult shorter = new DiagnosticResult("TST013", DiagnosticSeverity.Warning).WithSpan(1, 16, 1, 17);
        DiagnosticResult longer = new DiagnosticResult("TST013", DiagnosticSeverity.Warning).WithSpan(1, 16, 1, 19);

        foreach (DiagnosticResult exact in new[] { shorter, longer })
        {
            var test = new SampleTest<SameStartAnalyzer> { TestCode = "class C { void M() { } }" };
            test.ExpectedDiagnostics.AddRange(exactFirst ? [exact, vague] : [vague, exact]);
            await Outcome.PassesAsync(test);
        }
    }

    [Fact]
    public async Task Two_expectations_do_not_share_a_diagnostic()
    {
        SampleTest<BadMethodAnalyzer> test = Marked("class C { void [|BadA|]() { } void BadB() { } }");
        test.ExpectedDiagnostics.Add(new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithMessage(null).WithLocation(1, 16));

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("2 expected, 2 reported", message);
        Outcome.Says("location:", message);
    }

    [Fact]
    public async Task Nested_diagnostics_are_written_as_nested_markup()
    {
        Outcome.Says(
            "    void {|TST010:{|TST011:M|}{|TST014:(){|TST012:|}|}|} { }",
            await Outcome.FailsAsync(new SampleTest<NestedSpansAnalyzer> { TestCode = "class C\n{\n    void M() { }\n}" }));
    }

    [Fact]
    public async Task A_further_check_sees_each_pair()
    {
        List<(string, string)> seen = [];
        SampleTest<BadMethodAnalyzer> test = Test(Expected);
        test.DiagnosticVerifier = (actual, expected, _) => seen.Add((actual.Id, expected.Id));
        await Outcome.PassesAsync(test);
        Assert.NotEmpty(seen);
        Assert.All(seen, pair => Assert.Equal((BadMethodAnalyzer.Id, BadMethodAnalyzer.Id), pair));

        test = Test(Expected);
        test.DiagnosticVerifier = (_, _, verifier) => verifier.Fail("not what I want");
        Assert.Equal("not what I want", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task A_test_without_sources_fails()
        => Outcome.Says("TestState.Sources", await Outcome.FailsAsync(new SampleTest<BadMethodAnalyzer>()));

    private static SampleTest<BadMethodAnalyzer> Test(params DiagnosticResult[] expected)
    {
        SampleTest<BadMethodAnalyzer> test = Marked(Source);
        test.ExpectedDiagnostics.AddRange(expected);
        return test;
    }

    private static SampleTest<BadMethodAnalyzer> Marked(string source) => new() { TestCode = source };
}
