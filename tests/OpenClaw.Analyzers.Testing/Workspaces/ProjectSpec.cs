using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Testing;

/// <summary>What a project is apart from its files. Projects of equal specification share the symbols of what they refer to.</summary>
/// <param name="CompilationOptions">What <see cref="BaseSolution.DefaultOptions"/> or the test made.</param>
/// <param name="ProjectReferences">The names of projects in the same solution.</param>
internal sealed record ProjectSpec(
    string Name,
    string AssemblyName,
    string Language,
    CompilationOptions CompilationOptions,
    ParseOptions ParseOptions,
    ImmutableArray<MetadataReference> References,
    ImmutableArray<string> ProjectReferences)
{
    /// <summary>Whether the specification can be met again by another test: an image in memory belongs to the test that made it.</summary>
    public bool IsShareable => References.All(reference => reference is PortableExecutableReference { FilePath: not null });

    public bool Equals(ProjectSpec? other)
        => other is not null
            && Name == other.Name
            && AssemblyName == other.AssemblyName
            && Language == other.Language
            && CompilationOptions.Equals(other.CompilationOptions)
            && ParseOptions.Equals(other.ParseOptions)
            && References.SequenceEqual(other.References, ReferenceComparer.Instance)
            && ProjectReferences.SequenceEqual(other.ProjectReferences);

    public override int GetHashCode() => HashCode.Combine(Name, Language, CompilationOptions, ParseOptions, References.Length);

    /// <summary>
    /// Takes two references for the same when they read the same file in the same way: tests make such references again and again.
    /// </summary>
    private sealed class ReferenceComparer : IEqualityComparer<MetadataReference>
    {
        public static ReferenceComparer Instance { get; } = new();

        public bool Equals(MetadataReference? x, MetadataReference? y)
            => ReferenceEquals(x, y)
                || (x is PortableExecutableReference { FilePath: { } path } && (y as PortableExecutableReference)?.FilePath == path
                    && x.Properties == y!.Properties);

        public int GetHashCode(MetadataReference obj)
            => (obj as PortableExecutableReference)?.FilePath?.GetHashCode(StringComparison.Ordinal) ?? 0;
    }
}
