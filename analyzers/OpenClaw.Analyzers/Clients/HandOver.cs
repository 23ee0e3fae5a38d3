using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>"Where does somebody else get this variable's value and may keep or dispose of it". What is not known to leave it alone takes it over.</summary>
internal sealed class HandOver(GatewayModel model, CancellationToken cancellationToken)
{
    // A helper that sends a message, and one below it that sends a frame.
    private const int MaxCalleeDepth = 2;

    /// <summary>The first such place in the scope of a local or parameter; null where there is none.</summary>
    public SyntaxNode? FirstOf(ISymbol holder, SyntaxNode scope) => FirstOf(holder, scope, depth: 0);

    private SyntaxNode? FirstOf(ISymbol holder, SyntaxNode scope, int depth)
    {
        foreach (IdentifierNameSyntax use in scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (use.Identifier.ValueText == holder.Name
                && IsAt(use, holder, scope, depth)
                && holder.Equals(model.SemanticsOf(use.SyntaxTree).GetSymbolInfo(use, cancellationToken).Symbol, SymbolEqualityComparer.Default))
            {
                return use;
            }
        }

        return null;
    }

    private bool IsAt(IdentifierNameSyntax use, ISymbol holder, SyntaxNode scope, int depth)
    {
        // A lambda or local function that uses the client may run, and end it, at any time.
        if (use.Ancestors().TakeWhile(node => node != scope).Any(SyntaxFacts.IsFunctionBoundary)
            && !scope.DescendantNodes().OfType<VariableDeclaratorSyntax>().Any(variable => variable.Identifier.ValueText == holder.Name
                && variable.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) == use.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary)))
        {
            return true;
        }

        ExpressionSyntax value = use;
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax
            || value.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.AsExpression }
            || (value.Parent is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }))
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value.Parent switch
        {
            ArgumentSyntax argument => !IsBorrowed(argument, depth),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } => !IsBorrowed(call, depth),
            ConditionalAccessExpressionSyntax access => access.WhenNotNull.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Any(call => !IsBorrowed(call, depth)),
            IsPatternExpressionSyntax pattern => pattern.Pattern.DescendantNodesAndSelf().Any(node => node is SingleVariableDesignationSyntax),
            MemberAccessExpressionSyntax or BinaryExpressionSyntax => false,
            _ => true,
        };
    }

    /// <summary>Whether the method only uses its argument while the caller waits: one of the framework that reads it, or one of the sources that keeps nothing.</summary>
    private bool IsBorrowed(ArgumentSyntax argument, int depth)
    {
        if (argument is not { RefKindKeyword.RawKind: 0, Parent.Parent: InvocationExpressionSyntax call }
            || model.OperationAt(argument, cancellationToken) is not IArgumentOperation { Parameter: { } parameter, Parent: IInvocationOperation { TargetMethod: var method } })
        {
            return false;
        }

        return method.Name is "ThrowIfNull" or "ReferenceEquals" or "KeepAlive"
            || method.ContainingType.HasFullName("System", "Console")
            || LeavesAlone(call, method, parameter, depth);
    }

    /// <summary>An extension method gets the client like any argument; a method of its own, and an extension by which calls are made, leave it alone.</summary>
    private bool IsBorrowed(InvocationExpressionSyntax call, int depth)
        => model.OperationAt(call, cancellationToken) is not IInvocationOperation { TargetMethod: { IsExtensionMethod: true } method }
            || model.Symbols.TryGetCall(method, out _, out _)
            || LeavesAlone(call, method, (method.ReducedFrom ?? method).Parameters[0], depth);

    private bool LeavesAlone(InvocationExpressionSyntax call, IMethodSymbol method, IParameterSymbol parameter, int depth)
        => depth < MaxCalleeDepth
            && !method.IsVirtual && !method.IsAbstract && !method.IsOverride
            && IsWaitedFor(call, method)
            && model.DeclarationsOf(method, cancellationToken).ToList() is { Count: > 0 } declarations
            && declarations.All(declaration => !Disposals.Of(parameter.Name, declaration).Any()
                && FirstOf(method.OriginalDefinition.Parameters[parameter.Ordinal], declaration, depth + 1) is null);

    /// <summary>Whether the method has ended when the caller goes on.</summary>
    private static bool IsWaitedFor(InvocationExpressionSyntax call, IMethodSymbol method)
        => call.Parent is AwaitExpressionSyntax
            || call.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent.Parent: AwaitExpressionSyntax }
            || (!method.IsAsync && (method.ReturnsVoid || method.ReturnType.IsValueType || method.ReturnType.SpecialType == SpecialType.System_String)
                && !method.ReturnType.IsWithin("System.Threading.Tasks"));
}
