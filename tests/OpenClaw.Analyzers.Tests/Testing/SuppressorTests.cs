using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class SuppressorTests
{
    private static DiagnosticResult Expected
        => new DiagnosticResult(BadMethodAnalyzer.Descriptor).WithSpan(1, 16, 1, 20).WithArguments("BadM");

    [Fact]
    public async Task What_a_suppressor_suppresses_is_reported_as_suppressed()
    {
        await Outcome.PassesAsync(Test(Expected.WithIsSuppressed(true)));
        await Outcome.PassesAsync(Test(Expected));
        Outcome.Says(
            "suppression: expected not suppressed, reported suppressed",
            await Outcome.FailsAsync(Test(Expected.WithIsSuppressed(false))));
        Outcome.Says(".WithIsSuppressed(true)", await Outcome.FailsAsync(Test()));
    }

    [Fact]
    public async Task What_is_suppressed_anyway_is_not_looked_for_under_a_pragma()
    {
        SuppressorTest test = Test(Expected, DiagnosticResult.CompilerWarning("CS0168").WithSpan(1, 29, 1, 30).WithIsSuppressed(true));
        test.TestState.Sources[0] = ("/0/Test0.cs", SourceText.From("class C { void BadM() { int x; } }"));
        test.CompilerDiagnostics = CompilerDiagnostics.Warnings;
        await Outcome.PassesAsync(test);
    }

    private static SuppressorTest Test(params DiagnosticResult[] expected)
    {
        var test = new SuppressorTest { TestCode = "class C { void BadM() { } }" };
        test.ExpectedDiagnostics.AddRange(expected);
        return test;
    }

    /// <summary>Runs the suppressor with the analyzer whose diagnostics it suppresses.</summary>
    private sealed class SuppressorTest : SampleTest<BadMethodAnalyzer>
    {
        protected override IEnumerable<DiagnosticAnalyzer> GetDiagnosticAnalyzers() => [new BadMethodAnalyzer(), new Suppressor()];
    }

    /// <summary>Suppresses all bad methods and unused variables.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Suppressor : DiagnosticSuppressor
    {
        private static readonly SuppressionDescriptor BadMethod = new("TSTS001", BadMethodAnalyzer.Id, "Bad is good here");

        private static readonly SuppressionDescriptor UnusedVariable = new("TSTS002", "CS0168", "Unused is used here");

        public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => [BadMethod, UnusedVariable];

        public override void ReportSuppressions(SuppressionAnalysisContext context)
        {
            foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
            {
                context.ReportSuppression(Suppression.Create(diagnostic.Id == BadMethodAnalyzer.Id ? BadMethod : UnusedVariable, diagnostic));
            }
        }
    }
}
