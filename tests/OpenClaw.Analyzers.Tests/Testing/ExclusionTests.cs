using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class ExclusionTests
{
    [Fact]
    public async Task An_analyzer_that_leaves_generated_code_to_the_default_must_not_report_there()
    {
        var test = new SampleTest<UnconfiguredAnalyzer> { TestCode = "class C { void [|M|]() { } }" };

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("[The same sources as generated code]", message);
        Outcome.Says("/0/Test0.cs(2,16): warning TST040", message);

        test.TestBehaviors = TestBehaviors.SkipGeneratedCodeCheck;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public Task An_analyzer_that_chooses_generated_code_may_report_there()
        => Outcome.PassesAsync(new SampleTest<GeneratedCodeAnalyzer> { TestCode = "class C { void [|M|]() { } }" });

    [Fact]
    public async Task What_a_pragma_cannot_silence_fails()
    {
        // A diagnostic before the pragma.
        var test = new SampleTest<FirstPositionAnalyzer> { TestCode = "$$class C { }" };

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("[The same sources under #pragma warning disable TST042]", message);

        test.TestBehaviors = TestBehaviors.SkipSuppressionCheck;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public Task What_is_not_configurable_need_not_be_silenced()
        => Outcome.PassesAsync(new SampleTest<NotConfigurableAnalyzer> { TestCode = "class C { void [|M|]() { } }" });

    [Fact]
    public Task Errors_of_the_compiler_need_not_be_silenced()
        => Outcome.PassesAsync(new SampleTest<BadMethodAnalyzer> { TestCode = "class C { void [|BadM|]() { {|CS0103:missing|}(); } }" });

    [Fact]
    public Task What_is_off_by_default_is_on_in_a_test()
        => Outcome.PassesAsync(new SampleTest<OffByDefaultAnalyzer> { TestCode = "class C { void [|M|]() { } }" });

    [Fact]
    public async Task A_suppressed_diagnostic_is_not_reported()
        => await Outcome.PassesAsync(
            new SampleTest<BadMethodAnalyzer> { TestCode = "#pragma warning disable TST001\nclass C { void BadM() { } }" });

    /// <summary>Reports every method; says nothing about generated code if it has no flags.</summary>
    private abstract class MethodAnalyzer(string id, GeneratedCodeAnalysisFlags? flags, bool isOn = true, params string[] tags)
        : DiagnosticAnalyzer
    {
        private readonly DiagnosticDescriptor _descriptor =
            new(id, "Title", "Message", "Test", DiagnosticSeverity.Warning, isOn, customTags: tags);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [_descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            if (flags is { } stated)
            {
                context.ConfigureGeneratedCodeAnalysis(stated);
            }

            context.RegisterSyntaxNodeAction(node => Report(node, (MethodDeclarationSyntax)node.Node), SyntaxKind.MethodDeclaration);
        }

        private void Report(SyntaxNodeAnalysisContext context, MethodDeclarationSyntax method)
            => context.ReportDiagnostic(Diagnostic.Create(_descriptor, method.Identifier.GetLocation()));
    }

    /// <summary>Says nothing about generated code.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class UnconfiguredAnalyzer() : MethodAnalyzer("TST040", null);

    /// <summary>Wants generated code.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class GeneratedCodeAnalyzer()
        : MethodAnalyzer("TST041", GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);

    /// <summary>Cannot be silenced.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class NotConfigurableAnalyzer()
        : MethodAnalyzer("TST043", GeneratedCodeAnalysisFlags.None, tags: WellKnownDiagnosticTags.NotConfigurable);

    /// <summary>Is off unless a user switches it on.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class OffByDefaultAnalyzer() : MethodAnalyzer("TST044", GeneratedCodeAnalysisFlags.None, isOn: false);

    /// <summary>Reports the first position of each file.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class FirstPositionAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Descriptor =
            new("TST042", "Title", "Message", "Test", DiagnosticSeverity.Warning, true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxTreeAction(
                tree => tree.ReportDiagnostic(Diagnostic.Create(Descriptor, Location.Create(tree.Tree, new TextSpan(0, 0)))));
        }
    }
}
