using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Does this invocation lead to a gateway call": directly, or through methods of the same sources.</summary>
internal sealed class GatewayReach(GatewayModel model)
{
    private const int MaxDepth = 2;

    // With the depth: an answer found at the end of the search is not the answer to the question at its start.
    private readonly ConcurrentDictionary<(ISymbol Method, int Depth), GatewayCall?> _byMethod = new(MethodAndDepth.Instance);

    /// <summary>The gateway call behind the invocation, through at most two methods; null where there is none in sight.</summary>
    public GatewayCall? From(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => From(invocation, depth: 0, cancellationToken);

    /// <summary>The gateway call that the invocation makes, or that the method makes which it invokes.</summary>
    public GatewayCall? FromNear(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => From(invocation, depth: MaxDepth - 1, cancellationToken);

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
            && model.TargetOf(invocation, cancellationToken) is { } method && model.IsDeclaredHere(method)
                ? Behind(method.OriginalDefinition, depth, cancellationToken)
                : null;
    }

    private GatewayCall? Behind(IMethodSymbol method, int depth, CancellationToken cancellationToken)
        => _byMethod.GetOrAdd((method, depth), key => Inside(key.Method, key.Depth, cancellationToken));

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
        => model.DeclarationsOf(method, cancellationToken)
            .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(inner => From(inner, depth + 1, cancellationToken))
            .FirstOrDefault(call => call is not null);
}
