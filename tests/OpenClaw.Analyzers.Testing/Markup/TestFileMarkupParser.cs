using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Text;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Reads markup out of a text: <c>$$</c> is a position, <c>[|…|]</c> a span, <c>{|name:…|}</c> a named span. Spans nest; a name may
/// stand at several spans, except a number (<c>{|#0:…|}</c>), which names exactly one and may close its span with <c>|#0}</c>, so that
/// spans can cross. An end without a number closes the span that was opened last, whichever bracket it uses.
/// </summary>
public static class TestFileMarkupParser
{
    /// <summary>Reads any number of positions and spans. Unnamed spans have the name <c>""</c>.</summary>
    /// <exception cref="ArgumentException">Starts and ends do not belong together.</exception>
    public static void GetPositionsAndSpans(
        string input, out string output, out ImmutableArray<int> positions, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
        => (output, positions, spans) = MarkupScanner.Scan(input, readPositions: true);

    /// <summary>Reads at most one position, and spans.</summary>
    /// <exception cref="ArgumentException">Starts and ends do not belong together, or there are several positions.</exception>
    public static void GetPositionAndSpans(
        string input, out string output, out int? cursorPosition, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
    {
        GetPositionsAndSpans(input, out output, out ImmutableArray<int> positions, out spans);
        cursorPosition = positions.Length switch
        {
            0 => null,
            1 => positions[0],
            _ => throw new ArgumentException($"The input has {positions.Length} positions ($$); one at most is allowed.", nameof(input)),
        };
    }

    /// <summary>Reads exactly one position.</summary>
    /// <exception cref="ArgumentException">The input does not have exactly one position.</exception>
    public static void GetPosition(string input, out string output, out int cursorPosition)
    {
        GetPositionAndSpans(input, out output, out int? position, out _);
        cursorPosition = position ?? throw new ArgumentException("The input has no position ($$).", nameof(input));
    }

    /// <summary>Reads named and unnamed spans.</summary>
    /// <exception cref="ArgumentException">Starts and ends do not belong together.</exception>
    public static void GetSpans(string input, out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
        => GetSpans(input, treatPositionIndicatorsAsCode: false, out output, out spans);

    /// <summary>Reads named and unnamed spans.</summary>
    /// <param name="treatPositionIndicatorsAsCode">Whether <c>$$</c> stays in the text.</param>
    /// <exception cref="ArgumentException">Starts and ends do not belong together.</exception>
    public static void GetSpans(
        string input,
        bool treatPositionIndicatorsAsCode,
        out string output,
        out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
        => (output, _, spans) = MarkupScanner.Scan(input, readPositions: !treatPositionIndicatorsAsCode);

    /// <summary>Reads unnamed spans.</summary>
    /// <exception cref="ArgumentException">Starts and ends do not belong together.</exception>
    public static void GetSpans(string input, out string output, out ImmutableArray<TextSpan> spans)
    {
        GetSpans(input, out output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> named);
        spans = named.GetValueOrDefault(string.Empty, []);
    }

    /// <summary>Reads exactly one unnamed span.</summary>
    /// <exception cref="ArgumentException">The input does not have exactly one unnamed span.</exception>
    public static void GetSpan(string input, out string output, out TextSpan span)
    {
        GetSpans(input, out output, out ImmutableArray<TextSpan> spans);
        span = spans.Length == 1
            ? spans[0]
            : throw new ArgumentException($"The input has {spans.Length} spans ([|…|]); exactly one is needed.", nameof(input));
    }
}
