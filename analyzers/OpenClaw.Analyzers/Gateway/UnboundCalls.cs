using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// "What does this invocation call that the compiler could not bind": the one method that it could mean, where an argument without a type is all that is
/// wrong. So it looks while a generator has not run yet: <c>SendAsync(request, OwnJsonContext.Default.Reply, token)</c>.
/// </summary>
/// <remarks>Such an invocation is never reported itself; it is a link between a method and its callers, and says what they pass.</remarks>
internal static class UnboundCalls
{
    /// <summary>The method of these sources that is the only candidate; null where there is none, or something else is wrong.</summary>
    public static IMethodSymbol? TargetOf(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(invocation.SyntaxTree);
        SymbolInfo info = semantics.GetSymbolInfo(invocation, cancellationToken);
        return info.Symbol is null
            && info.CandidateSymbols is [IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } candidate]
            && model.IsDeclaredHere(candidate.OriginalDefinition)
            && invocation.ArgumentList.Arguments.Any(argument => semantics.GetTypeInfo(argument.Expression, cancellationToken).Type is IErrorTypeSymbol)
            && invocation.ArgumentList.Arguments.Count <= candidate.Parameters.Length
                ? candidate
                : null;
    }

    /// <summary>What the invocation passes for a parameter; null where it leaves the parameter out.</summary>
    public static IOperation? ArgumentFor(InvocationExpressionSyntax invocation, IParameterSymbol parameter, GatewayModel model, CancellationToken cancellationToken)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = invocation.ArgumentList.Arguments;
        ArgumentSyntax? passed = arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == parameter.Name)
            ?? (parameter.Ordinal < arguments.Count && arguments[parameter.Ordinal].NameColon is null ? arguments[parameter.Ordinal] : null);
        return passed is null ? null : model.OperationAt(passed.Expression, cancellationToken);
    }
}
