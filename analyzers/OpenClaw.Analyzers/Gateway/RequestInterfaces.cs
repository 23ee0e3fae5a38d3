using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Methods of interfaces whose attribute says what they request, as Refit reads it.</summary>
internal static class RequestInterfaces
{
    public static bool TryGetCall(IMethodSymbol method, out ClientEntry client, out CallEntry call)
    {
        client = ClientCatalog.RefitInterface;
        call = new CallEntry(method.Name, CallKind.Turn);
        return method.ContainingType is { TypeKind: TypeKind.Interface } && AttributeOf(method) is not null;
    }

    /// <summary>The path in the attribute; empty where it has none.</summary>
    public static string PathOf(IMethodSymbol method)
        => AttributeOf(method) is { ConstructorArguments: [{ Value: string path }, ..] } ? path : "";

    /// <summary>Whether the attribute asks for GET.</summary>
    public static bool UsesGet(IMethodSymbol method) => AttributeOf(method) is { AttributeClass.Name: "GetAttribute" or "HeadAttribute" };

    private static AttributeData? AttributeOf(IMethodSymbol method)
        => method.OriginalDefinition.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.BaseType.HasFullName("Refit", "HttpMethodAttribute") == true);
}
