using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>A lambda that a pipeline executes, and what is known of the pipeline.</summary>
/// <param name="Call">The invocation that executes it.</param>
/// <param name="Lambda">The lambda.</param>
/// <param name="Strategies">The pipeline's strategies, outermost first; null where the sources do not tell.</param>
internal sealed record ExecutedLambda(IInvocationOperation Call, AnonymousFunctionExpressionSyntax Lambda, IReadOnlyList<PipelineStrategy>? Strategies)
{
    public bool IsOfGatewayPipeline => ResilienceSymbols.IsGatewayPipeline(Call.TargetMethod.ContainingType);

    public bool Has(StrategyKind kind) => Strategies?.Any(strategy => strategy.Kind == kind) == true;

    /// <summary>The execution whose lambda a piece of code stands in, as the innermost function around it; null where it is in none.</summary>
    public static ExecutedLambda? Around(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode? value = code.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) as AnonymousFunctionExpressionSyntax;
        var lambda = (AnonymousFunctionExpressionSyntax?)value;
        while (value?.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax)
        {
            value = value.Parent;
        }

        return value?.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax node }
            && model.OperationAt(node, cancellationToken) is IInvocationOperation call
            && ResilienceSymbols.IsExecution(call.TargetMethod)
                ? new ExecutedLambda(call, lambda!, ResiliencePipelines.ReceiverOf(call) is { } pipeline ? model.Pipelines.StrategiesOf(pipeline, cancellationToken) : null)
                : null;
    }
}
