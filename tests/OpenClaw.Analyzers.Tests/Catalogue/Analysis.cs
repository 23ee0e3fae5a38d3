using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>All analyzers of the package at once on a compilation, as in a build or an editor. None of them may throw.</summary>
internal static class Analysis
{
    public static CSharpParseOptions Language { get; } = new(LanguageVersion.Preview);

    /// <summary>A program of these sources that refers to the client libraries.</summary>
    public static Task<CSharpCompilation> CompilationAsync(params string[] sources)
        => CompilationAsync([.. sources.Select((source, index) => Parse(source, $"File{index}.cs"))], Libraries.All);

    public static async Task<CSharpCompilation> CompilationAsync(IEnumerable<SyntaxTree> trees, IEnumerable<MetadataReference> libraries)
        => CSharpCompilation.Create(
            "Analysed",
            trees,
            [.. await ReferenceAssemblies.Net.Net100.ResolveAsync(LanguageNames.CSharp, TestContext.Current.CancellationToken), .. libraries],
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));

    public static SyntaxTree Parse(string source, string path = "File.cs")
        => CSharpSyntaxTree.ParseText(source, Language, path, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>What the rules report, those that are off by default as well, except where <paramref name="severities"/> say otherwise.</summary>
    public static Task<ImmutableArray<Diagnostic>> RunAsync(CSharpCompilation compilation, params (string Id, ReportDiagnostic Severity)[] severities)
        => Of(compilation, severities).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    public static CompilationWithAnalyzers Of(CSharpCompilation compilation, params (string Id, ReportDiagnostic Severity)[] severities)
    {
        ImmutableDictionary<string, ReportDiagnostic> levels = Rules.All.ToImmutableDictionary(rule => rule.Id, _ => ReportDiagnostic.Warn)
            .SetItems(severities.Select(severity => KeyValuePair.Create(severity.Id, severity.Severity)));
        return new CompilationWithAnalyzers(
            compilation.WithOptions(compilation.Options.WithSpecificDiagnosticOptions(levels)),
            [.. Rules.Analyzers],
            new CompilationWithAnalyzersOptions(
                new AnalyzerOptions([]),
                onAnalyzerException: (exception, analyzer, _) => Assert.Fail($"{analyzer}: {exception}\n{string.Join("\n// next file\n", compilation.SyntaxTrees)}"),
                concurrentAnalysis: false,
                logAnalyzerExecutionTime: false));
    }
}
