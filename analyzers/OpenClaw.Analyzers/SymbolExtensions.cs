using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers;

/// <summary>Questions about symbols that several rooms ask.</summary>
internal static class SymbolExtensions
{
    /// <summary>Whether the type is the given one, derives from it or implements it, whatever the type arguments.</summary>
    public static bool IsOrInherits(this ITypeSymbol type, INamedTypeSymbol ancestor)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.OriginalDefinition.Equals(ancestor, SymbolEqualityComparer.Default))
            {
                return true;
            }
        }

        if (ancestor.TypeKind == TypeKind.Interface)
        {
            foreach (INamedTypeSymbol implemented in type.AllInterfaces)
            {
                if (implemented.OriginalDefinition.Equals(ancestor, SymbolEqualityComparer.Default))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Whether the symbol's full name, without type arguments, is the given one: no look-up and no string is made.</summary>
    public static bool HasFullName(this ITypeSymbol? type, string containingNamespace, string name)
        => type is not null && type.Name == name && type.ContainingType is null && IsNamespace(type.ContainingNamespace, containingNamespace);

    /// <summary>The type and the classes that it derives from, its own first; nothing for no type.</summary>
    public static IEnumerable<ITypeSymbol> SelfAndBases(this ITypeSymbol? type)
    {
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            yield return current;
        }
    }

    /// <summary>Whether the type is in the namespace or in one below it.</summary>
    public static bool IsWithin(this ITypeSymbol? type, string containingNamespace)
    {
        for (INamespaceSymbol? current = type?.ContainingNamespace; current is { IsGlobalNamespace: false }; current = current.ContainingNamespace)
        {
            if (IsNamespace(current, containingNamespace))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first part of the name of the namespace; empty for a type in none.</summary>
    public static string RootNamespace(this ITypeSymbol? type)
    {
        INamespaceSymbol? current = type?.ContainingNamespace;
        while (current is { ContainingNamespace.IsGlobalNamespace: false })
        {
            current = current.ContainingNamespace;
        }

        return current?.Name ?? "";
    }

    /// <summary>Whether the symbol carries an attribute of this full name, defined by our runtime or by the user.</summary>
    public static bool HasAttribute(this ISymbol symbol, string containingNamespace, string name)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass.HasFullName(containingNamespace, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamespace(INamespaceSymbol? symbol, string name)
    {
        int end = name.Length;
        for (; symbol is { IsGlobalNamespace: false }; symbol = symbol.ContainingNamespace)
        {
            int start = name.LastIndexOf('.', end - 1) + 1;
            if (symbol.Name.Length != end - start || string.CompareOrdinal(name, start, symbol.Name, 0, end - start) != 0)
            {
                return false;
            }

            if (start == 0)
            {
                return symbol.ContainingNamespace is { IsGlobalNamespace: true };
            }

            end = start - 1;
        }

        return false;
    }
}
