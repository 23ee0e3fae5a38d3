using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Code through which calls only pass: it is judged where its consumer calls it. Tests are left alone altogether.</summary>
internal static class Plumbing
{
    private static readonly HashSet<string> TestAttributes = new(StringComparer.Ordinal)
    {
        "FactAttribute", "TheoryAttribute", "TestAttribute", "TestCaseAttribute", "TestCaseSourceAttribute", "TestMethodAttribute", "DataTestMethodAttribute",
    };

    public static bool IsAt(IOperation operation, ClientEntry client, GatewayModel model)
    {
        for (INamedTypeSymbol? type = ContainingTypeOf(operation, model); type is not null; type = type.ContainingType)
        {
            if (IsHandlerOrDecorator(type, client) || IsTestClass(type))
            {
                return true;
            }
        }

        return false;
    }

    private static INamedTypeSymbol? ContainingTypeOf(IOperation operation, GatewayModel model)
        => model.SemanticsOf(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart)?.ContainingType;

    private static bool IsHandlerOrDecorator(INamedTypeSymbol type, ClientEntry client)
    {
        for (INamedTypeSymbol? current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (current.HasFullName("System.Net.Http", "HttpMessageHandler")
                || current.HasFullName("Microsoft.Extensions.AI", "DelegatingChatClient")
                || current.HasFullName("Microsoft.Extensions.AI", "DelegatingEmbeddingGenerator"))
            {
                return true;
            }
        }

        return client.Family == ClientFamily.ExtensionsAI
            && type.AllInterfaces.Any(implemented => implemented.HasFullName("Microsoft.Extensions.AI", "IChatClient")
                || implemented.HasFullName("Microsoft.Extensions.AI", "IEmbeddingGenerator"));
    }

    private static bool IsTestClass(INamedTypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IMethodSymbol
                && member.GetAttributes().Any(attribute => attribute.AttributeClass is { } kind && TestAttributes.Contains(kind.Name)))
            {
                return true;
            }
        }

        return false;
    }
}
