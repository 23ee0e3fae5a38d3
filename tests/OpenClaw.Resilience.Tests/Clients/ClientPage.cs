using System.Reflection;

namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>The page <c>docs/clients.md</c>, whose tables are what these tests observe.</summary>
internal static class ClientPage
{
    private const string Accept = "OPENCLAW_ACCEPT_CLIENTS";
    private static readonly Lock Writing = new();

    private static readonly string Root = typeof(ClientPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static metadata => metadata.Key == "RepositoryRoot").Value!;

    private static string File => Path.Combine(Root, "docs/clients.md");

    public static string Text => System.IO.File.ReadAllText(File);

    /// <summary>The code of the tests, in which the lines that the page shows must be found: so they compile.</summary>
    public static string Code => string.Concat(
        Directory.EnumerateFiles(Path.Combine(Root, "tests/OpenClaw.Resilience.Tests/Clients"), "*.cs").Select(System.IO.File.ReadAllText));

    /// <summary>Compares the first table below a heading.</summary>
    public static void AssertTable(string heading, IReadOnlyList<string> expected)
    {
        lock (Writing)
        {
            List<string> lines = [.. Text.Split('\n')];
            int start = lines.FindIndex(lines.IndexOf($"## {heading}") + 1, static line => line.StartsWith('|'));
            int end = lines.FindIndex(start, static line => !line.StartsWith('|'));
            if (Environment.GetEnvironmentVariable(Accept) == "1")
            {
                lines.RemoveRange(start, end - start);
                lines.InsertRange(start, expected);
                System.IO.File.WriteAllText(File, string.Join('\n', lines));
                return;
            }

            string[] changes =
            [
                .. lines[start..end].Except(expected).Select(static line => $"- {line}"),
                .. expected.Except(lines[start..end]).Select(static line => $"+ {line}"),
            ];
            Assert.True(
                changes.Length == 0 && end - start == expected.Count,
                $"The table '{heading}' of docs/clients.md is not what was observed. If that is meant, run the test once with {Accept}=1.\n{string.Join('\n', changes)}");
        }
    }
}
