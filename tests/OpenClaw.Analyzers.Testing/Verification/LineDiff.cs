using System.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Shows how two texts differ, line by line: <c>-</c> only in the first, <c>+</c> only in the second.</summary>
internal static class LineDiff
{
    /// <summary>Unchanged lines that stay around a change when a long unchanged stretch is cut.</summary>
    private const int Context = 6;

    /// <summary>Above this many pairs of lines the table of common lines costs more than its result is worth to a reader.</summary>
    private const long LargestTable = 4_000_000;

    public static string Render(string expected, string actual)
    {
        List<(char Mark, string Line)> lines = Compare(Split(expected, showEndings: false), Split(actual, showEndings: false));

        // Equal lines in unequal texts: only the line endings differ, so they must become visible.
        if (lines.TrueForAll(line => line.Mark == ' '))
        {
            lines = Compare(Split(expected, showEndings: true), Split(actual, showEndings: true));
        }

        return Write(lines);
    }

    private static string[] Split(string text, bool showEndings)
        => showEndings
            ? text.Replace("\r", "<CR>", StringComparison.Ordinal).Replace("\n", "<LF>\n", StringComparison.Ordinal).Split('\n')
            : text.ReplaceLineEndings("\n").Split('\n');

    private static List<(char Mark, string Line)> Compare(string[] expected, string[] actual)
    {
        int start = 0;
        while (start < expected.Length && start < actual.Length && expected[start] == actual[start])
        {
            start++;
        }

        int tail = 0;
        while (tail < expected.Length - start && tail < actual.Length - start && expected[^(tail + 1)] == actual[^(tail + 1)])
        {
            tail++;
        }

        List<(char, string)> lines = [.. expected[..start].Select(line => (' ', line))];
        CompareMiddle(expected[start..^tail], actual[start..^tail], lines);
        lines.AddRange(expected[^tail..].Select(line => (' ', line)));
        return lines;
    }

    private static void CompareMiddle(string[] expected, string[] actual, List<(char Mark, string Line)> lines)
    {
        int i = 0;
        int j = 0;
        if ((long)expected.Length * actual.Length <= LargestTable)
        {
            int[,] common = CommonLines(expected, actual);
            while (i < expected.Length && j < actual.Length)
            {
                if (expected[i] == actual[j])
                {
                    lines.Add((' ', expected[i]));
                    i++;
                    j++;
                }
                else if (common[i + 1, j] >= common[i, j + 1])
                {
                    lines.Add(('-', expected[i++]));
                }
                else
                {
                    lines.Add(('+', actual[j++]));
                }
            }
        }

        lines.AddRange(expected[i..].Select(line => ('-', line)));
        lines.AddRange(actual[j..].Select(line => ('+', line)));
    }

    /// <summary>Entry [i, j] is the length of the longest common subsequence of the lines from i and from j on.</summary>
    private static int[,] CommonLines(string[] expected, string[] actual)
    {
        int[,] common = new int[expected.Length + 1, actual.Length + 1];
        for (int i = expected.Length - 1; i >= 0; i--)
        {
            for (int j = actual.Length - 1; j >= 0; j--)
            {
                common[i, j] = expected[i] == actual[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }

    private static string Write(List<(char Mark, string Line)> lines)
    {
        var text = new StringBuilder();
        for (int i = 0; i < lines.Count;)
        {
            int unchanged = 0;
            while (i + unchanged < lines.Count && lines[i + unchanged].Mark == ' ')
            {
                unchanged++;
            }

            int before = i == 0 ? 0 : Context;
            int after = i + unchanged == lines.Count ? 0 : Context;
            if (unchanged > before + after + 1)
            {
                Append(text, lines.GetRange(i, before));
                text.Append("  ... ").Append(unchanged - before - after).AppendLine(" equal lines");
                Append(text, lines.GetRange(i + unchanged - after, after));
            }
            else
            {
                Append(text, lines.GetRange(i, unchanged));
            }

            i += unchanged;
            for (; i < lines.Count && lines[i].Mark != ' '; i++)
            {
                Append(text, lines.GetRange(i, 1));
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, List<(char Mark, string Line)> lines)
    {
        foreach ((char mark, string line) in lines)
        {
            text.Append(mark).AppendLine(line);
        }
    }
}
