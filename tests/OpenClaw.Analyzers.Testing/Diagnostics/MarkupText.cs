using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Writes diagnostics as markup into the lines where they were reported.</summary>
internal static class MarkupText
{
    /// <summary>
    /// The lines with diagnostics, marked up; <see langword="null"/> when the file is not in the project, when a diagnostic
    /// is outside its text, or when spans overlap without one containing the other, which unnumbered markup cannot say.
    /// </summary>
    public static ImmutableArray<string>? TryWrite(Project project, ImmutableArray<Diagnostic> diagnostics)
    {
        if (FindText(project, diagnostics[0].Location) is not { } text
            || diagnostics.Any(diagnostic => !IsInside(text, diagnostic.Location.GetLineSpan().EndLinePosition)))
        {
            return null;
        }

        ImmutableArray<Span> spans = [.. diagnostics
            .Select(diagnostic => new Span(diagnostic.Id, text.Lines.GetTextSpan(diagnostic.Location.GetLineSpan().Span)))
            .OrderBy(span => span.Place.Start)
            .ThenByDescending(span => span.Place.End)];
        return spans.Any(outer => spans.Any(outer.Crosses)) ? null : Write(text, spans);
    }

    private static SourceText? FindText(Project project, Location location)
    {
        if (location.SourceTree is { } tree)
        {
            return tree.GetText();
        }

        string path = location.GetLineSpan().Path;
        return project.AdditionalDocuments.FirstOrDefault(document => document.FilePath == path)?.GetTextAsync().GetAwaiter().GetResult();
    }

    private static bool IsInside(SourceText text, LinePosition position)
        => position.Line < text.Lines.Count && position.Character <= text.Lines[position.Line].SpanIncludingLineBreak.Length;

    private static ImmutableArray<string> Write(SourceText text, ImmutableArray<Span> spans)
    {
        string marked = text.ToString();
        List<(int Position, string Marker)> markers = Markers(spans);
        markers.Reverse();
        foreach ((int position, string marker) in markers)
        {
            marked = marked.Insert(position, marker);
        }

        // Markers add no line breaks, so the numbers of the lines are still those of the text.
        TextLineCollection lines = SourceText.From(marked).Lines;
        return [.. spans
            .SelectMany(span => Lines(text, span.Place))
            .Distinct()
            .Order()
            .Select(line => lines[line].ToString())];
    }

    private static IEnumerable<int> Lines(SourceText text, TextSpan span)
    {
        LinePositionSpan lines = text.Lines.GetLinePositionSpan(span);
        return Enumerable.Range(lines.Start.Line, lines.End.Line - lines.Start.Line + 1);
    }

    /// <summary>The markers in the order of the text: a span is opened after those that contain it and closed before them.</summary>
    private static List<(int Position, string Marker)> Markers(ImmutableArray<Span> spans)
    {
        List<(int, string)> markers = [];
        Stack<Span> open = new();
        foreach (Span span in spans)
        {
            while (open.TryPeek(out Span outer) && outer.Place.End <= span.Place.Start && !outer.Place.Contains(span.Place))
            {
                markers.Add((open.Pop().Place.End, "|}"));
            }

            open.Push(span);
            markers.Add((span.Place.Start, "{|" + span.Id + ":"));
        }

        markers.AddRange(open.Select(span => (span.Place.End, "|}")));
        return markers;
    }

    private readonly record struct Span(string Id, TextSpan Place)
    {
        public bool Crosses(Span other)
            => Place.Start < other.Place.Start && other.Place.Start < Place.End && Place.End < other.Place.End;
    }
}
