using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using OpenClaw.Analyzers.Tests.Testing.Samples;

namespace OpenClaw.Analyzers.Tests.Testing;

public class AnalyzerConfigTests
{
    [Fact]
    public Task Values_of_an_editorconfig_reach_the_analyzer_for_the_files_it_names()
        => Outcome.PassesAsync(new SampleTest<ConfiguredAnalyzer>
        {
            TestState =
            {
                Sources = { ("/0/a.cs", "{|#0:|}class A { }"), ("/0/b.cs", "{|#1:|}class B { }"), ("/1/c.cs", "class C { }") },
                AnalyzerConfigFiles = { ("/0/.editorconfig", "root = true\n[*.cs]\ntst_value = all\n[a.cs]\ntst_value = special\n") },
                ExpectedDiagnostics = { Expected(0, "special"), Expected(1, "all") },
            },
        });

    [Fact]
    public Task Values_of_a_globalconfig_reach_the_analyzer()
        => Outcome.PassesAsync(new SampleTest<ConfiguredAnalyzer>
        {
            TestState =
            {
                Sources = { "{|#0:|}class A { }" },
                AnalyzerConfigFiles = { ("/.globalconfig", "is_global = true\ntst_value = global\n") },
                ExpectedDiagnostics = { Expected(0, "global") },
            },
        });

    [Fact]
    public async Task Without_the_file_there_is_no_value()
    {
        var test = new SampleTest<ConfiguredAnalyzer> { TestCode = "class A { }" };
        await Outcome.PassesAsync(test);

        test.ExpectedDiagnostics.Add(Expected(0, "global").WithNoLocation().WithLocation(1, 1));
        Outcome.Says("Expected, but not reported:", await Outcome.FailsAsync(test));
    }

    [Fact]
    public async Task A_severity_of_an_editorconfig_counts()
    {
        SampleTest<BadMethodAnalyzer> test = Severity("suggestion");
        test.ExpectedDiagnostics.Add(new DiagnosticResult(BadMethodAnalyzer.Descriptor)
            .WithSeverity(DiagnosticSeverity.Info).WithSpan(1, 16, 1, 20).WithArguments("BadM"));
        await Outcome.PassesAsync(test);

        await Outcome.PassesAsync(Severity("none"));
        Outcome.Says("info TST001", await Outcome.FailsAsync(Severity("suggestion")));
    }

    [Fact]
    public async Task Additional_projects_have_their_own_files()
    {
        var test = new SampleTest<ConfiguredAnalyzer> { TestCode = "class A { }" };
        test.TestState.AdditionalProjects["Other"].Sources.Add("{|#0:|}class B { }");
        test.TestState.AdditionalProjects["Other"].AnalyzerConfigFiles.Add(("/Other/.editorconfig", "[*.cs]\ntst_value = other\n"));
        test.ExpectedDiagnostics.Add(Expected(0, "other"));
        await Outcome.PassesAsync(test);
    }

    private static DiagnosticResult Expected(int location, string value)
        => new DiagnosticResult(ConfiguredAnalyzer.Descriptor).WithLocation(location).WithArguments(value);

    private static SampleTest<BadMethodAnalyzer> Severity(string severity) => new()
    {
        TestCode = "class C { void BadM() { } }",
        TestState = { AnalyzerConfigFiles = { ("/.editorconfig", $"[*.cs]\ndotnet_diagnostic.TST001.severity = {severity}\n") } },
    };

    /// <summary>Reports at the start of each file the value that is configured for it.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class ConfiguredAnalyzer : DiagnosticAnalyzer
    {
        public static readonly DiagnosticDescriptor Descriptor =
            new("TST060", "Title", "The value is '{0}'", "Test", DiagnosticSeverity.Warning, true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSyntaxTreeAction(Analyze);
        }

        private static void Analyze(SyntaxTreeAnalysisContext context)
        {
            AnalyzerConfigOptions options = context.Options.AnalyzerConfigOptionsProvider.GetOptions(context.Tree);
            if (options.TryGetValue("tst_value", out string? value))
            {
                // At the class, so that a pragma in the first line can silence it.
                int start = context.Tree.GetText(context.CancellationToken).ToString().IndexOf("class", StringComparison.Ordinal);
                context.ReportDiagnostic(Diagnostic.Create(Descriptor, Location.Create(context.Tree, new(start, 0)), value));
            }
        }
    }
}
