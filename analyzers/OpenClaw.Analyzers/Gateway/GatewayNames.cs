using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a name says of the code behind it.</summary>
internal static class GatewayNames
{
    /// <summary>Whether the type, or one around it, is named after the product.</summary>
    public static bool NameProduct(ITypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (Contains(type.Name, "OpenClaw"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the compilation refers to an assembly that is named after the product: a client of the user's own, in another project.</summary>
    public static bool NameReference(Compilation compilation)
        => compilation.ReferencedAssemblyNames.Any(static reference => Contains(reference.Name, "OpenClaw"));

    /// <summary>
    /// Whether a method or the type it is called on is named after a gateway of any make. Payments, APIs and chat products have gateways as well:
    /// this only supports other evidence.
    /// </summary>
    public static bool NameAnyGateway(IMethodSymbol method, ITypeSymbol? receiver)
        => Contains(method.Name, "Gateway") || Contains(method.ContainingType.Name, "Gateway") || (receiver is not null && Contains(receiver.Name, "Gateway"));

    private static bool Contains(string name, string word) => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
