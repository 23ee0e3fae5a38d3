using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers;

/// <summary>Compares keys of a symbol and the depth at which it was asked about.</summary>
internal sealed class MethodAndDepth : IEqualityComparer<(ISymbol Method, int Depth)>
{
    public static MethodAndDepth Instance { get; } = new();

    public bool Equals((ISymbol Method, int Depth) x, (ISymbol Method, int Depth) y)
        => x.Depth == y.Depth && SymbolEqualityComparer.Default.Equals(x.Method, y.Method);

    public int GetHashCode((ISymbol Method, int Depth) key) => (SymbolEqualityComparer.Default.GetHashCode(key.Method) * 31) + key.Depth;
}
