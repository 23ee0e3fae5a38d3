using System.Reflection;

namespace OpenClaw.Package.Tests;

/// <summary>Both packages, packed once for all tests into a folder feed, under a version that no cache knows.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("openclaw-feed-").FullName;

    public string Version { get; } = $"0.0.1-test.{DateTime.UtcNow.Ticks}";

    public static string RepositoryRoot { get; } = typeof(PackedFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    public async ValueTask InitializeAsync()
    {
        // Build products of their own: the repository's may be in use by the build that runs these tests.
        string products = Path.Combine(Folder, "products");
        foreach (string project in new[] { "src/OpenClaw.Analyzers.Package", "src/OpenClaw.Resilience" })
        {
            await DotNet.RunAsync(
                RepositoryRoot,
                $"pack {project} -c Release -o \"{Folder}\" -p:Version={Version} -p:ArtifactsPath=\"{products}\" -v q",
                TestContext.Current.CancellationToken);
        }

        Directory.Delete(products, recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        foreach (string package in new[] { "openclaw.analyzers", "openclaw.resilience" })
        {
            string cached = Path.Combine(GlobalPackages(), package, Version);
            if (Directory.Exists(cached))
            {
                Directory.Delete(cached, recursive: true);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static string GlobalPackages()
        => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}

/// <summary>The tests share the feed and run one after the other: each of them is a build that uses all cores.</summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeedTests : ICollectionFixture<PackedFeed>;
