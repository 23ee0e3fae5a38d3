using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// "Does this method serve callers": without the caller's identity among its inputs, two who ask the same would share one run. Which of the inputs that
/// identity is no code can tell.
/// </summary>
internal static class RequestHandlers
{
    private static readonly string[] Frameworks =
    [
        "Microsoft.AspNetCore", "Microsoft.Azure.Functions", "Microsoft.Azure.WebJobs", "ModelContextProtocol", "Microsoft.SemanticKernel", "Grpc.Core", "Amazon.Lambda",
    ];

    public static bool Include(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (IsOfFramework(type) || type.AllInterfaces.Any(IsOfFramework) || type.GetAttributes().Any(attribute => IsOfFramework(attribute.AttributeClass)))
            {
                return true;
            }
        }

        return method.GetAttributes().Any(attribute => IsOfFramework(attribute.AttributeClass))
            || method.Parameters.Any(parameter => IsOfFramework(parameter.Type) || parameter.GetAttributes().Any(attribute => IsOfFramework(attribute.AttributeClass)));
    }

    private static bool IsOfFramework(ITypeSymbol? type) => Frameworks.Any(type.IsWithin);
}
