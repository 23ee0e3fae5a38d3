using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Is there one of it for all requests": static members, members of singletons, and locals of the program that a handler captures.</summary>
internal static class SharedObjects
{
    private static readonly string[] SingletonRegistrations = ["AddSingleton", "TryAddSingleton", "AddKeyedSingleton"];

    /// <summary>Whether all requests see the same object in the local, field or property.</summary>
    /// <param name="holder">What holds the object.</param>
    /// <param name="use">Code that uses it for a request.</param>
    public static bool Include(ISymbol holder, SyntaxNode use, GatewayModel model, CancellationToken cancellationToken) => holder switch
    {
        ILocalSymbol => IsCapturedByHandler(holder, use, model, cancellationToken),
        IFieldSymbol or IPropertySymbol => (holder.IsStatic && !holder.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ThreadStaticAttribute"))
            || (!holder.IsStatic && IsSingleton(holder.ContainingType, model, cancellationToken)),
        _ => false,
    };

    private static bool IsCapturedByHandler(ISymbol local, SyntaxNode use, GatewayModel model, CancellationToken cancellationToken)
        => RequestHandlers.Around(use, model, cancellationToken) is { } handler
            && model.DeclarationsOf(local, cancellationToken).All(declaration => declaration.SyntaxTree == handler.SyntaxTree && !handler.Span.Contains(declaration.Span));

    /// <summary>Whether the sources register the type, or one derived from it, as a singleton.</summary>
    private static bool IsSingleton(INamedTypeSymbol type, GatewayModel model, CancellationToken cancellationToken)
        => SingletonRegistrations
            .SelectMany(name => model.Index.InvocationsOf(name, cancellationToken))
            .Any(registration => Registers(registration, type, model, cancellationToken));

    private static bool Registers(InvocationExpressionSyntax registration, INamedTypeSymbol type, GatewayModel model, CancellationToken cancellationToken)
    {
        if (model.OperationAt(registration, cancellationToken) is not IInvocationOperation call)
        {
            return false;
        }

        // As a type argument, as an object, as what a factory makes, or by its type.
        IEnumerable<ITypeSymbol?> registered = call.TargetMethod.TypeArguments
            .Concat(registration.ArgumentList.Arguments
                .Select(argument => argument.Expression is LambdaExpressionSyntax { ExpressionBody: { } made } ? made : argument.Expression)
                .OfType<BaseObjectCreationExpressionSyntax>()
                .Select(creation => model.SemanticsOf(creation.SyntaxTree).GetTypeInfo(creation, cancellationToken).Type))
            .Concat(registration.ArgumentList.Arguments
                .Select(argument => argument.Expression)
                .OfType<TypeOfExpressionSyntax>()
                .Select(named => model.SemanticsOf(named.SyntaxTree).GetTypeInfo(named.Type, cancellationToken).Type));
        return registered.Any(candidate => candidate?.IsOrInherits(type.OriginalDefinition) == true);
    }
}
