using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Who calls a method of the sources, and who hands it over as a delegate.</summary>
internal sealed class CallerIndex(GatewayModel model)
{
    private readonly ConcurrentDictionary<IMethodSymbol, Callers> _calls = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<IObjectCreationOperation>> _creations = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<IMethodReferenceOperation>> _references = new(SymbolEqualityComparer.Default);

    /// <summary>The invocations of the method, also through an interface that it implements or a method that it overrides.</summary>
    public IReadOnlyList<IInvocationOperation> CallsOf(IMethodSymbol method, CancellationToken cancellationToken) => Find(method, cancellationToken).Bound;

    /// <summary>Where the method is invoked, also where an argument without a type keeps the invocation from being bound.</summary>
    public IEnumerable<SyntaxNode> SitesOf(IMethodSymbol method, CancellationToken cancellationToken)
        => Find(method, cancellationToken).Sites;

    /// <summary>What the invocations in sight pass for a parameter of the method.</summary>
    public IEnumerable<IOperation> ArgumentsFor(IMethodSymbol method, IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        Callers callers = Find(method, cancellationToken);
        return callers.Bound.Select(call => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value)
            .Concat(callers.Unbound.Select(call => UnboundCalls.ArgumentFor(call, parameter, model, cancellationToken)))
            .OfType<IOperation>();
    }

    private Callers Find(IMethodSymbol method, CancellationToken cancellationToken)
        => _calls.GetOrAdd(
            method.OriginalDefinition,
            key =>
            {
                List<IInvocationOperation> bound = [];
                List<InvocationExpressionSyntax> unbound = [];
                foreach (InvocationExpressionSyntax node in model.Index.InvocationsOf(key.Name, cancellationToken).Where(node => IsInReach(node.SyntaxTree, key)))
                {
                    if (model.OperationAt(node, cancellationToken) is IInvocationOperation call)
                    {
                        if (Reaches(call.TargetMethod, key))
                        {
                            bound.Add(call);
                        }
                    }
                    else if (UnboundCalls.TargetOf(node, model, cancellationToken) is { } target && Reaches(target, key))
                    {
                        unbound.Add(node);
                    }
                }

                return new Callers(bound, unbound);
            });

    /// <summary>The creations of objects by the constructor.</summary>
    public IReadOnlyList<IObjectCreationOperation> CreationsBy(IMethodSymbol constructor, CancellationToken cancellationToken)
        => _creations.GetOrAdd(
            constructor.OriginalDefinition,
            key =>
            [
                .. model.Index.CreationsOf(key.ContainingType.Name, cancellationToken).Concat(model.Index.CreationsOf("", cancellationToken))
                    .Where(node => node.ArgumentList is null || node.ArgumentList.Arguments.Count <= key.Parameters.Length)
                    .Select(node => model.OperationAt(node, cancellationToken))
                    .OfType<IObjectCreationOperation>()
                    .Where(creation => key.Equals(creation.Constructor?.OriginalDefinition, SymbolEqualityComparer.Default)),
            ]);

    /// <summary>The places where the method is made a delegate.</summary>
    public IReadOnlyList<IMethodReferenceOperation> ReferencesTo(IMethodSymbol method, CancellationToken cancellationToken)
        => _references.GetOrAdd(
            method.OriginalDefinition,
            key =>
            [
                .. model.Index.ValuesOf(key.Name, cancellationToken)
                    .Where(node => IsInReach(node.SyntaxTree, key))
                    .Select(node => model.OperationAt(node, cancellationToken))
                    .OfType<IMethodReferenceOperation>()
                    .Where(reference => Reaches(reference.Method, key)),
            ]);

    /// <summary>The method, or what implements or overrides it: where the work is done, as far as it is in sight.</summary>
    public IReadOnlyList<IMethodSymbol> BodiesOf(IMethodSymbol method)
    {
        method = (method.ReducedFrom ?? method).OriginalDefinition;
        return method is { IsAbstract: false, IsVirtual: false }
            ? model.IsDeclaredHere(method) ? [method] : []
            : [.. model.Compilation.GetSymbolsWithName(method.Name, SymbolFilter.Member).OfType<IMethodSymbol>().Where(candidate => !candidate.IsAbstract && Reaches(method, candidate))];
    }

    /// <summary>Whether code of the document may name the method. Names such as <c>RunAsync</c> are everywhere, and binding what calls another one is dear.</summary>
    private static bool IsInReach(SyntaxTree tree, IMethodSymbol method)
    {
        ISymbol? bounds = method switch
        {
            { MethodKind: MethodKind.LocalFunction } => method,
            { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: Accessibility.Private } => method.ContainingType,
            _ => null,
        };
        return bounds is null || bounds.DeclaringSyntaxReferences.Any(part => part.SyntaxTree == tree);
    }

    /// <summary>Whether a call of the one method may run the other: itself, its implementation or its override.</summary>
    public static bool Reaches(IMethodSymbol called, IMethodSymbol method)
    {
        called = (called.ReducedFrom ?? called).OriginalDefinition;
        if (called.Equals(method, SymbolEqualityComparer.Default))
        {
            return true;
        }

        if (called.ContainingType?.TypeKind == TypeKind.Interface)
        {
            return method.ContainingType?.AllInterfaces.Any(type => type.OriginalDefinition.Equals(called.ContainingType, SymbolEqualityComparer.Default)) == true
                && method.ContainingType.FindImplementationForInterfaceMember(InterfaceMember(method.ContainingType, called))
                    ?.OriginalDefinition.Equals(method, SymbolEqualityComparer.Default) == true;
        }

        for (IMethodSymbol? overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
        {
            if (overridden.OriginalDefinition.Equals(called, SymbolEqualityComparer.Default))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The member of the constructed interface that the type implements: a look-up by the open definition finds nothing.</summary>
    private static ISymbol InterfaceMember(INamedTypeSymbol type, IMethodSymbol definition)
        => type.AllInterfaces
            .Where(candidate => candidate.OriginalDefinition.Equals(definition.ContainingType, SymbolEqualityComparer.Default))
            .SelectMany(candidate => candidate.GetMembers(definition.Name))
            .First(member => member.OriginalDefinition.Equals(definition, SymbolEqualityComparer.Default));

    private sealed record Callers(IReadOnlyList<IInvocationOperation> Bound, IReadOnlyList<InvocationExpressionSyntax> Unbound)
    {
        public IEnumerable<SyntaxNode> Sites => Bound.Select(call => call.Syntax).Concat(Unbound);
    }
}
