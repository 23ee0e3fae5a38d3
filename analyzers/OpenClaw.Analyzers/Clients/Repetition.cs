using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>"Does this code visibly run more than once": in a loop, in a callback, or in a method that is called so.</summary>
internal static class Repetition
{
    private const int MaxCallerDepth = 3;

    /// <summary>Whether code runs more than once for the same object. A call on an object that is made anew for each pass does not count.</summary>
    public static bool IsRepeated(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
    {
        HashSet<ISymbol> visited = new(SymbolEqualityComparer.Default);
        Queue<(SyntaxNode Code, int Depth)> open = new([(code, 0)]);
        while (open.Count > 0)
        {
            (SyntaxNode current, int depth) = open.Dequeue();
            if (RepeatedBy(current) is { } repeater && !IsMadeWithin(repeater, current, model, cancellationToken))
            {
                return true;
            }

            if (depth == MaxCallerDepth
                || model.SemanticsOf(current.SyntaxTree).GetEnclosingSymbol(current.SpanStart, cancellationToken) is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method
                || !visited.Add(method))
            {
                continue;
            }

            IReadOnlyList<IInvocationOperation> calls = model.Callers.CallsOf(method, cancellationToken);
            if (calls.GroupBy(call => call.Instance is null ? null : ObjectSetup.SymbolOf(call.Instance), SymbolEqualityComparer.Default).Any(ofObject => ofObject.Count() > 1))
            {
                return true;
            }

            foreach (IInvocationOperation call in calls)
            {
                open.Enqueue((call.Syntax, depth + 1));
            }
        }

        return false;
    }

    /// <summary>The loop or callback around, in the same function.</summary>
    private static SyntaxNode? RepeatedBy(SyntaxNode code)
    {
        foreach (SyntaxNode node in code.Ancestors())
        {
            if (node is AnonymousFunctionExpressionSyntax lambda)
            {
                if (!SyntaxFacts.RunsInPlace(lambda))
                {
                    return lambda;
                }
            }
            else if (SyntaxFacts.IsFunctionBoundary(node))
            {
                return null;
            }
            else if (node is WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax
                || (node is ForStatementSyntax loop && loop.Declaration?.Span.Contains(code.Span) != true))
            {
                return node;
            }
        }

        return null;
    }

    private static bool IsMadeWithin(SyntaxNode repeater, SyntaxNode call, GatewayModel model, CancellationToken cancellationToken)
        => call is InvocationExpressionSyntax
            && model.OperationAt(call, cancellationToken) is IInvocationOperation { Instance: ILocalReferenceOperation { Local: var local } }
            && local.DeclaringSyntaxReferences.Any(reference => repeater.Span.Contains(reference.Span));
}
