using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class AnalyzerExceptionTests
{
    [Fact]
    public async Task An_exception_of_an_analyzer_fails_the_test_with_its_text_and_place()
    {
        string message = await Outcome.FailsAsync(new SampleTest<ThrowingAnalyzer> { TestCode = "class C { void M() { } }" });

        Outcome.Says("AD0001", message);
        Outcome.Says("The exception of the analyzer:", message);
        Outcome.Says("System.NotSupportedException: A method is too much for me", message);
        Outcome.Says(nameof(ThrowingAnalyzer) + ".Throw", message);
    }

    [Fact]
    public async Task An_exception_also_fails_in_an_additional_project()
    {
        var test = new SampleTest<ThrowingAnalyzer> { TestCode = "class C { }" };
        test.TestState.AdditionalProjects["Other"].Sources.Add("class D { void M() { } }");

        Outcome.Says("A method is too much for me", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task An_exception_can_be_expected()
    {
        var test = new SampleTest<ThrowingAnalyzer> { TestCode = "class C { void M() { } }" };
        test.ExpectedDiagnostics.Add(new DiagnosticResult("AD0001", DiagnosticSeverity.Error));

        await Outcome.PassesAsync(test);
    }

    /// <summary>Does not survive a method.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class ThrowingAnalyzer : DiagnosticAnalyzer
    {
        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
            [new DiagnosticDescriptor("TST030", "Title", "Message", "Test", DiagnosticSeverity.Warning, true)];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxNodeAction(Throw, SyntaxKind.MethodDeclaration);
        }

        private static void Throw(SyntaxNodeAnalysisContext context) => throw new NotSupportedException("A method is too much for me");
    }
}
