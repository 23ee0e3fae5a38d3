using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// "Can this invocation run the method": by what the variable before the dot is declared to be, so that no body is bound for another method of the
/// name. Names such as <c>RunAsync</c> are everywhere.
/// </summary>
internal sealed class Receivers
{
    private readonly IMethodSymbol _method;
    private readonly GatewayModel _model;
    private readonly IReadOnlyList<INamedTypeSymbol> _types;

    public Receivers(IMethodSymbol method, GatewayModel model)
    {
        _method = method;
        _model = model;
        _types = [.. TypesOf(method).Select(type => type.OriginalDefinition)];
    }

    public bool MayReach(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
    {
        if (_method.IsExtensionMethod || _method.ContainingType is null || _method.MethodKind == MethodKind.LocalFunction)
        {
            return true;
        }

        SemanticModel semantics = _model.SemanticsOf(invocation.SyntaxTree);
        return ReceiverOf(invocation) switch
        {
            IdentifierNameSyntax name => MayHold(semantics.LookupSymbols(name.SpanStart, container: null, name.Identifier.ValueText)),
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax member }
                => MayHold(semantics.LookupSymbols(member.SpanStart, semantics.GetEnclosingSymbol(member.SpanStart, cancellationToken)?.ContainingType, member.Identifier.ValueText)),
            null when invocation.Expression is SimpleNameSyntax && !_method.IsStatic => IsInside(semantics.GetEnclosingSymbol(invocation.SpanStart, cancellationToken)?.ContainingType),
            _ => true,
        };
    }

    /// <summary>The types on which a call of the method is found: its own, those of what it overrides, and the interfaces that have its name.</summary>
    private static IEnumerable<INamedTypeSymbol> TypesOf(IMethodSymbol method)
    {
        for (IMethodSymbol? current = method; current is { ContainingType: not null }; current = current.OverriddenMethod)
        {
            yield return current.ContainingType;
        }

        if (method.ContainingType is { } type)
        {
            foreach (INamedTypeSymbol implemented in type.AllInterfaces)
            {
                if (implemented.GetMembers(method.Name).Length > 0)
                {
                    yield return implemented;
                }
            }
        }
    }

    /// <summary>What stands before the dot: <c>x</c> in <c>x.Send()</c>, <c>this.x.Send()</c> and <c>x?.Send()</c>; null where nothing does.</summary>
    private static ExpressionSyntax? ReceiverOf(InvocationExpressionSyntax invocation)
        => invocation.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            MemberBindingExpressionSyntax => (invocation.Parent as ConditionalAccessExpressionSyntax)?.Expression ?? invocation,
            _ => null,
        };

    private bool MayHold(IReadOnlyList<ISymbol> variables)
        => variables.Count != 1 || variables[0] switch
        {
            ILocalSymbol local => MayBe(local.Type),
            IParameterSymbol parameter => MayBe(parameter.Type),
            IFieldSymbol field => MayBe(field.Type),
            IPropertySymbol property => MayBe(property.Type),
            INamedTypeSymbol type => MayBe(type),
            _ => true,
        };

    private bool IsInside(INamedTypeSymbol? around)
    {
        for (; around is not null; around = around.ContainingType)
        {
            if (MayBe(around))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the method may be found on the type. Of a type parameter, a dynamic value or a type that is missing nothing is known.</summary>
    private bool MayBe(ITypeSymbol declared)
        => declared is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct or TypeKind.Interface } || _types.Any(declared.IsOrInherits);
}
