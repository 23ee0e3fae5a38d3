using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class CompilerDiagnosticsTests
{
    [Fact]
    public async Task Code_that_does_not_compile_fails()
    {
        string message = await Outcome.FailsAsync(Test("class C { Missing f; }"));

        Outcome.Says("error CS0246", message);
        Outcome.Says("DiagnosticResult.CompilerError(\"CS0246\").WithSpan(1, 11, 1, 18).WithArguments(\"Missing\"),", message);
        Outcome.Says("class C { {|CS0246:Missing|} f; }", message);
    }

    [Fact]
    public Task An_expected_error_passes() => Outcome.PassesAsync(Test("class C { {|CS0246:Missing|} f; }"));

    [Fact]
    public async Task An_expected_error_that_does_not_occur_fails()
        => Outcome.Says("Expected, but not reported:", await Outcome.FailsAsync(Test("class C { {|CS0246:int|} f; }")));

    [Theory]
    [InlineData(CompilerDiagnostics.None, "Missing f;")]
    [InlineData(CompilerDiagnostics.Errors, "int f = 0;")]
    [InlineData(CompilerDiagnostics.Errors, "{|CS0246:Missing|} f;")]
    [InlineData(CompilerDiagnostics.Warnings, "int {|CS0414:f|} = 0;")]
    [InlineData(CompilerDiagnostics.Suggestions, "int {|CS0414:f|} = 0;")]
    [InlineData(CompilerDiagnostics.All, "int {|CS0414:f|} = 0;")]
    public Task The_level_says_what_must_be_expected(CompilerDiagnostics level, string member)
        => Outcome.PassesAsync(Test("class C { " + member + " }", level));

    [Theory]
    [InlineData(CompilerDiagnostics.Errors, "int {|CS0414:f|} = 0;")]
    [InlineData(CompilerDiagnostics.Warnings, "int f = 0;")]
    [InlineData(CompilerDiagnostics.Suggestions, "int f = 0;")]
    [InlineData(CompilerDiagnostics.None, "{|CS0246:Missing|} f;")]
    public Task What_the_level_does_not_name_must_not_be_expected(CompilerDiagnostics level, string member)
        => Outcome.FailsAsync(Test("class C { " + member + " }", level));

    [Fact]
    public async Task Hidden_diagnostics_count_only_with_all()
    {
        await Outcome.PassesAsync(Test("using System; class C { }", CompilerDiagnostics.Suggestions));
        Outcome.Says("CS8019", await Outcome.FailsAsync(Test("using System; class C { }", CompilerDiagnostics.All)));
    }

    [Fact]
    public async Task Disabled_diagnostics_are_not_reported()
    {
        SampleTest<BadMethodAnalyzer> test = Test("class C { void BadM() { } }");
        test.DisabledDiagnostics.Add(BadMethodAnalyzer.Id);
        await Outcome.PassesAsync(test);
    }

    private static SampleTest<BadMethodAnalyzer> Test(string source, CompilerDiagnostics level = CompilerDiagnostics.Errors)
        => new() { TestCode = source, CompilerDiagnostics = level };
}
