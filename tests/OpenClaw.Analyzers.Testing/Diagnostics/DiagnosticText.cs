using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Writes diagnostics and expectations, for readers and as code that a test can state.</summary>
internal static class DiagnosticText
{
    public static string Describe(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => "error",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Info => "info",
        _ => "hidden",
    };

    public static string Describe(DiagnosticLocation location)
        => Describe(location.Span, location.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength));

    public static string Describe(Location location) => location == Location.None ? "no location" : Describe(location.GetLineSpan(), false);

    /// <summary>The code that expects exactly this diagnostic.</summary>
    public static string ToCode(Diagnostic diagnostic, string defaultPath)
    {
        StringBuilder code = Constructor(diagnostic.Id, diagnostic.Severity);
        if (diagnostic.Location != Location.None)
        {
            AppendSpan(code, diagnostic.Location.GetLineSpan(), defaultPath, DiagnosticLocationOptions.None);
            ImmutableArray<int> unnecessary = UnnecessaryLocations.TryGet(diagnostic) ?? [];
            for (int i = 0; i < diagnostic.AdditionalLocations.Count; i++)
            {
                DiagnosticLocationOptions options =
                    unnecessary.Contains(i) ? DiagnosticLocationOptions.UnnecessaryCode : DiagnosticLocationOptions.None;
                AppendSpan(code, diagnostic.AdditionalLocations[i].GetLineSpan(), defaultPath, options);
            }
        }

        AppendArguments(code, RoslynInternals.Arguments(diagnostic));
        return diagnostic.IsSuppressed ? code.Append(".WithIsSuppressed(true)").ToString() : code.ToString();
    }

    /// <summary>The code of an expectation.</summary>
    public static string ToCode(DiagnosticResult expected, string defaultPath)
    {
        StringBuilder code = Constructor(expected.Id, expected.Severity);
        foreach (DiagnosticLocation location in expected.Spans)
        {
            AppendSpan(code, location.Span, defaultPath, location.Options);
        }

        AppendArguments(code, expected.MessageArguments ?? []);
        return code.ToString();
    }

    private static string Describe(FileLinePositionSpan span, bool startOnly)
    {
        string path = string.IsNullOrEmpty(span.Path) ? "?" : span.Path;
        string start = Describe(span.StartLinePosition);
        return startOnly ? $"{path}({start})" : $"{path}({start},{Describe(span.EndLinePosition)})";
    }

    private static string Describe(LinePosition position)
        => string.Create(CultureInfo.InvariantCulture, $"{position.Line + 1},{position.Character + 1}");

    private static StringBuilder Constructor(string id, DiagnosticSeverity severity) => new((IsCompilerId(id), severity) switch
    {
        (true, DiagnosticSeverity.Error) => $"{nameof(DiagnosticResult)}.{nameof(DiagnosticResult.CompilerError)}(\"{id}\")",
        (true, DiagnosticSeverity.Warning) => $"{nameof(DiagnosticResult)}.{nameof(DiagnosticResult.CompilerWarning)}(\"{id}\")",
        _ => $"new {nameof(DiagnosticResult)}(\"{id}\", {nameof(DiagnosticSeverity)}.{severity})",
    });

    /// <summary>Whether an id is one of the compiler's; what an analyzer reports has its own prefix.</summary>
    public static bool IsCompilerId(string id)
        => id.StartsWith("CS", StringComparison.Ordinal) || id.StartsWith("BC", StringComparison.Ordinal);

    private static void AppendSpan(StringBuilder code, FileLinePositionSpan span, string defaultPath, DiagnosticLocationOptions options)
    {
        string path = span.Path == defaultPath ? string.Empty : Literal(span.Path) + ", ";
        string start = Describe(span.StartLinePosition).Replace(",", ", ", StringComparison.Ordinal);
        string end = Describe(span.EndLinePosition).Replace(",", ", ", StringComparison.Ordinal);
        if (options.HasFlag(DiagnosticLocationOptions.UnnecessaryCode))
        {
            // Only this overload takes options; its positions count from 0.
            code.Append(".WithSpan(new FileLinePositionSpan(").Append(Literal(span.Path));
            foreach (LinePosition position in new[] { span.StartLinePosition, span.EndLinePosition })
            {
                code.Append(CultureInfo.InvariantCulture, $", new LinePosition({position.Line}, {position.Character})");
            }

            code.Append("), DiagnosticLocationOptions.UnnecessaryCode)");
        }
        else if (options.HasFlag(DiagnosticLocationOptions.IgnoreLength))
        {
            code.Append(CultureInfo.InvariantCulture, $".WithLocation({path}{start})");
        }
        else
        {
            code.Append(CultureInfo.InvariantCulture, $".WithSpan({path}{start}, {end})");
        }
    }

    private static void AppendArguments(StringBuilder code, IReadOnlyList<object?> arguments)
    {
        if (arguments.Count > 0)
        {
            IEnumerable<string> literals = arguments.Select(argument => Literal(argument?.ToString() ?? string.Empty));
            code.Append(".WithArguments(").AppendJoin(", ", literals).Append(')');
        }
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
