using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"What repeats this call after a failure, and which code runs again with it".</summary>
/// <param name="Code">The code that runs once for each attempt: the body of a loop, a lambda, a method.</param>
/// <param name="Construct">What repeats it: the loop, or the invocation that executes the lambda.</param>
/// <param name="IsHere">Whether it stands in the function of the call; else a caller repeats the whole method.</param>
internal sealed record RepeatedCode(SyntaxNode Code, SyntaxNode Construct, bool IsHere)
{
    private const int MaxCallerDepth = 2;

    /// <summary>The retry around the call; null where none is in sight.</summary>
    public static RepeatedCode? Around(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        if (At(call.Syntax, model, cancellationToken) is { } here)
        {
            return here;
        }

        HashSet<SyntaxNode> seen = [];
        Queue<(SyntaxNode Site, int Depth)> open = new([(call.Syntax, 0)]);
        while (open.Count > 0)
        {
            (SyntaxNode site, int depth) = open.Dequeue();
            if (depth >= MaxCallerDepth
                || site.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is not { } function
                || !seen.Add(function)
                || model.DeclaredAt(function, cancellationToken) is not IMethodSymbol method)
            {
                continue;
            }

            foreach (IInvocationOperation caller in model.Callers.CallsOf(method, cancellationToken))
            {
                // One caller that repeats the method is enough.
                if (At(caller.Syntax, model, cancellationToken) is { } repeated)
                {
                    return new RepeatedCode(FunctionAround(call.Syntax), repeated.Construct, IsHere: false);
                }

                open.Enqueue((caller.Syntax, depth + 1));
            }
        }

        return null;
    }

    /// <summary>Whether the node stands in the repeated code.</summary>
    public bool Contains(SyntaxNode node) => node.SyntaxTree == Code.SyntaxTree && Code.Span.Contains(node.Span);

    private static SyntaxNode FunctionAround(SyntaxNode node)
        => node.Ancestors().FirstOrDefault(ancestor => ancestor is MemberDeclarationSyntax and not GlobalStatementSyntax or LocalFunctionStatementSyntax) ?? node.SyntaxTree.GetRoot();

    private static RepeatedCode? At(SyntaxNode site, GatewayModel model, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(site.SyntaxTree);
        for (SyntaxNode? node = site; node is not null; node = node.Parent)
        {
            if ((node == site || node is AnonymousFunctionExpressionSyntax) && RetryLoop.Around(node, semantics) is { Purpose: LoopPurpose.Retry } loop)
            {
                return new RepeatedCode(loop.Body, loop.Statement, IsHere: true);
            }

            if (node is AnonymousFunctionExpressionSyntax lambda)
            {
                if (lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax execution } argument
                    && model.OperationAt(execution, cancellationToken) is IInvocationOperation operation
                    && Repeats(operation, argument, model, cancellationToken))
                {
                    return new RepeatedCode(lambda, execution, IsHere: true);
                }

                if (!SyntaxFacts.RunsInPlace(lambda))
                {
                    return null;
                }
            }
            else if (SyntaxFacts.IsFunctionBoundary(node))
            {
                return null;
            }
        }

        return null;
    }

    private static bool Repeats(IInvocationOperation execution, ArgumentSyntax lambda, GatewayModel model, CancellationToken cancellationToken)
    {
        IMethodSymbol method = execution.TargetMethod;
        if (ResilienceSymbols.IsGatewayPipeline(method.ContainingType))
        {
            // Our pipeline repeats what may have run only if the call is declared to carry a key.
            return execution.Arguments.Any(argument => argument.Value is IFieldReferenceOperation { Field: { Name: "Keyed", ContainingType.Name: "CallEffect" } });
        }

        if (method.ContainingType.IsWithin("Polly"))
        {
            return method.Name.StartsWith("Execute", StringComparison.Ordinal)
                && ResiliencePipelines.ReceiverOf(execution) is { } pipeline
                && model.Pipelines.StrategiesOf(pipeline, cancellationToken)?.Any(strategy => strategy.Kind == StrategyKind.Retry) == true;
        }

        return execution.Arguments.FirstOrDefault(argument => argument.Syntax == lambda)?.Parameter?.Name is { } parameter
            && model.DeclarationsOf(method.OriginalDefinition, cancellationToken)
                .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Any(invocation => Invokes(invocation, parameter)
                    && RetryLoop.Around(invocation, model.SemanticsOf(invocation.SyntaxTree)) is { Purpose: LoopPurpose.Retry });
    }

    private static bool Invokes(InvocationExpressionSyntax invocation, string name) => invocation.Expression switch
    {
        IdentifierNameSyntax invoked => invoked.Identifier.ValueText == name,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax invoked, Name.Identifier.ValueText: "Invoke" } => invoked.Identifier.ValueText == name,
        _ => false,
    };
}
