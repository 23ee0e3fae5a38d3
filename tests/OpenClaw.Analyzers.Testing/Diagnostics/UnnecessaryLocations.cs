using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Testing;

/// <summary>
/// Reads which additional locations of a diagnostic are unnecessary code: Roslyn looks for their indices, as a JSON array, in the
/// property <see cref="WellKnownDiagnosticTags.Unnecessary"/> of a diagnostic that is tagged with the same word.
/// </summary>
internal static class UnnecessaryLocations
{
    /// <summary>The indices; empty when the diagnostic names none, <see langword="null"/> when no editor would understand it.</summary>
    public static ImmutableArray<int>? TryGet(Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(WellKnownDiagnosticTags.Unnecessary, out string? json) || json is null)
        {
            return [];
        }

        return diagnostic.Descriptor.CustomTags.Contains(WellKnownDiagnosticTags.Unnecessary)
            && TryParse(json) is { Length: > 0 } indices
            && Array.TrueForAll(indices, index => index >= 0 && index < diagnostic.AdditionalLocations.Count)
            ? [.. indices]
            : null;
    }

    private static int[]? TryParse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<int[]>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
