using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Finds the breakers, time limits and hedges of pipelines, once each, and hands them to the rules about composition.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PipelineAnalyzer : DiagnosticAnalyzer
{
    private static readonly PipelineRule[] Rules = [new BreakerNeverOpens(), new AttemptTimeoutOutside(), new HedgedTurn()];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.Select(rule => rule.Descriptor).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeInvocation, SyntaxKind.InvocationExpression);
    }

    private static void AnalyzeInvocation(SyntaxNodeAnalysisContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        string name = SourceIndex.NameOf(invocation);
        StrategyKind? kind = name == HedgedTurn.Handler ? StrategyKind.Hedging : ResiliencePipelines.KindOf(name);
        if (kind is not (StrategyKind.CircuitBreaker or StrategyKind.Timeout or StrategyKind.Hedging))
        {
            return;
        }

        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        if (model.OperationAt(invocation, context.CancellationToken) is IInvocationOperation added
            && (name == HedgedTurn.Handler || added.TargetMethod.ContainingType.IsWithin("Polly")))
        {
            var part = new PipelinePart(added, kind.Value, model, context.ReportDiagnostic, context.CancellationToken);
            foreach (PipelineRule rule in Rules)
            {
                rule.Check(part);
            }
        }
    }
}
