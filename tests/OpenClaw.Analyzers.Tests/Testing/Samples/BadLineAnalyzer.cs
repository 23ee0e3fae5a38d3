using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Tests.Testing.Samples;

/// <summary>
/// Reports the word <c>bad</c> in additional files. In a file <c>outside</c> or <c>elsewhere</c> it reports a place that is not there.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BadLineAnalyzer : DiagnosticAnalyzer
{
    public const string Id = "TST050";

    public static readonly DiagnosticDescriptor Descriptor =
        new(Id, "Bad line", "The file '{0}' has a bad line", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterAdditionalFileAction(Analyze);
    }

    private static void Analyze(AdditionalFileAnalysisContext context)
    {
        string path = context.AdditionalFile.Path;
        SourceText text = context.AdditionalFile.GetText(context.CancellationToken)!;
        string content = text.ToString();
        for (int start = 0; (start = content.IndexOf("bad", start, StringComparison.Ordinal)) >= 0; start += 3)
        {
            var span = new TextSpan(start, 3);
            Report(context, path, span, text.Lines.GetLinePositionSpan(span));
        }

        if (content == "outside")
        {
            Report(context, path, default, new LinePositionSpan(new LinePosition(99, 0), new LinePosition(99, 1)));
        }
        else if (content == "elsewhere")
        {
            Report(context, "elsewhere.json", default, default);
        }
    }

    private static void Report(AdditionalFileAnalysisContext context, string path, TextSpan span, LinePositionSpan lines)
        => context.ReportDiagnostic(Diagnostic.Create(Descriptor, Location.Create(path, span, lines), path));
}
