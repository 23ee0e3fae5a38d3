using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// The framework that a project is compiled against. Nothing is downloaded: it is the targeting pack that came with the SDK which
/// built this library, so only <see cref="Net.Net100"/> is sure to be there.
/// </summary>
public sealed class ReferenceAssemblies : IEquatable<ReferenceAssemblies?>
{
    /// <summary>A framework without any assembly.</summary>
    /// <param name="targetFramework">The short name, such as <c>net10.0</c>.</param>
    public ReferenceAssemblies(string targetFramework)
    {
        ArgumentNullException.ThrowIfNull(targetFramework);
        TargetFramework = targetFramework;
    }

    /// <summary>A framework whose assemblies are in a targeting pack.</summary>
    /// <param name="targetFramework">The short name, such as <c>net10.0</c>.</param>
    /// <param name="referenceAssemblyPackage">The targeting pack. Any patch of the same major and minor version serves.</param>
    /// <param name="referenceAssemblyPath">The folder of the assemblies in the pack, such as <c>ref/net10.0</c>.</param>
    public ReferenceAssemblies(string targetFramework, PackageIdentity? referenceAssemblyPackage, string referenceAssemblyPath)
        : this(targetFramework)
    {
        ArgumentNullException.ThrowIfNull(referenceAssemblyPackage);
        ReferenceAssemblyPackage = referenceAssemblyPackage;
        ReferenceAssemblyPath = referenceAssemblyPath;
    }

    private ReferenceAssemblies(ReferenceAssemblies other, AssemblyIdentityComparer assemblyIdentityComparer)
        : this(other.TargetFramework)
    {
        ReferenceAssemblyPackage = other.ReferenceAssemblyPackage;
        ReferenceAssemblyPath = other.ReferenceAssemblyPath;
        AssemblyIdentityComparer = assemblyIdentityComparer;
    }

    /// <summary>
    /// What tests use that name nothing else: <see cref="Net.Net100"/>, because it is there. The original library takes an older
    /// framework; a test that must mean the same with both names its framework.
    /// </summary>
    public static ReferenceAssemblies Default => Net.Net100;

    /// <summary>The short name, such as <c>net10.0</c>.</summary>
    public string TargetFramework { get; }

    /// <summary>How references to other versions of an assembly are unified; by default as .NET does.</summary>
    public AssemblyIdentityComparer AssemblyIdentityComparer { get; } = AssemblyIdentityComparer.Default;

    /// <summary>The targeting pack, if there is one.</summary>
    public PackageIdentity? ReferenceAssemblyPackage { get; }

    /// <summary>The folder of the assemblies in the targeting pack.</summary>
    public string? ReferenceAssemblyPath { get; }

    /// <summary>The same assemblies, unified in another way.</summary>
    public ReferenceAssemblies WithAssemblyIdentityComparer(AssemblyIdentityComparer assemblyIdentityComparer)
        => new(this, assemblyIdentityComparer);

    /// <summary>Finds the assemblies.</summary>
    /// <param name="language">One of <see cref="LanguageNames"/> or <see langword="null"/>; makes no difference here.</param>
    /// <param name="cancellationToken">Not needed: nothing is downloaded.</param>
    /// <exception cref="InvalidOperationException">The targeting pack is not installed.</exception>
    [SuppressMessage("Style", "IDE0060", Justification = "The original has assemblies that only one language needs.")]
    public Task<ImmutableArray<MetadataReference>> ResolveAsync(string? language, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImmutableArray<MetadataReference> references = ReferenceAssemblyPackage is { } package && ReferenceAssemblyPath is { } path
            ? TargetingPacks.Resolve(package, path)
            : [];
        return Task.FromResult(references);
    }

    /// <inheritdoc/>
    public bool Equals(ReferenceAssemblies? other)
        => other is not null
            && TargetFramework == other.TargetFramework
            && Equals(AssemblyIdentityComparer, other.AssemblyIdentityComparer)
            && Equals(ReferenceAssemblyPackage, other.ReferenceAssemblyPackage)
            && ReferenceAssemblyPath == other.ReferenceAssemblyPath;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ReferenceAssemblies);

    /// <inheritdoc/>
    public override int GetHashCode()
        => HashCode.Combine(TargetFramework, AssemblyIdentityComparer, ReferenceAssemblyPackage, ReferenceAssemblyPath);

    /// <summary>The versions of .NET.</summary>
    public static class Net
    {
        /// <summary>.NET 8; resolved only where its targeting pack is installed.</summary>
        public static ReferenceAssemblies Net80 { get; } = Create("8.0");

        /// <summary>.NET 9; resolved only where its targeting pack is installed.</summary>
        public static ReferenceAssemblies Net90 { get; } = Create("9.0");

        /// <summary>.NET 10.</summary>
        public static ReferenceAssemblies Net100 { get; } = Create("10.0");

        private static ReferenceAssemblies Create(string version)
            => new("net" + version, new PackageIdentity("Microsoft.NETCore.App.Ref", version + ".0"), Path.Combine("ref", "net" + version));
    }
}
