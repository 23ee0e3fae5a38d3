using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Does this code serve callers": the frameworks through which somebody else asks for what a method does.</summary>
internal static class RequestHandlers
{
    // Enough for a handler, its service and what that calls.
    private const int MaxDepth = 3;

    // These serve as many callers as come.
    private static readonly string[] Servers =
    [
        "Microsoft.AspNetCore", "Microsoft.Azure.Functions", "Microsoft.Azure.WebJobs", "Grpc.Core", "Amazon.Lambda",
    ];

    // The plug-ins of one agent may have one caller or many.
    private static readonly string[] PlugIns = ["ModelContextProtocol", "Microsoft.SemanticKernel"];

    /// <summary>
    /// Whether the method serves callers: without the caller's identity among its inputs, two who ask the same would share one run. Which of the inputs that
    /// identity is no code can tell.
    /// </summary>
    public static bool Include(IMethodSymbol method)
        => IsHandler(method, static type => Servers.Any(type.IsWithin) || PlugIns.Any(type.IsWithin));

    /// <summary>Whether the code runs for several callers at once: in a handler of a server, or in a method that such a handler calls.</summary>
    public static bool Reach(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken) => Reach(code, model, depth: 0, cancellationToken);

    /// <summary>The function that the server calls for each request around the code; null where the code is in none.</summary>
    public static SyntaxNode? Around(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
        => code.AncestorsAndSelf().OfType<AnonymousFunctionExpressionSyntax>().FirstOrDefault(lambda => IsMapped(lambda, model, cancellationToken));

    private static bool Reach(SyntaxNode code, GatewayModel model, int depth, CancellationToken cancellationToken)
    {
        if (Around(code, model, cancellationToken) is not null)
        {
            return true;
        }

        ISymbol? around = model.SemanticsOf(code.SyntaxTree).GetEnclosingSymbol(code.SpanStart, cancellationToken);
        while (around is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
        {
            around = around.ContainingSymbol;
        }

        return around is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation } method
            && (IsHandler(method, IsOfServer)
                || model.Callers.ReferencesTo(method, cancellationToken).Any(reference => IsMapped(reference.Syntax, model, cancellationToken))
                || (depth < MaxDepth
                    && model.Callers.CallsOf(method, cancellationToken).Any(call => Reach(call.Syntax, model, depth + 1, cancellationToken))));
    }

    /// <summary>Whether the lambda or method group is mapped to a route: <c>app.MapPost(…)</c>.</summary>
    public static bool IsMapped(SyntaxNode function, GatewayModel model, CancellationToken cancellationToken)
        => function.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }
            && SourceIndex.NameOf(invocation).StartsWith("Map", StringComparison.Ordinal)
            && model.OperationAt(invocation, cancellationToken) is IInvocationOperation { TargetMethod: var method }
            && IsOfServer((method.ReducedFrom ?? method).ContainingType);

    /// <summary>A component of a page belongs to one visitor.</summary>
    private static bool IsOfServer(ITypeSymbol? type) => Servers.Any(type.IsWithin) && !type.IsWithin("Microsoft.AspNetCore.Components");

    private static bool IsHandler(IMethodSymbol method, Func<ITypeSymbol?, bool> isOfFramework)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (isOfFramework(type) || type.AllInterfaces.AsEnumerable().Any(isOfFramework) || type.GetAttributes().Any(attribute => isOfFramework(attribute.AttributeClass)))
            {
                return true;
            }
        }

        return method.GetAttributes().Any(attribute => isOfFramework(attribute.AttributeClass))
            || method.Parameters.Any(parameter => isOfFramework(parameter.Type) || parameter.GetAttributes().Any(attribute => isOfFramework(attribute.AttributeClass)));
    }
}
