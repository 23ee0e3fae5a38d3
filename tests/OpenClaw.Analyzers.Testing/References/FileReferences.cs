using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Testing;

/// <summary>One reference object per assembly file, so that all tests share what Roslyn reads from the file.</summary>
internal static class FileReferences
{
    private static readonly ConcurrentDictionary<string, MetadataReference> References = new(StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static MetadataReference Get(string path) => References.GetOrAdd(path, static path => MetadataReference.CreateFromFile(path));
}
