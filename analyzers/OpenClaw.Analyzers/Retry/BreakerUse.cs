using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Is there a circuit breaker": around a call, in a pipeline, or anywhere near, by its name.</summary>
internal static class BreakerUse
{
    /// <summary>How our own pipeline refuses; other breakers here are Polly's.</summary>
    public const string OwnRejection = "GatewayRejectedException";

    /// <summary>
    /// Whether a breaker may be at work: the types around the retry and around the call speak of one, something executes the call, or the client
    /// is protected where it is made or registered. What cannot be told may be one.
    /// </summary>
    /// <param name="retry">The loop, or the call that adds the strategy.</param>
    /// <param name="execution">What executes the call by the strategy itself: it is no other protection.</param>
    /// <param name="call">The gateway call.</param>
    /// <param name="model">What is known of the compilation.</param>
    /// <param name="cancellationToken">Ends the analysis.</param>
    public static bool MayBeNear(SyntaxNode retry, SyntaxNode? execution, GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
        => call.Client.Family == ClientFamily.Resilience
            || IsNamedIn(TypeAround(retry))
            || IsNamedIn(TypeAround(call.Syntax))
            || ExecutionsAround(call.Syntax, model, cancellationToken).Concat(ExecutionsAround(retry, model, cancellationToken)).Any(around => around.Syntax != execution)
            || model.Protection.OfClient(call, cancellationToken).State != ProtectionState.None;

    /// <summary>The breaker that executes the call inside of the loop: the exception by which it refuses; null where there is none.</summary>
    public static string? RejectionIn(RetryLoop loop, GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        foreach (IInvocationOperation execution in ExecutionsAround(call.Syntax, model, cancellationToken))
        {
            if (loop.Body.Span.Contains(execution.Syntax.Span) && ResiliencePipelines.ReceiverOf(execution) is { } pipeline)
            {
                if (ResilienceSymbols.IsGatewayPipeline(pipeline.Type))
                {
                    return OwnRejection;
                }

                if (model.Pipelines.StrategiesOf(pipeline, cancellationToken)?.Any(strategy => strategy.Kind == StrategyKind.CircuitBreaker) == true)
                {
                    return "BrokenCircuitException";
                }
            }
        }

        return null;
    }

    private static IEnumerable<IInvocationOperation> ExecutionsAround(SyntaxNode node, GatewayModel model, CancellationToken cancellationToken)
        => node.Ancestors().OfType<AnonymousFunctionExpressionSyntax>()
            .Select(lambda => lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation } ? model.OperationAt(invocation, cancellationToken) : null)
            .OfType<IInvocationOperation>()
            .Where(execution => model.Resilience.UseOf(execution.TargetMethod, cancellationToken) != DelegateUse.Plain);

    private static SyntaxNode TypeAround(SyntaxNode node)
        => node.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault() ?? node.SyntaxTree.GetRoot();

    private static bool IsNamedIn(SyntaxNode type)
        => type.DescendantTokens().Any(token => token.ValueText.IndexOf("Circuit", StringComparison.Ordinal) >= 0 || token.ValueText.IndexOf("Breaker", StringComparison.Ordinal) >= 0);
}
