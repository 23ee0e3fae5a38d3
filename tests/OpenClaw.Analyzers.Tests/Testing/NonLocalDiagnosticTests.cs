using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class NonLocalDiagnosticTests
{
    [Fact]
    public async Task A_fix_for_a_diagnostic_from_the_end_of_the_compilation_fails_unless_that_is_meant()
    {
        var test = new SampleFixTest<CompilationEndAnalyzer, BadMethodFix>
        {
            TestCode = "class C { void [|BadM|]() { } }",
            FixedCode = "class C { void GoodM() { } }",
        };

        string message = await Outcome.FailsAsync(test);
        Outcome.Says("a diagnostic that is not local", message);
        Outcome.Says("/0/Test0.cs(1,16): warning TST001", message);

        test.CodeFixTestBehaviors = CodeFixTestBehaviors.SkipLocalDiagnosticCheck;
        await Outcome.PassesAsync(test);
    }

    [Fact]
    public Task Without_a_fix_it_may_be_reported_anywhere()
        => Outcome.PassesAsync(new SampleTest<CompilationEndAnalyzer> { TestCode = "class C { void [|BadM|]() { } }" });

    /// <summary>Reports bad methods at the end of the compilation.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class CompilationEndAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Descriptor = new(
            BadMethodAnalyzer.Id,
            "Title",
            "Message",
            "Test",
            DiagnosticSeverity.Warning,
            isEnabledByDefault: true,
            customTags: [WellKnownDiagnosticTags.CompilationEnd]);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterCompilationAction(Analyze);
        }

        private static void Analyze(CompilationAnalysisContext context)
        {
            IEnumerable<SyntaxToken> names = context.Compilation.SyntaxTrees
                .SelectMany(tree => tree.GetRoot(context.CancellationToken).DescendantNodes())
                .OfType<MethodDeclarationSyntax>()
                .Select(method => method.Identifier);
            foreach (SyntaxToken name in names.Where(name => name.Text.StartsWith("Bad", StringComparison.Ordinal)))
            {
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, name.GetLocation()));
            }
        }
    }
}
