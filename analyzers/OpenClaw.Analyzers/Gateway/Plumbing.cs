using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Code through which calls only pass: it is judged where its consumer calls it. Tests are left alone altogether.</summary>
internal static class Plumbing
{
    // The assemblies with the attributes of xunit, NUnit and MSTest: only projects with tests refer to them.
    private static readonly HashSet<string> TestFrameworks = new(StringComparer.OrdinalIgnoreCase)
    {
        "xunit.core", "xunit.v3.core", "nunit.framework", "MSTest.TestFramework", "Microsoft.VisualStudio.TestPlatform.TestFramework", "TUnit.Core",
    };

    private static readonly HashSet<string> TestAttributes = new(StringComparer.Ordinal)
    {
        "FactAttribute", "TheoryAttribute", "TestAttribute", "TestCaseAttribute", "TestCaseSourceAttribute", "TestMethodAttribute", "DataTestMethodAttribute",
    };

    public static bool IsAt(IOperation operation, ClientEntry client, GatewayModel model)
    {
        // A type derived from the client hands the call on to what it extends.
        if (operation is IInvocationOperation { Instance.Syntax: BaseExpressionSyntax } || IsTestProject(model.Compilation))
        {
            return true;
        }

        for (INamedTypeSymbol? type = ContainingTypeOf(operation, model); type is not null; type = type.ContainingType)
        {
            if (IsHandlerOrDecorator(type, client) || IsTestClass(type))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the code belongs to a test, for rules about other things than calls.</summary>
    public static bool IsTest(SyntaxNode node, GatewayModel model, CancellationToken cancellationToken)
    {
        for (INamedTypeSymbol? type = model.SemanticsOf(node.SyntaxTree).GetEnclosingSymbol(node.SpanStart, cancellationToken)?.ContainingType; type is not null; type = type.ContainingType)
        {
            if (IsTestClass(type))
            {
                return true;
            }
        }

        return IsTestProject(model.Compilation);
    }

    private static bool IsTestProject(Compilation compilation)
        => compilation.ReferencedAssemblyNames.Any(reference => TestFrameworks.Contains(reference.Name));

    private static INamedTypeSymbol? ContainingTypeOf(IOperation operation, GatewayModel model)
        => model.SemanticsOf(operation.Syntax.SyntaxTree).GetEnclosingSymbol(operation.Syntax.SpanStart)?.ContainingType;

    /// <summary>Whether the type is a chat client or embedding generator of the user's own: with a call inside it is one around another.</summary>
    public static bool IsChatDecorator(INamedTypeSymbol type)
        => type.TypeKind == TypeKind.Class && type.AllInterfaces.Any(IsAbstraction);

    /// <summary>Whether the type is the chat abstraction, or implements it.</summary>
    public static bool IsChatClient(ITypeSymbol? type) => type is not null && (IsAbstraction(type) || type.AllInterfaces.Any(IsAbstraction));

    private static bool IsAbstraction(ITypeSymbol type)
        => type.HasFullName("Microsoft.Extensions.AI", "IChatClient") || type.HasFullName("Microsoft.Extensions.AI", "IEmbeddingGenerator");

    /// <summary>Whether the type is an HTTP handler.</summary>
    public static bool IsHandler(INamedTypeSymbol type) => type.BaseType.SelfAndBases().Any(parent => parent.HasFullName("System.Net.Http", "HttpMessageHandler"));

    private static bool IsHandlerOrDecorator(INamedTypeSymbol type, ClientEntry client)
    {
        if (IsHandler(type)
            || type.BaseType.SelfAndBases().Any(parent => parent.HasFullName("Microsoft.Extensions.AI", "DelegatingChatClient") || parent.HasFullName("Microsoft.Extensions.AI", "DelegatingEmbeddingGenerator")))
        {
            return true;
        }

        // Whoever asks the user's own chat client is a consumer of the abstraction, and seen there.
        return client.Family is ClientFamily.ExtensionsAI or ClientFamily.HttpClient && IsChatDecorator(type);
    }

    /// <summary>Also before the test framework is restored, when the name is all that there is.</summary>
    private static bool IsTestAttribute(INamedTypeSymbol attribute)
        => TestAttributes.Contains(attribute.Name) || (attribute.TypeKind == TypeKind.Error && TestAttributes.Contains(attribute.Name + "Attribute"));

    private static bool IsTestClass(INamedTypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member is IMethodSymbol
                && member.GetAttributes().Any(attribute => attribute.AttributeClass is { } kind && IsTestAttribute(kind)))
            {
                return true;
            }
        }

        return false;
    }
}
