using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What the analysis of a compilation has cost, for the tests that keep it from growing. Bodies are counted in debug builds only.</summary>
internal sealed class WorkCounters
{
    private readonly ConcurrentDictionary<SyntaxNode, bool> _bodies = new();
    private int _treesRead;
    private int _lookUps;

    /// <summary>How many trees were read for the index on behalf of this compilation; those that others have read before do not count.</summary>
    public int TreesRead => Volatile.Read(ref _treesRead);

    /// <summary>How many types were looked up by their full name, in one assembly each; those of a library that others have looked up before do not count.</summary>
    public int LookUps => Volatile.Read(ref _lookUps);

    /// <summary>How many members of other documents were bound to judge this one.</summary>
    public int BodiesForeignTo(SyntaxTree document) => _bodies.Keys.Count(body => body.SyntaxTree != document);

    public void TreeRead() => Interlocked.Increment(ref _treesRead);

    /// <summary>The type of an assembly: the one way by which the analyzers look a type up.</summary>
    public INamedTypeSymbol? LookUp(string fullName, IAssemblySymbol assembly)
    {
        Interlocked.Increment(ref _lookUps);
        return assembly.GetTypeByMetadataName(fullName);
    }

    [Conditional("DEBUG")]
    public void Bound(SyntaxNode node) => _bodies.TryAdd(SyntaxFacts.MemberAround(node), true);
}
