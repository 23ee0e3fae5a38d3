using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Finds the targeting packs of the SDK that built this library.</summary>
internal static class TargetingPacks
{
    private static readonly ConcurrentDictionary<string, Lazy<ImmutableArray<MetadataReference>>> Packs = new(StringComparer.Ordinal);

    private static readonly string Root = Metadata("TargetingPackRoot");

    private static readonly string BundledVersion = Metadata("TargetingPackVersion");

    /// <exception cref="InvalidOperationException">The pack is not installed.</exception>
    public static ImmutableArray<MetadataReference> Resolve(PackageIdentity package, string path)
        => Packs.GetOrAdd(
            Path.Combine(FindPack(package), path.Replace('\\', Path.DirectorySeparatorChar)),
            static folder => new Lazy<ImmutableArray<MetadataReference>>(() => Read(folder))).Value;

    private static ImmutableArray<MetadataReference> Read(string folder)
        => [.. Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal).Select(FileReferences.Get)];

    private static string FindPack(PackageIdentity package)
    {
        string folder = Path.Combine(Root, package.Id);
        ImmutableArray<string> installed = Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Select(Path.GetFileName).OfType<string>()]
            : [];
        string? version = installed.Contains(package.Version) ? package.Version : SamePatchLine(package.Version, installed);
        return version is not null
            ? Path.Combine(folder, version)
            : throw new InvalidOperationException(
                $"The targeting pack {package.Id} {package.Version} is not installed in '{folder}' "
                + $"(there: {(installed.IsEmpty ? "nothing" : string.Join(", ", installed))}) and nothing is downloaded. "
                + $"Use {nameof(ReferenceAssemblies)}.Net.Net100, or install an SDK that brings the pack.");
    }

    /// <summary>The installed patch of a version: the one that belongs to the SDK if there are several.</summary>
    private static string? SamePatchLine(string version, ImmutableArray<string> installed)
    {
        string line = version[..(version.LastIndexOf('.') + 1)];
        ImmutableArray<string> patches = [.. installed.Where(candidate => candidate.StartsWith(line, StringComparison.Ordinal))];
        return patches.Contains(BundledVersion)
            ? BundledVersion
            : patches.MaxBy(patch => Version.TryParse(patch, out Version? parsed) ? parsed : new Version());
    }

    private static string Metadata(string key)
        => typeof(TargetingPacks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(item => item.Key == key)?.Value
            ?? throw new InvalidOperationException($"The project file does not set the assembly metadata '{key}'.");
}
