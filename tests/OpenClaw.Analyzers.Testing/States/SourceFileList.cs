using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Files of a project that get their names from their position: <c>Test0.cs</c>, <c>Test1.cs</c>…</summary>
/// <param name="defaultPrefix">The path before the number.</param>
/// <param name="defaultExtension">What follows the number, without the dot.</param>
public class SourceFileList(string defaultPrefix, string defaultExtension) : SourceFileCollection
{
    /// <summary>Adds a file with the next name.</summary>
    public void Add(string content) => Add((NextName, content));

    /// <summary>Adds a file with the next name.</summary>
    public void Add(SourceText content) => Add((NextName, content));

    private string NextName => FormattableString.Invariant($"{defaultPrefix}{Count}.{defaultExtension}");
}
