using System.Text.RegularExpressions;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Edits project files as text.</summary>
internal static class ProjectXml
{
    /// <summary>The file with an item of a package, beside its like where there is one, else in a group of its own at the end. Unchanged where the item is there.</summary>
    public static string WithItem(string xml, string item, string package, string? version)
    {
        if (Regex.IsMatch(xml, $"<{item}\\s[^>]*Include=\"{Regex.Escape(package)}\"", RegexOptions.IgnoreCase))
        {
            return xml;
        }

        string added = version is null ? $"<{item} Include=\"{package}\" />" : $"<{item} Include=\"{package}\" Version=\"{version}\" />";
        string lineEnd = xml.Contains("\r\n") ? "\r\n" : "\n";

        // Behind the last item of the kind, when that stands on a line of its own.
        Match? last = Regex.Matches(xml, $@"^([ \t]*)<{item}\s[^>\r\n]*(/>|>[^\r\n]*</{item}>)[ \t]*$", RegexOptions.Multiline).Cast<Match>().LastOrDefault()
            ?? Regex.Matches(xml, $@"^([ \t]*)<{item}\s[^>\r\n]*/>[ \t]*\r?$", RegexOptions.Multiline).Cast<Match>().LastOrDefault();
        if (last is not null)
        {
            int end = last.Index + last.Value.TrimEnd('\r').Length;
            return xml.Insert(end, lineEnd + last.Groups[1].Value + added);
        }

        int close = xml.LastIndexOf("</Project>", StringComparison.Ordinal);
        return close < 0
            ? xml
            : xml.Insert(close, $"  <ItemGroup>{lineEnd}    {added}{lineEnd}  </ItemGroup>{lineEnd}{lineEnd}");
    }
}
