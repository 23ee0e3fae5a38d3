using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Does this invocation lead to a gateway call": directly, or through methods of the same sources.</summary>
internal sealed class GatewayReach(GatewayModel model)
{
    private const int MaxDepth = 2;

    // With the depth: an answer found at the end of the search is not the answer to the question at its start.
    private readonly ConcurrentDictionary<(ISymbol Method, int Depth), GatewayCall?> _byMethod = new(MethodAndDepth.Instance);
    private readonly ConcurrentDictionary<IMethodSymbol, GatewayCall?> _byContract = new(SymbolEqualityComparer.Default);

    /// <summary>The gateway call behind the invocation, through at most two methods; null where there is none in sight.</summary>
    public GatewayCall? From(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => From(invocation, depth: 0, cancellationToken);

    /// <summary>The gateway call that the invocation makes, or that the method makes which it invokes, also through a contract of the sources.</summary>
    public GatewayCall? FromNear(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => From(invocation, depth: MaxDepth - 1, cancellationToken) ?? ThroughContract(invocation, cancellationToken);

    private GatewayCall? From(InvocationExpressionSyntax invocation, int depth, CancellationToken cancellationToken)
    {
        if (model.CallAt(invocation, cancellationToken) is { } direct)
        {
            return direct;
        }

        if (InLambdaOf(invocation, depth, cancellationToken) is { } executed)
        {
            return executed;
        }

        return depth < MaxDepth && model.Index.IsWrapper(SourceIndex.NameOf(invocation), cancellationToken)
            && model.OperationAt(invocation, cancellationToken) is IInvocationOperation { TargetMethod: { } method } && model.IsDeclaredHere(method)
                ? Behind(method.OriginalDefinition, depth, cancellationToken)
                : null;
    }

    private GatewayCall? Behind(IMethodSymbol method, int depth, CancellationToken cancellationToken)
        => _byMethod.GetOrAdd((method, depth), key => Inside(key.Method, key.Depth, cancellationToken));

    private GatewayCall? ThroughContract(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => model.Index.IsWrapper(SourceIndex.NameOf(invocation), cancellationToken)
            && model.OperationAt(invocation, cancellationToken) is IInvocationOperation { TargetMethod: { IsAbstract: true } contract } && model.IsDeclaredHere(contract)
                ? _byContract.GetOrAdd(contract.OriginalDefinition, key => InEveryBody(key, cancellationToken))
                : null;

    /// <summary>
    /// The call behind a contract of these sources, where whatever fulfils it makes one: a provider interface. Where one body does something else the
    /// contract is wider, a tool or a step. A body that hands on to the same contract, or that does not bind, says neither.
    /// </summary>
    private GatewayCall? InEveryBody(IMethodSymbol contract, CancellationToken cancellationToken)
    {
        GatewayCall? found = null;
        foreach (IMethodSymbol body in model.Callers.BodiesOf(contract))
        {
            if (Inside(body, MaxDepth - 1, cancellationToken) is { } call)
            {
                found ??= call;
            }
            else if (!HandsOn(body, contract, cancellationToken))
            {
                return null;
            }
        }

        return found;
    }

    private bool HandsOn(IMethodSymbol body, IMethodSymbol contract, CancellationToken cancellationToken)
        => model.InvocationsIn(body, cancellationToken).Select(inner => model.TargetOf(inner, cancellationToken))
            .Any(target => target is null || contract.Equals(target.OriginalDefinition, SymbolEqualityComparer.Default));

    /// <summary>A call that a pipeline or the like executes for the invocation.</summary>
    private GatewayCall? InLambdaOf(InvocationExpressionSyntax invocation, int depth, CancellationToken cancellationToken)
    {
        foreach (ArgumentSyntax argument in invocation.ArgumentList.Arguments)
        {
            if (argument.Expression is AnonymousFunctionExpressionSyntax lambda && SyntaxFacts.RunsInPlace(lambda))
            {
                foreach (InvocationExpressionSyntax inner in SyntaxFacts.DescendantsInSameFunction(lambda).OfType<InvocationExpressionSyntax>())
                {
                    if (From(inner, depth, cancellationToken) is { } call)
                    {
                        return call;
                    }
                }
            }
        }

        return null;
    }

    private GatewayCall? Inside(ISymbol method, int depth, CancellationToken cancellationToken)
        => model.InvocationsIn(method, cancellationToken)
            .Select(inner => From(inner, depth + 1, cancellationToken))
            .FirstOrDefault(call => call is not null);
}
