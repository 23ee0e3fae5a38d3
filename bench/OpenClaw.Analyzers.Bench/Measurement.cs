using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Bench;

/// <summary>What something has cost this process. CPU time and allocation, because both are the same beside busy neighbours.</summary>
internal readonly record struct Cost(double Milliseconds, double Megabytes)
{
    public static Cost operator -(Cost left, Cost right) => new(left.Milliseconds - right.Milliseconds, left.Megabytes - right.Megabytes);
}

internal static class Measurement
{
    /// <summary>A build: the compiler's diagnostics and, where there are analyzers, theirs.</summary>
    public static Cost Build(Corpus corpus, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        CSharpCompilation compilation = corpus.Compile();
        return Measure(() =>
        {
            if (analyzers.IsEmpty)
            {
                GC.KeepAlive(compilation.GetDiagnostics());
            }
            else
            {
                GC.KeepAlive(new CompilationWithAnalyzers(compilation, analyzers, Options).GetAllDiagnosticsAsync().GetAwaiter().GetResult());
            }
        });
    }

    /// <summary>A keystroke in each of the files, one after another, and what the rules say of the file then.</summary>
    public static IReadOnlyList<double> Edits(Corpus corpus, ImmutableArray<DiagnosticAnalyzer> analyzers, int count)
    {
        CSharpCompilation compilation = corpus.Compile();
        GC.KeepAlive(new CompilationWithAnalyzers(compilation, analyzers, Options).GetAllDiagnosticsAsync().GetAwaiter().GetResult());
        List<double> costs = [];
        foreach (string path in corpus.Longest(count))
        {
            SyntaxTree before = compilation.SyntaxTrees.First(tree => tree.FilePath == path);
            SyntaxTree after = before.WithChangedText(before.GetText().WithChanges(new TextChange(new TextSpan(before.Length, 0), "\n// a keystroke")));
            compilation = compilation.ReplaceSyntaxTree(before, after);
            var analysis = new CompilationWithAnalyzers(compilation, analyzers, Options);
            SemanticModel semantics = analysis.Compilation.GetSemanticModel(after);
            costs.Add(Measure(() => GC.KeepAlive(analysis.GetAnalyzerSemanticDiagnosticsAsync(semantics, filterSpan: null, CancellationToken.None).GetAwaiter().GetResult())).Milliseconds);
        }

        return costs;
    }

    private static CompilationWithAnalyzersOptions Options { get; } = new(
        new AnalyzerOptions([]),
        onAnalyzerException: (exception, analyzer, _) => Console.Error.WriteLine($"{analyzer}: {exception}"),
        concurrentAnalysis: true,
        logAnalyzerExecutionTime: false);

    private static Cost Measure(Action action)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        action();
        process.Refresh();
        return new Cost((process.TotalProcessorTime - before).TotalMilliseconds, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1e6);
    }
}
