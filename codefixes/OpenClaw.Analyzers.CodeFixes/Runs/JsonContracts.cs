using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>The serializer contracts that a program compiled ahead of time has made for its types: without one a result cannot be stored there.</summary>
internal static class JsonContracts
{
    /// <summary>The expression of a contract for the type, such as <c>AppJson.Default.Plan</c>; null where the project has none.</summary>
    public static string? For(ITypeSymbol type, FixSite site, int position)
    {
        foreach (INamedTypeSymbol context in site.Model.Compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type, site.CancellationToken).OfType<INamedTypeSymbol>())
        {
            if (context.BaseType.HasFullName("System.Text.Json.Serialization", "JsonSerializerContext")
                && context.GetMembers("Default").Any(member => member.IsStatic)
                && context.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(property => IsContractOf(property.Type, type)) is { } contract)
            {
                return $"{context.ToMinimalDisplayString(site.Semantics, position)}.Default.{contract.Name}";
            }
        }

        return null;
    }

    private static bool IsContractOf(ITypeSymbol contract, ITypeSymbol type)
        => contract.HasFullName("System.Text.Json.Serialization.Metadata", "JsonTypeInfo")
            && contract is INamedTypeSymbol { TypeArguments: [var of] }
            && of.Equals(type, SymbolEqualityComparer.Default);
}
