using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Who calls a method of the sources, and who hands it over as a delegate.</summary>
internal sealed class CallerIndex(GatewayModel model)
{
    private readonly ConcurrentDictionary<IMethodSymbol, Invocations> _calls = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, Uses<IObjectCreationOperation>> _creations = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<IMethodSymbol, Uses<IMethodReferenceOperation>> _references = new(SymbolEqualityComparer.Default);

    /// <summary>The invocations of the method, also through an interface that it implements or a method that it overrides.</summary>
    public IReadOnlyList<IInvocationOperation> CallsOf(IMethodSymbol method, CancellationToken cancellationToken) => UsesAsCall(method, cancellationToken).Bound;

    /// <summary>Where the method is invoked, also where an argument without a type keeps the invocation from being bound.</summary>
    public IEnumerable<SyntaxNode> SitesOf(IMethodSymbol method, CancellationToken cancellationToken) => UsesAsCall(method, cancellationToken).Sites;

    /// <summary>Whether <see cref="CallsOf"/> and <see cref="SitesOf"/> are all that the sources may have: what none of them does, another could do otherwise.</summary>
    public bool AreAllCallsKnown(IMethodSymbol method, CancellationToken cancellationToken) => UsesAsCall(method, cancellationToken).AreAll;

    /// <summary>What the invocations in sight pass for a parameter of the method.</summary>
    public IEnumerable<IOperation> ArgumentsFor(IMethodSymbol method, IParameterSymbol parameter, CancellationToken cancellationToken)
    {
        Invocations calls = UsesAsCall(method, cancellationToken);
        return calls.Bound.Select(call => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value)
            .Concat(calls.Unbound.Select(call => UnboundCalls.ArgumentFor(call, parameter, model, cancellationToken)))
            .OfType<IOperation>();
    }

    /// <summary>The creations of objects by the constructor.</summary>
    public IReadOnlyList<IObjectCreationOperation> CreationsBy(IMethodSymbol constructor, CancellationToken cancellationToken) => UsesAsCreation(constructor, cancellationToken).Known;

    /// <summary>Whether <see cref="CreationsBy"/> are all that the sources may have.</summary>
    public bool AreAllCreationsKnown(IMethodSymbol constructor, CancellationToken cancellationToken) => UsesAsCreation(constructor, cancellationToken).AreAll;

    /// <summary>The places where the method is made a delegate.</summary>
    public IReadOnlyList<IMethodReferenceOperation> ReferencesTo(IMethodSymbol method, CancellationToken cancellationToken) => UsesAsReference(method, cancellationToken).Known;

    /// <summary>Whether <see cref="ReferencesTo"/> are all that the sources may have.</summary>
    public bool AreAllReferencesKnown(IMethodSymbol method, CancellationToken cancellationToken) => UsesAsReference(method, cancellationToken).AreAll;

    private Invocations UsesAsCall(IMethodSymbol method, CancellationToken cancellationToken)
        => _calls.GetOrAdd(
            method.OriginalDefinition,
            key =>
            {
                List<IInvocationOperation> bound = [];
                List<InvocationExpressionSyntax> unbound = [];
                var receivers = new Receivers(key, model);
                IEnumerable<InvocationExpressionSyntax> places = model.Index.InvocationsOf(key.Name, cancellationToken)
                    .Where(node => IsInReach(node.SyntaxTree, key) && MayTake(node.ArgumentList, key) && receivers.MayReach(node, cancellationToken));
                IReadOnlyList<InvocationExpressionSyntax> within = ForeignBodies.Within(places, key, out bool areAll);
                foreach (InvocationExpressionSyntax node in within)
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

                return new Invocations(bound, unbound, areAll);
            });

    private Uses<IObjectCreationOperation> UsesAsCreation(IMethodSymbol constructor, CancellationToken cancellationToken)
        => _creations.GetOrAdd(
            constructor.OriginalDefinition,
            key => Find<IObjectCreationOperation>(
                model.Index.CreationsOf(key.ContainingType.Name, cancellationToken)
                    .Concat(model.Index.CreationsOf("", cancellationToken).Where(node => SourceIndex.DeclaredTypeNameOf(node) is not { } name || name == key.ContainingType.Name))
                    .Where(node => MayTake(node.ArgumentList, key)),
                key,
                creation => key.Equals(creation.Constructor?.OriginalDefinition, SymbolEqualityComparer.Default),
                cancellationToken));

    private Uses<IMethodReferenceOperation> UsesAsReference(IMethodSymbol method, CancellationToken cancellationToken)
        => _references.GetOrAdd(
            method.OriginalDefinition,
            key => Find<IMethodReferenceOperation>(
                model.Index.ValuesOf(key.Name, cancellationToken).Where(node => IsInReach(node.SyntaxTree, key)),
                key,
                reference => Reaches(reference.Method, key),
                cancellationToken));

    private Uses<TOperation> Find<TOperation>(IEnumerable<SyntaxNode> places, IMethodSymbol method, Func<TOperation, bool> isUse, CancellationToken cancellationToken)
        where TOperation : class, IOperation
    {
        IReadOnlyList<SyntaxNode> within = ForeignBodies.Within(places, method, out bool areAll);
        return new([.. within.Select(node => model.OperationAt(node, cancellationToken)).OfType<TOperation>().Where(isUse)], areAll);
    }

    /// <summary>Whether the method has parameters for so many arguments: another method of the name is told without binding what calls it.</summary>
    private static bool MayTake(ArgumentListSyntax? arguments, IMethodSymbol method)
        => arguments is null || arguments.Arguments.Count <= method.Parameters.Length || method.Parameters is [.., { IsParams: true } or { Type.TypeKind: TypeKind.Array }];

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

    /// <param name="Bound">The invocations that were looked at.</param>
    /// <param name="Unbound">Those among them that an argument without a type keeps from being bound.</param>
    /// <param name="AreAll">Whether there are no others.</param>
    private sealed record Invocations(IReadOnlyList<IInvocationOperation> Bound, IReadOnlyList<InvocationExpressionSyntax> Unbound, bool AreAll)
    {
        public IEnumerable<SyntaxNode> Sites => Bound.Select(call => call.Syntax).Concat(Unbound);
    }

    /// <param name="Known">The uses that were looked at.</param>
    /// <param name="AreAll">Whether there are no others.</param>
    private sealed record Uses<TOperation>(IReadOnlyList<TOperation> Known, bool AreAll);
}
