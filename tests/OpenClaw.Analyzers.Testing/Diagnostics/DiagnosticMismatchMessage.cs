using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Says how the reported diagnostics differ from the expected ones, and gives the reported ones for pasting.</summary>
internal static class DiagnosticMismatchMessage
{
    private const string Indent = "    ";

    public static string Write(
        DiagnosticMatch match, int expectedCount, ImmutableArray<ReportedDiagnostic> actual, string defaultPath)
    {
        var message = new StringBuilder();
        message.Append("The reported diagnostics are not the expected ones: ")
            .AppendLine(CultureInfo.InvariantCulture, $"{expectedCount} expected, {actual.Length} reported.");
        WriteMissing(message, match, defaultPath);
        WriteUnexpected(message, match);
        WriteDifferent(message, match);
        WriteAnalyzerExceptions(message, actual);
        WriteCode(message, actual, defaultPath);
        WriteMarkup(message, actual);
        return message.ToString();
    }

    private static void WriteMissing(StringBuilder message, DiagnosticMatch match, string defaultPath)
    {
        if (!match.Missing.IsEmpty)
        {
            message.AppendLine().AppendLine("Expected, but not reported:");
            foreach (DiagnosticResult missing in match.Missing)
            {
                message.Append(Indent).Append("// ").AppendLine(missing.ToString());
                message.Append(Indent).AppendLine(DiagnosticText.ToCode(missing, defaultPath));
            }
        }
    }

    private static void WriteUnexpected(StringBuilder message, DiagnosticMatch match)
    {
        if (!match.Unexpected.IsEmpty)
        {
            message.AppendLine().AppendLine("Reported, but not expected:");
            foreach (Diagnostic unexpected in match.Unexpected)
            {
                message.Append(Indent).AppendLine(unexpected.ToString());
            }
        }
    }

    private static void WriteDifferent(StringBuilder message, DiagnosticMatch match)
    {
        if (!match.Different.IsEmpty)
        {
            message.AppendLine().AppendLine("Reported differently:");
            foreach ((DiagnosticResult expected, Diagnostic actual) in match.Different)
            {
                message.Append(Indent).AppendLine(actual.ToString());
                foreach (string difference in DiagnosticComparison.Explain(expected, actual))
                {
                    message.Append(Indent).Append(Indent).AppendLine(difference);
                }
            }
        }
    }

    private static void WriteAnalyzerExceptions(StringBuilder message, ImmutableArray<ReportedDiagnostic> actual)
    {
        foreach (Diagnostic exception in actual.Select(item => item.Diagnostic).Where(item => item.Id == AnalyzerExceptions.Id))
        {
            message.AppendLine().AppendLine("The exception of the analyzer:");
            message.AppendLine(exception.Descriptor.Description.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteCode(StringBuilder message, ImmutableArray<ReportedDiagnostic> actual, string defaultPath)
    {
        if (!actual.IsEmpty)
        {
            message.AppendLine().AppendLine("All reported diagnostics, as code:");
            foreach (Diagnostic diagnostic in actual.Select(item => item.Diagnostic))
            {
                message.Append(Indent).Append("// ").AppendLine(diagnostic.ToString());
                message.Append(Indent).Append(DiagnosticText.ToCode(diagnostic, defaultPath)).AppendLine(",");
            }
        }
    }

    private static void WriteMarkup(StringBuilder message, ImmutableArray<ReportedDiagnostic> actual)
    {
        foreach (var file in actual.GroupBy(item => (item.Project, item.Diagnostic.Location.GetLineSpan().Path), item => item.Diagnostic))
        {
            if (MarkupText.TryWrite(file.Key.Project, [.. file]) is { } lines)
            {
                message.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"As markup, the lines of {file.Key.Path}:");
                foreach (string line in lines)
                {
                    message.Append(Indent).AppendLine(line);
                }
            }
        }
    }
}
