using System.Reflection;
using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Assemblies that a project refers to besides its reference assemblies.</summary>
public class MetadataReferenceCollection : List<MetadataReference>
{
    /// <summary>Adds the file from which an assembly was loaded.</summary>
    public void Add(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        Add(assembly.Location);
    }

    /// <summary>Adds an assembly file.</summary>
    public void Add(string path) => Add(FileReferences.Get(path));
}
