using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Compares files by path, text and encoding.</summary>
internal sealed class SourceFileComparer : IEqualityComparer<(string filename, SourceText content)>
{
    private readonly bool _comparesChecksum;

    private SourceFileComparer(bool comparesChecksum) => _comparesChecksum = comparesChecksum;

    /// <summary>Compares also the checksum algorithm, which is part of what a document is.</summary>
    public static SourceFileComparer Instance { get; } = new(comparesChecksum: true);

    public static SourceFileComparer IgnoringChecksum { get; } = new(comparesChecksum: false);

    public bool Equals((string filename, SourceText content) x, (string filename, SourceText content) y)
        => x.filename == y.filename
            && Equals(x.content.Encoding, y.content.Encoding)
            && (!_comparesChecksum || x.content.ChecksumAlgorithm == y.content.ChecksumAlgorithm)
            && x.content.ContentEquals(y.content);

    public int GetHashCode([DisallowNull] (string filename, SourceText content) obj)
        => HashCode.Combine(obj.filename, obj.content.Length);
}
