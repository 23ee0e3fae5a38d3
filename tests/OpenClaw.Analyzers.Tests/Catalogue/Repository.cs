using System.Reflection;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>The files of this repository that tests compare with the code.</summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    public static string Read(string path)
    {
        string file = Path.Combine(Root, path);
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    /// <summary>Compares a generated file with what the code says it should be. Where they differ, the expected one is written beside the build products.</summary>
    public static void AssertGenerated(string path, string expected)
    {
        if (Read(path) == expected)
        {
            return;
        }

        string proposal = Path.Combine(Root, "artifacts", "generated", path);
        Directory.CreateDirectory(Path.GetDirectoryName(proposal)!);
        File.WriteAllText(proposal, expected);
        Assert.Fail($"{path} is not what the rules say. The expected file is artifacts/generated/{path}; copy it if the change is intended:\n  cp artifacts/generated/{path} {path}");
    }
}
