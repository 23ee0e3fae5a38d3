using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Testing;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>One pass over a text with markup. See <see cref="TestFileMarkupParser"/> for the language.</summary>
internal sealed partial class MarkupScanner
{
    private readonly string _input;
    private readonly StringBuilder _output = new();
    private readonly ImmutableArray<int>.Builder _positions = ImmutableArray.CreateBuilder<int>();
    private readonly SortedDictionary<string, List<TextSpan>> _spans = new(StringComparer.Ordinal);

    /// <summary>Spans that are not closed yet, the innermost last, with their start in the output.</summary>
    private readonly List<(string Name, int Start)> _open = [];

    /// <summary>Names that an end of their own closes: other ends must leave these spans open.</summary>
    private readonly HashSet<string> _closedByName;

    private MarkupScanner(string input)
    {
        _input = input;
        _closedByName = [.. NumberedEnd().Matches(input).Select(match => match.Groups["name"].Value)];
    }

    public static (string Output, ImmutableArray<int> Positions, ImmutableDictionary<string, ImmutableArray<TextSpan>> Spans) Scan(
        string input, bool readPositions)
    {
        var scanner = new MarkupScanner(input);
        scanner.Run(readPositions);
        return (
            scanner._output.ToString(),
            scanner._positions.ToImmutable(),
            scanner._spans.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray()));
    }

    [GeneratedRegex(@"\|(?<name>\#\d+)\}")]
    private static partial Regex NumberedEnd();

    [GeneratedRegex(@"\G\{\|(?<name>[^:|\[\]{}]+):")]
    private static partial Regex NamedStart();

    private void Run(bool readPositions)
    {
        for (int i = 0; i < _input.Length;)
        {
            i += readPositions && At(i, "$$") ? Position()
                : At(i, "[|") && !IsLiteralBracket(i) ? Open(string.Empty, length: 2)
                : At(i, "{|") && NamedStart().Match(_input, i) is { Success: true } start ? Open(start.Groups["name"].Value, start.Length)
                : At(i, "|]") || At(i, "|}") ? CloseInnermost(i)
                : At(i, "|#") && NumberedEnd().Match(_input, i) is { Success: true } end && end.Index == i ? CloseNamed(end)
                : Copy(_input[i]);
        }

        if (_open.Count > 0)
        {
            throw Invalid($"The markup opens the span '{Describe(_open[^1].Name)}' and does not close it.");
        }
    }

    private bool At(int index, string marker) => string.CompareOrdinal(_input, index, marker, 0, marker.Length) == 0;

    /// <summary>
    /// <c>[|]</c> could also open a span. Inside an unnamed span it is a bracket and the end of the span, as is <c>[|}</c> inside a
    /// named one: who marks an opening bracket means that.
    /// </summary>
    private bool IsLiteralBracket(int index)
        => _open.Count > 0 && At(index + 1, _open[^1].Name.Length == 0 ? "|]" : "|}");

    private int Position()
    {
        _positions.Add(_output.Length);
        return 2;
    }

    private int Copy(char character)
    {
        _output.Append(character);
        return 1;
    }

    private int Open(string name, int length)
    {
        if (IsNumber(name) && (_spans.ContainsKey(name) || _open.Exists(span => span.Name == name)))
        {
            throw Invalid($"The markup has more than one span '{name}'.");
        }

        _open.Add((name, _output.Length));
        return length;
    }

    private int CloseInnermost(int index)
    {
        int span = _open.FindLastIndex(candidate => !_closedByName.Contains(candidate.Name));
        if (span < 0)
        {
            throw Invalid($"The markup closes a span at position {index} that it does not open.");
        }

        Close(span);
        return 2;
    }

    private int CloseNamed(Match end)
    {
        string name = end.Groups["name"].Value;
        int span = _open.FindIndex(candidate => candidate.Name == name);
        if (span < 0)
        {
            throw Invalid($"The markup closes the span '{name}' at position {end.Index}, where it is not open.");
        }

        Close(span);
        return end.Length;
    }

    private void Close(int index)
    {
        (string name, int start) = _open[index];
        _open.RemoveAt(index);
        if (!_spans.TryGetValue(name, out List<TextSpan>? spans))
        {
            _spans.Add(name, spans = []);
        }

        spans.Add(TextSpan.FromBounds(start, _output.Length));
    }

    private ArgumentException Invalid(string message) => new($"{message}{Environment.NewLine}In: {_input}");

    private static bool IsNumber(string name) => name.StartsWith('#');

    private static string Describe(string name) => name.Length == 0 ? "[|" : name;
}
