using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Where does a call take a cancellation token": as it is written, by a parameter that it leaves out, or by an overload.</summary>
internal static class TokenParameter
{
    public static bool IsToken(IParameterSymbol parameter) => parameter.Type.HasFullName("System.Threading", "CancellationToken");

    /// <summary>The token as it is written at the call; null where the call passes none.</summary>
    public static IArgumentOperation? PassedBy(IInvocationOperation call)
        => call.Arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter is { } parameter && IsToken(parameter));

    /// <summary>Whether the expression is a token that nobody cancels.</summary>
    public static bool IsNone(IOperation token) => token switch
    {
        IConversionOperation conversion => IsNone(conversion.Operand),
        IDefaultValueOperation => true,
        IPropertyReferenceOperation { Property: { Name: "None", ContainingType.Name: "CancellationToken" } } => true,
        _ => false,
    };

    /// <summary>Whether the method, or an overload that the call could switch to, takes a token.</summary>
    public static bool Exists(IMethodSymbol method) => method.Parameters.Any(IsToken) || InOverload(method) is not null || InEnumerableOverload(method) is not null;

    /// <summary>The token in the same method with a token behind its parameters.</summary>
    public static IParameterSymbol? InOverload(IMethodSymbol method)
    {
        IMethodSymbol definition = method.ReducedFrom ?? method;
        foreach (IMethodSymbol candidate in definition.ContainingType?.GetMembers(definition.Name).OfType<IMethodSymbol>() ?? [])
        {
            if (candidate.Parameters.Length == definition.Parameters.Length + 1
                && candidate.Arity == definition.Arity
                && IsToken(candidate.Parameters[candidate.Parameters.Length - 1])
                && candidate.Parameters.Zip(definition.Parameters, SameType).All(same => same))
            {
                return candidate.Parameters[candidate.Parameters.Length - 1];
            }
        }

        return null;

        static bool SameType(IParameterSymbol left, IParameterSymbol right)
            => left.Type.OriginalDefinition.Equals(right.Type.OriginalDefinition, SymbolEqualityComparer.Default) && left.RefKind == right.RefKind;
    }

    /// <summary>For a method that takes only <c>params T[]</c>: the overload with <c>IEnumerable&lt;T&gt;</c> and a token.</summary>
    public static (ITypeSymbol ElementType, IParameterSymbol Token)? InEnumerableOverload(IMethodSymbol method)
    {
        if (method.Parameters is not [{ IsParams: true, Type: IArrayTypeSymbol { ElementType: var element } }])
        {
            return null;
        }

        foreach (IMethodSymbol candidate in method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>())
        {
            if (candidate.Parameters is [{ Type: INamedTypeSymbol { Name: "IEnumerable", TypeArguments: [var item] } }, ..]
                && item.Equals(element, SymbolEqualityComparer.Default)
                && candidate.Parameters.Skip(1).All(parameter => parameter.IsOptional)
                && candidate.Parameters.FirstOrDefault(IsToken) is { } token)
            {
                return (element, token);
            }
        }

        return null;
    }
}
