using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What one strategy of a pipeline does.</summary>
internal enum StrategyKind
{
    Retry,
    CircuitBreaker,
    Timeout,
    Hedging,
    Fallback,
    Limiter,

    /// <summary>Something of another library, or of the user's own.</summary>
    Other,
}

/// <summary>One strategy of a pipeline: a call that adds it to a builder of Polly 8, or that makes a policy of Polly 7.</summary>
internal sealed record PipelineStrategy(StrategyKind Kind, IInvocationOperation Added)
{
    public InvocationExpressionSyntax Syntax => (InvocationExpressionSyntax)Added.Syntax;

    public bool IsVersion8 => Added.TargetMethod.Name.StartsWith("Add", StringComparison.Ordinal);
}

/// <summary>"Which strategies has this pipeline, and in what order": outermost first. Null where the sources do not tell all of them.</summary>
internal sealed class ResiliencePipelines(GatewayModel model)
{
    private const string Polly = "Polly";

    private static readonly Dictionary<string, StrategyKind> Kinds = new(StringComparer.Ordinal)
    {
        ["AddRetry"] = StrategyKind.Retry,
        ["AddCircuitBreaker"] = StrategyKind.CircuitBreaker,
        ["AddTimeout"] = StrategyKind.Timeout,
        ["AddHedging"] = StrategyKind.Hedging,
        ["AddFallback"] = StrategyKind.Fallback,
        ["AddConcurrencyLimiter"] = StrategyKind.Limiter,
        ["AddRateLimiter"] = StrategyKind.Limiter,
        ["Retry"] = StrategyKind.Retry,
        ["RetryForever"] = StrategyKind.Retry,
        ["WaitAndRetry"] = StrategyKind.Retry,
        ["WaitAndRetryForever"] = StrategyKind.Retry,
        ["CircuitBreaker"] = StrategyKind.CircuitBreaker,
        ["AdvancedCircuitBreaker"] = StrategyKind.CircuitBreaker,
        ["Timeout"] = StrategyKind.Timeout,
        ["Fallback"] = StrategyKind.Fallback,
        ["Bulkhead"] = StrategyKind.Limiter,
        ["RateLimit"] = StrategyKind.Limiter,
    };

    /// <summary>The kind of strategy that a method of this name adds or makes, in whichever library; null where it is none.</summary>
    public static StrategyKind? KindOf(string methodName)
        => Kinds.TryGetValue(WithoutAsync(methodName), out StrategyKind kind) ? kind
            : methodName.StartsWith("Add", StringComparison.Ordinal) ? StrategyKind.Other
            : null;

    /// <summary>The strategies of the pipeline or policy that an expression stands for.</summary>
    public IReadOnlyList<PipelineStrategy>? StrategiesOf(IOperation pipeline, CancellationToken cancellationToken)
        => model.Values.OriginsOf(pipeline, call: null, cancellationToken) is [{ Operation: IInvocationOperation made }] && made.TargetMethod.ContainingType.IsWithin(Polly)
            ? made.TargetMethod.Name switch
            {
                "Build" => ReceiverOf(made) is { } builder ? AddedTo(builder, cancellationToken) : null,
                "Wrap" or "WrapAsync" => Wrapped(made, cancellationToken),
                var name => KindOf(name) is { } kind ? [new PipelineStrategy(kind, made)] : null,
            }
            : null;

    /// <summary>The strategies that code adds to a builder it is given: the lambda of <c>AddResilienceHandler</c> for one.</summary>
    public IReadOnlyList<PipelineStrategy> AddedIn(SyntaxNode configuration, CancellationToken cancellationToken)
        =>
        [
            .. configuration.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(node => KindOf(SourceIndex.NameOf(node)) is not null)
                .OrderBy(node => SyntaxFacts.NameOf(node).SpanStart)
                .Select(node => model.OperationAt(node, cancellationToken))
                .OfType<IInvocationOperation>()
                .Where(added => added.TargetMethod.ContainingType.IsWithin(Polly))
                .Select(added => new PipelineStrategy(KindOf(added.TargetMethod.Name)!.Value, added)),
        ];

    /// <summary>The whole pipeline around a call that adds one strategy to its builder.</summary>
    public IReadOnlyList<PipelineStrategy>? Around(IInvocationOperation added, CancellationToken cancellationToken)
    {
        SyntaxNode end = added.Syntax;
        while (end.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } && SourceIndex.NameOf(next).StartsWith("Add", StringComparison.Ordinal))
        {
            end = next;
        }

        return model.OperationAt(end, cancellationToken) is { } chain ? AddedTo(chain, cancellationToken) : null;
    }

    /// <summary>The object that a method is called on; for an extension method its first argument.</summary>
    public static IOperation? ReceiverOf(IInvocationOperation invocation)
    {
        IOperation? receiver = invocation.Instance
            ?? (invocation.TargetMethod.IsExtensionMethod ? invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value : null);
        while (receiver is IConversionOperation conversion)
        {
            receiver = conversion.Operand;
        }

        return receiver;
    }

    /// <summary>The chain of calls on a builder, back to its creation, or to the variable that holds it.</summary>
    private IReadOnlyList<PipelineStrategy>? AddedTo(IOperation builder, CancellationToken cancellationToken)
    {
        List<PipelineStrategy> strategies = [];
        IOperation? current = builder;
        while (current is IInvocationOperation added)
        {
            if (KindOf(added.TargetMethod.Name) is not { } kind || !added.TargetMethod.ContainingType.IsWithin(Polly))
            {
                return null;
            }

            strategies.Insert(0, new PipelineStrategy(kind, added));
            current = ReceiverOf(added);
        }

        return current switch
        {
            IObjectCreationOperation => strategies,
            ILocalReferenceOperation local => AddedToLocal(local, cancellationToken),

            // The parameter of a lambda: whoever made it may have added some, but what is added here is inside of that.
            IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } }
                when current.Syntax.FirstAncestorOrSelf<AnonymousFunctionExpressionSyntax>() is { } lambda => AddedIn(lambda, cancellationToken),
            _ => null,
        };
    }

    /// <summary>A builder in a local, configured in statements: in their order, where none of them depends on a condition.</summary>
    private IReadOnlyList<PipelineStrategy>? AddedToLocal(ILocalReferenceOperation local, CancellationToken cancellationToken)
    {
        if (model.DeclarationsOf(local.Local, cancellationToken).FirstOrDefault() is not VariableDeclaratorSyntax { Initializer.Value: { } first, Parent.Parent: StatementSyntax { Parent: { } block } }
            || model.OperationAt(first, cancellationToken) is not { } initial
            || AddedTo(initial, cancellationToken) is not { } strategies)
        {
            return null;
        }

        List<PipelineStrategy> all = [.. strategies];
        foreach (PipelineStrategy strategy in AddedIn(block is GlobalStatementSyntax { Parent: { } unit } ? unit : block, cancellationToken))
        {
            if (RootOf(strategy.Added) is ILocalReferenceOperation root && root.Local.Equals(local.Local, SymbolEqualityComparer.Default))
            {
                if (strategy.Syntax.FirstAncestorOrSelf<StatementSyntax>()?.Parent != block && block is not GlobalStatementSyntax)
                {
                    return null;
                }

                all.Add(strategy);
            }
        }

        return all;
    }

    private static IOperation? RootOf(IInvocationOperation added)
    {
        IOperation? current = added;
        while (current is IInvocationOperation call)
        {
            current = ReceiverOf(call);
        }

        return current;
    }

    /// <summary>Version 7: the policy that wraps is outside of what it wraps.</summary>
    private IReadOnlyList<PipelineStrategy>? Wrapped(IInvocationOperation wrap, CancellationToken cancellationToken)
    {
        IEnumerable<IOperation> policies = wrap.Arguments.SelectMany(argument => argument.Value is IArrayCreationOperation { Initializer: { } list } ? (IEnumerable<IOperation>)list.ElementValues : [argument.Value]);
        List<PipelineStrategy> all = [];
        foreach (IOperation policy in wrap.Instance is { } outer ? policies.Prepend(outer) : policies)
        {
            if (StrategiesOf(policy, cancellationToken) is not { } strategies)
            {
                return null;
            }

            all.AddRange(strategies);
        }

        return all;
    }

    private static string WithoutAsync(string name)
        => name.EndsWith("Async", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Async".Length) : name;
}
