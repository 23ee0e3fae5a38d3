using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Tests;

/// <summary>The four things that a rule's test says: reported, silent, fixed, not fixable.</summary>
internal static class Verify<TAnalyzer, TFix>
    where TAnalyzer : DiagnosticAnalyzer, new()
    where TFix : CodeFixProvider, new()
{
    /// <summary>The rule reports where the markup says, and nowhere else. Whether a fix is offered is not looked at.</summary>
    public static Task ReportedAsync(string source, bool isLibrary = false, LanguageVersion languageVersion = LanguageVersion.CSharp11, string? config = null)
        => new AnalyzerOnly(isLibrary, languageVersion, config) { TestCode = source }.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>The same where the level matters: at the markup's numbered places.</summary>
    public static Task ReportedAsync(string source, params DiagnosticResult[] expected)
    {
        var test = new AnalyzerOnly(isLibrary: false, LanguageVersion.CSharp11, config: null) { TestCode = source };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The rule has nothing to say.</summary>
    public static Task SilentAsync(string source, bool isLibrary = false, LanguageVersion languageVersion = LanguageVersion.CSharp11, string? config = null)
        => ReportedAsync(source, isLibrary, languageVersion, config);

    /// <summary>
    /// The fix turns the one into the other: one by one and by FixAll in document, project and solution. The result compiles, a second application
    /// changes nothing, and our rules have no more to say of it than of the source.
    /// </summary>
    /// <param name="source">The code with the diagnostic.</param>
    /// <param name="fixedSource">The code without.</param>
    /// <param name="languageVersion">The version of the language.</param>
    /// <param name="remaining">The fixed code with what other rules have to say of it that they did not say of the source.</param>
    public static async Task FixedAsync(string source, string fixedSource, LanguageVersion languageVersion = LanguageVersion.CSharp11, string? remaining = null)
    {
        var test = new RuleTest<TAnalyzer, TFix>(languageVersion) { TestCode = source };
        test.Expect(fixedSource);
        await test.RunAsync(TestContext.Current.CancellationToken);

        // Other rules may go on to say what they said of the source; what the fix adds to it, a test has to name.
        string tested = remaining ?? fixedSource;
        TestFileMarkupParser.GetSpans(source, out string plain, out ImmutableDictionary<string, ImmutableArray<TextSpan>> _);
        var before = new RuleTest<TAnalyzer, TFix>(languageVersion) { TestCode = plain, AllRules = true, ListensOnly = true };
        await before.RunAsync(TestContext.Current.CancellationToken);
        var after = new RuleTest<TAnalyzer, TFix>(languageVersion)
        {
            TestCode = tested,
            AllRules = true,
            Before = before.Heard.Where(heard => !tested.Contains(heard.Key, StringComparison.Ordinal) && !new TFix().FixableDiagnosticIds.Contains(heard.Key)).ToDictionary(),
        };
        await after.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The rule reports, and no fix is offered. Naming the unchanged source as the fixed one is what makes the verifier look for fixes at all.</summary>
    public static Task NotFixableAsync(string source, LanguageVersion languageVersion = LanguageVersion.CSharp11)
    {
        var test = new RuleTest<TAnalyzer, TFix>(languageVersion) { TestCode = source };
        test.Expect(source);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Several documents: the fix in all of them at once gives what the fixes one by one give.</summary>
    public static Task FixedInAllAsync(IReadOnlyList<string> sources, IReadOnlyList<string> fixedSources)
    {
        var test = new RuleTest<TAnalyzer, TFix>();
        foreach (string source in sources)
        {
            test.TestState.Sources.Add(source);
        }

        test.Expect([.. fixedSources]);
        return test.RunAsync(TestContext.Current.CancellationToken);
    }

    private sealed class AnalyzerOnly : Microsoft.CodeAnalysis.CSharp.Testing.CSharpAnalyzerTest<TAnalyzer, DefaultVerifier>
    {
        private readonly LanguageVersion _languageVersion;

        public AnalyzerOnly(bool isLibrary, LanguageVersion languageVersion, string? config)
        {
            _languageVersion = languageVersion;
            var template = new RuleTest<TAnalyzer, TFix>(languageVersion);
            ReferenceAssemblies = ReferenceAssemblies.Net.Net100;
            TestState.OutputKind = isLibrary ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication;
            TestState.AdditionalReferences.AddRange(Libraries.All);
            foreach ((string name, SourceText content) in template.TestState.Sources)
            {
                TestState.Sources.Add((name, content));
            }

            if (config is not null)
            {
                TestState.AnalyzerConfigFiles.Add(("/.editorconfig", "root = true\n[*.cs]\n" + config));
            }
        }

        protected override Project ApplyCompilationOptions(Project project)
        {
            DisabledDiagnostics.AddRange(RulesUnderTest.Others(GetDiagnosticAnalyzers(), new TFix(), TestState.Sources));
            return base.ApplyCompilationOptions(project);
        }

        protected override ParseOptions CreateParseOptions()
            => ((CSharpParseOptions)base.CreateParseOptions()).WithLanguageVersion(_languageVersion);
    }
}
