using System.IO.Compression;
using System.Xml.Linq;

namespace OpenClaw.Package.Tests;

/// <summary>What is in the packages, to the file.</summary>
[Collection(nameof(PackedFeed))]
public sealed class PackageContentTests(PackedFeed feed)
{
    [Fact]
    public void The_analyzer_package_holds_the_analyzers_the_build_files_and_the_modes() => Assert.Equal(
        [
            "README.md",
            "analyzers/dotnet/cs/OpenClaw.Analyzers.CodeFixes.dll",
            "analyzers/dotnet/cs/OpenClaw.Analyzers.dll",
            "build/OpenClaw.Analyzers.props",
            "build/OpenClaw.Analyzers.targets",
            "buildTransitive/OpenClaw.Analyzers.props",
            "buildTransitive/OpenClaw.Analyzers.targets",
            "config/openclaw-brownfield.globalconfig",
            "config/openclaw-default.globalconfig",
            "config/openclaw-none.globalconfig",
            "config/openclaw-recommended.globalconfig",
            "config/openclaw-strict.globalconfig",
        ],
        FilesOf("OpenClaw.Analyzers"));

    [Fact]
    public void The_runtime_package_holds_the_library_for_each_framework() => Assert.Equal(
        [
            "README.md",
            "lib/net10.0/OpenClaw.Resilience.dll",
            "lib/net10.0/OpenClaw.Resilience.xml",
            "lib/net8.0/OpenClaw.Resilience.dll",
            "lib/net8.0/OpenClaw.Resilience.xml",
        ],
        FilesOf("OpenClaw.Resilience"));

    [Fact]
    public void The_analyzer_package_is_a_development_dependency_without_dependencies()
    {
        XElement metadata = MetadataOf("OpenClaw.Analyzers");
        Assert.Equal("true", Value(metadata, "developmentDependency"));
        Assert.Empty(Descendants(metadata, "dependency"));
        Assert.Equal("MIT", Value(metadata, "license"));
    }

    [Fact]
    public void The_runtime_brings_the_analyzers_along_and_little_else()
    {
        XElement metadata = MetadataOf("OpenClaw.Resilience");
        Assert.All(Descendants(metadata, "group"), group => Assert.Equal(
            [
                "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions",
                "Microsoft.Extensions.Hosting.Abstractions",
                "Microsoft.Extensions.Http",
                "Microsoft.Extensions.Logging.Abstractions",
                "Microsoft.Extensions.Options",
                "OpenClaw.Analyzers",
                "Polly.Core",
                // Part of .NET 10.
                .. group.Attribute("targetFramework")!.Value == "net8.0" ? ["System.Net.ServerSentEvents"] : Array.Empty<string>(),
                "System.Threading.RateLimiting",
            ],
            Descendants(group, "dependency").Select(dependency => dependency.Attribute("id")!.Value).Order(StringComparer.Ordinal)));
        Assert.All(
            Descendants(metadata, "dependency").Where(dependency => dependency.Attribute("id")!.Value == "OpenClaw.Analyzers"),
            dependency => Assert.Equal("All", dependency.Attribute("include")?.Value));
    }

    private static IEnumerable<XElement> Descendants(XElement element, string name) => element.Descendants().Where(child => child.Name.LocalName == name);

    private static string? Value(XElement metadata, string name) => Descendants(metadata, name).SingleOrDefault()?.Value;

    private ZipArchive Open(string id) => ZipFile.OpenRead(Path.Combine(feed.Folder, $"{id}.{feed.Version}.nupkg"));

    private string[] FilesOf(string id)
    {
        using ZipArchive archive = Open(id);
        return
        [
            .. archive.Entries.Select(entry => entry.FullName)
                .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                    && !name.StartsWith("package/", StringComparison.Ordinal)
                    && name != "[Content_Types].xml"
                    && !name.EndsWith(".nuspec", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private XElement MetadataOf(string id)
    {
        using ZipArchive archive = Open(id);
        using Stream nuspec = archive.GetEntry($"{id}.nuspec")!.Open();
        return XDocument.Load(nuspec).Root!;
    }
}
