using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What repeats a call.</summary>
internal enum RetryLayerKind
{
    Loop,
    Pipeline,
    Handler,
    Client,
}

/// <summary>One of the retries around a call.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Attempts">How many attempts it makes; null where the sources do not tell.</param>
/// <param name="Syntax">The loop, the call that adds the strategy or the handler, or the creation of the client.</param>
/// <param name="Failures">What it comes back after.</param>
/// <param name="Loop">The loop, where it is one.</param>
internal sealed record RetryLayer(RetryLayerKind Kind, int? Attempts, SyntaxNode Syntax, RetriedFailures Failures, RetryLoop? Loop = null)
{
    /// <summary>What an attempt of it runs again, where that is in sight: a client and its handlers repeat the request alone.</summary>
    public RepeatedCode? Repeated { get; init; }

    /// <summary>The layer as a message names it.</summary>
    public string Name => Kind switch
    {
        RetryLayerKind.Loop => "the loop",
        RetryLayerKind.Pipeline => "the Polly retry",
        RetryLayerKind.Handler => "the client's retry handler",
        _ => "the SDK's own retry",
    };
}

/// <summary>"Which retries are around this call, one inside of the other": the client's own, its handlers, loops and pipelines, up to the callers of its method.</summary>
internal sealed class RetryLayers(GatewayModel model)
{
    private const int MaxCallerDepth = 2;
    private const int MaxPaths = 16;

    private readonly AttemptCounts _counts = new(model);
    private readonly ClientRetries _clients = new(model);
    private readonly ConcurrentDictionary<SyntaxNode, IReadOnlyList<RetryLayer>> _multiplying = new();

    /// <summary>
    /// The retries that multiply on one failure of the call, innermost first: at least two, each with a known number of attempts. Empty where fewer
    /// are in sight.
    /// </summary>
    public IReadOnlyList<RetryLayer> MultiplyingAt(GatewayCall call, CancellationToken cancellationToken)
        => _multiplying.GetOrAdd(call.Syntax, _ => PathsTo(call, cancellationToken).Select(Multiplying).FirstOrDefault(layers => layers.Count > 1) ?? []);

    /// <summary>What the innermost loop or pipeline around the call runs again; null where none is in sight. One caller that repeats its function is enough.</summary>
    public RepeatedCode? RepeatedAt(GatewayCall call, CancellationToken cancellationToken)
        => PathsTo(call, cancellationToken)
            .Select(path => path.FirstOrDefault(layer => layer.Repeated is not null)?.Repeated)
            .FirstOrDefault(repeated => repeated is not null)
            ?.SeenFrom(call.Syntax);

    /// <summary>The innermost retry and those that one and the same failure makes come back as well.</summary>
    private static IReadOnlyList<RetryLayer> Multiplying(ImmutableList<RetryLayer> path)
    {
        RetryLayer[] repeating = [.. path.Where(layer => layer.Attempts > 1)];
        return repeating
            .Select((inner, index) => (IReadOnlyList<RetryLayer>)[inner, .. repeating.Skip(index + 1).Where(outer => outer.Failures.Overlaps(inner.Failures))])
            .OrderByDescending(layers => layers.Count)
            .FirstOrDefault() ?? [];
    }

    /// <summary>The layers on each way from the callers in sight to the call, innermost first.</summary>
    private IEnumerable<ImmutableList<RetryLayer>> PathsTo(GatewayCall call, CancellationToken cancellationToken)
    {
        List<ImmutableList<RetryLayer>> paths = [];
        HashSet<SyntaxNode> seen = [];
        Queue<(SyntaxNode Site, ImmutableList<RetryLayer> Layers, int Depth)> open = new([(call.Syntax, ImmutableList.CreateRange(_clients.Of(call, _counts, cancellationToken)), 0)]);
        while (open.Count > 0 && seen.Count < MaxPaths)
        {
            (SyntaxNode site, ImmutableList<RetryLayer> layers, int depth) = open.Dequeue();
            if (!seen.Add(site))
            {
                continue;
            }

            SyntaxNode? function = Climb(ref site, ref layers, call.Client.Family, given: null, cancellationToken);
            ImmutableList<RetryLayer> found = layers;
            IReadOnlyList<SyntaxNode> callers = function is not null && depth < MaxCallerDepth && model.DeclaredAt(function, cancellationToken) is IMethodSymbol method
                ? [.. model.Callers.SitesOf(method, cancellationToken), .. model.Callers.ReferencesTo(method, cancellationToken).Select(reference => reference.Syntax)]
                : [];
            foreach (SyntaxNode caller in callers)
            {
                open.Enqueue((caller, found, depth + 1));
            }

            if (callers.Count == 0)
            {
                paths.Add(found);
            }
        }

        return paths;
    }

    /// <summary>Collects the layers from a place up to its method, which is returned; null where the code around runs later, or where nobody in sight can call it.</summary>
    private SyntaxNode? Climb(ref SyntaxNode site, ref ImmutableList<RetryLayer> layers, ClientFamily family, IInvocationOperation? given, CancellationToken cancellationToken)
    {
        // Each turn of the loop leaves one function for the code that runs it.
        while (true)
        {
            SemanticModel semantics = model.SemanticsOf(site.SyntaxTree);
            for (RetryLoop? loop = RetryLoop.Around(site, semantics); loop is not null; loop = RetryLoop.Around(loop.Statement, semantics))
            {
                if (loop.Purpose == LoopPurpose.Retry)
                {
                    layers = layers.Add(new RetryLayer(RetryLayerKind.Loop, _counts.OfLoop(loop, given, cancellationToken), loop.Statement, RetriedFailures.OfLoop(loop, family), loop)
                    {
                        Repeated = new RepeatedCode(loop.Body, loop.Statement),
                    });
                }
            }

            SyntaxNode? function = IsHandedOver(site) ? site : site.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);
            if (function is MethodDeclarationSyntax or LocalFunctionStatementSyntax)
            {
                return function;
            }

            if (function is null || ArgumentOf(function) is not { Parent.Parent: InvocationExpressionSyntax invocation } argument
                || model.OperationAt(invocation, cancellationToken) is not IInvocationOperation execution)
            {
                return null;
            }

            if (Inside(execution, argument, given, family, cancellationToken) is { } inside)
            {
                layers = layers.AddRange(inside.Select(layer => layer with { Repeated = new RepeatedCode(function, invocation) }));
            }
            else if (function is not AnonymousFunctionExpressionSyntax lambda || !SyntaxFacts.RunsInPlace(lambda))
            {
                return null;
            }

            site = invocation;
        }
    }

    /// <summary>The layers that a method puts around the delegate that it is given, innermost first; null where it only takes it.</summary>
    private IReadOnlyList<RetryLayer>? Inside(IInvocationOperation execution, ArgumentSyntax argument, IInvocationOperation? given, ClientFamily family, CancellationToken cancellationToken)
    {
        IMethodSymbol method = execution.TargetMethod;
        if (ResilienceSymbols.IsGatewayPipeline(method.ContainingType))
        {
            // Ours repeats what may have run only if the call is declared to carry a key.
            return execution.Arguments.Any(option => option.Value is IFieldReferenceOperation { Field: { Name: "Keyed", ContainingType.Name: "CallEffect" } })
                ? [new RetryLayer(RetryLayerKind.Pipeline, Attempts: null, execution.Syntax, RetriedFailures.All)]
                : [];
        }

        if (ResilienceSymbols.IsExecution(method))
        {
            return ResiliencePipelines.ReceiverOf(execution) is { } pipeline && model.Pipelines.StrategiesOf(pipeline, cancellationToken) is { } strategies
                ? [.. LayersOf(strategies, family, cancellationToken)]
                : [];
        }

        // A helper of these sources: the retry that everybody writes once. One inside of another is not followed.
        if (given is not null
            || execution.Arguments.FirstOrDefault(candidate => candidate.Syntax == argument)?.Parameter is not { Type.TypeKind: TypeKind.Delegate } parameter
            || model.DeclarationsOf(method.OriginalDefinition, cancellationToken).FirstOrDefault() is not { } helper
            || helper.DescendantNodes().OfType<InvocationExpressionSyntax>().FirstOrDefault(inner => Invokes(inner, parameter.Name)) is not { } invoked)
        {
            return null;
        }

        SyntaxNode site = invoked;
        ImmutableList<RetryLayer> layers = ImmutableList<RetryLayer>.Empty;
        Climb(ref site, ref layers, family, execution, cancellationToken);
        return layers;
    }

    public IEnumerable<RetryLayer> LayersOf(IEnumerable<PipelineStrategy> strategies, ClientFamily family, CancellationToken cancellationToken)
        => strategies.Where(strategy => strategy.Kind == StrategyKind.Retry).Reverse()
            .Select(retry => new RetryLayer(
                RetryLayerKind.Pipeline,
                _counts.OfStrategy(retry, cancellationToken),
                retry.Syntax,
                RetriedFailures.OfStrategy(retry, family, model, cancellationToken)));

    private static bool Invokes(InvocationExpressionSyntax invocation, string name) => invocation.Expression switch
    {
        IdentifierNameSyntax invoked => invoked.Identifier.ValueText == name,
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax invoked, Name.Identifier.ValueText: "Invoke" } => invoked.Identifier.ValueText == name,
        _ => false,
    };

    /// <summary>Whether the place is a method's name, given to somebody who will call it.</summary>
    private static bool IsHandedOver(SyntaxNode site) => site is not InvocationExpressionSyntax && ArgumentOf(site) is not null;

    private static ArgumentSyntax? ArgumentOf(SyntaxNode function)
    {
        while (function.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            function = function.Parent;
        }

        return function.Parent as ArgumentSyntax;
    }
}
