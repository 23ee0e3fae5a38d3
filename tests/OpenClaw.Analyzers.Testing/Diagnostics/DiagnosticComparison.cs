using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Compares one expectation with one reported diagnostic, aspect by aspect.</summary>
internal static class DiagnosticComparison
{
    /// <summary>The larger the weight, the less two diagnostics that differ there look like the same one.</summary>
    private static readonly ImmutableArray<Aspect> Aspects =
    [
        new(16, HasSameId, (expected, actual) => $"id: expected {expected.Id}, reported {actual.Id}"),
        new(8, IsInSameFile, ExplainLocation),
        new(4, HasSameStart, ExplainLocation),
        new(2, HasSameEnd, ExplainLocation),
        new(1, HasSameAdditionalLocations, ExplainAdditionalLocations),
        new(1, HasSameUnnecessaryLocations, ExplainUnnecessaryLocations),
        new(1, HasSameSeverity, (expected, actual) =>
            $"severity: expected {DiagnosticText.Describe(expected.Severity)}, reported {DiagnosticText.Describe(actual.Severity)}"),
        new(1, HasSameMessage, (expected, actual) => $"message: expected \"{expected.Message}\", reported \"{Message(actual)}\""),
        new(1, HasSameArguments, (expected, actual) =>
            $"arguments: expected [{Join(expected.MessageArguments!)}], reported [{Join(RoslynInternals.Arguments(actual))}]"),
        new(1, HasSameSuppression, (expected, actual) =>
            $"suppression: expected {Suppression(expected.IsSuppressed == true)}, reported {Suppression(actual.IsSuppressed)}"),
    ];

    /// <summary>0 when the diagnostic is what was expected; the larger, the less alike they are.</summary>
    public static int Distance(DiagnosticResult expected, Diagnostic actual)
    {
        int distance = 0;
        foreach (Aspect aspect in Aspects)
        {
            distance += aspect.Agrees(expected, actual) ? 0 : aspect.Weight;
        }

        return distance;
    }

    /// <summary>Whether a reader would take the two for the same diagnostic.</summary>
    public static bool AreAlike(DiagnosticResult expected, Diagnostic actual)
        => HasSameId(expected, actual) || (expected.HasLocation && IsInSameFile(expected, actual) && HasSameStart(expected, actual));

    /// <summary>A sentence for each aspect in which they differ.</summary>
    public static IEnumerable<string> Explain(DiagnosticResult expected, Diagnostic actual)
        => Aspects.Where(aspect => !aspect.Agrees(expected, actual)).Select(aspect => aspect.Explain(expected, actual)).Distinct();

    private static bool HasSameId(DiagnosticResult expected, Diagnostic actual) => expected.Id == actual.Id;

    private static bool IsInSameFile(DiagnosticResult expected, Diagnostic actual)
        => expected.HasLocation
            ? actual.Location != Location.None && actual.Location.GetLineSpan().Path == expected.Spans[0].Span.Path
            : actual.Location == Location.None;

    private static bool HasSameStart(DiagnosticResult expected, Diagnostic actual)
        => !expected.HasLocation || StartsAt(expected.Spans[0], actual.Location);

    private static bool HasSameEnd(DiagnosticResult expected, Diagnostic actual)
        => !expected.HasLocation || EndsAt(expected.Spans[0], actual.Location);

    private static bool HasSameAdditionalLocations(DiagnosticResult expected, Diagnostic actual)
        => !ComparesAdditionalLocations(expected)
            || (actual.AdditionalLocations.Count == expected.Spans.Length - 1
                && expected.Spans.Skip(1).Zip(actual.AdditionalLocations).All(pair => IsAt(pair.First, pair.Second)));

    private static bool HasSameUnnecessaryLocations(DiagnosticResult expected, Diagnostic actual)
        => !ComparesAdditionalLocations(expected)
            || (UnnecessaryLocations.TryGet(actual) is { } indices && ExpectedUnnecessary(expected).SequenceEqual(indices.Order()));

    private static bool HasSameSeverity(DiagnosticResult expected, Diagnostic actual)
        => expected.Options.HasFlag(DiagnosticOptions.IgnoreSeverity) || expected.Severity == actual.Severity;

    private static bool HasSameMessage(DiagnosticResult expected, Diagnostic actual)
        => expected.Message is not { } message || message == Message(actual);

    private static bool HasSameArguments(DiagnosticResult expected, Diagnostic actual)
        => expected.Message is not null
            || expected.MessageArguments is not { Length: > 0 } arguments
            || arguments.Select(Text).SequenceEqual(RoslynInternals.Arguments(actual).Select(Text), StringComparer.Ordinal);

    private static bool HasSameSuppression(DiagnosticResult expected, Diagnostic actual)
        => expected.IsSuppressed is not { } suppressed || suppressed == actual.IsSuppressed;

    private static bool ComparesAdditionalLocations(DiagnosticResult expected)
        => expected.HasLocation && !expected.Options.HasFlag(DiagnosticOptions.IgnoreAdditionalLocations);

    private static bool IsAt(DiagnosticLocation expected, Location actual)
        => actual.GetLineSpan().Path == expected.Span.Path && StartsAt(expected, actual) && EndsAt(expected, actual);

    private static bool StartsAt(DiagnosticLocation expected, Location actual)
        => actual.GetLineSpan().StartLinePosition == expected.Span.StartLinePosition;

    private static bool EndsAt(DiagnosticLocation expected, Location actual)
        => expected.Options.HasFlag(DiagnosticLocationOptions.IgnoreLength)
            || actual.GetLineSpan().EndLinePosition == expected.Span.EndLinePosition;

    private static IEnumerable<int> ExpectedUnnecessary(DiagnosticResult expected)
        => Enumerable.Range(0, expected.Spans.Length - 1)
            .Where(index => expected.Spans[index + 1].Options.HasFlag(DiagnosticLocationOptions.UnnecessaryCode));

    private static string ExplainLocation(DiagnosticResult expected, Diagnostic actual)
        => $"location: expected {(expected.HasLocation ? DiagnosticText.Describe(expected.Spans[0]) : "no location")}, "
            + $"reported {DiagnosticText.Describe(actual.Location)}";

    private static string ExplainAdditionalLocations(DiagnosticResult expected, Diagnostic actual)
        => $"additional locations: expected [{string.Join("; ", expected.Spans.Skip(1).Select(DiagnosticText.Describe))}], "
            + $"reported [{string.Join("; ", actual.AdditionalLocations.Select(DiagnosticText.Describe))}]";

    private static string ExplainUnnecessaryLocations(DiagnosticResult expected, Diagnostic actual)
        => UnnecessaryLocations.TryGet(actual) is { } indices
            ? $"unnecessary additional locations: expected [{string.Join(", ", ExpectedUnnecessary(expected))}], "
                + $"reported [{string.Join(", ", indices)}]"
            : $"unnecessary additional locations: the property {WellKnownDiagnosticTags.Unnecessary} must be a JSON array "
                + "of their indices, and the descriptor must be tagged with the same word";

    private static string Message(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    private static string Suppression(bool suppressed) => suppressed ? "suppressed" : "not suppressed";

    private static string Join(IEnumerable<object?> arguments) => string.Join(", ", arguments.Select(argument => $"\"{Text(argument)}\""));

    private static string Text(object? argument) => argument?.ToString() ?? string.Empty;

    private sealed record Aspect(
        int Weight, Func<DiagnosticResult, Diagnostic, bool> Agrees, Func<DiagnosticResult, Diagnostic, string> Explain);
}
