using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.Runs;

/// <summary>OCG1304: a retry stands around a whole run, so that the failure of its last turn repeats all of them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RunRetryAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.RestartedRun);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeLoop, SyntaxFacts.LoopKinds);
        context.RegisterSyntaxNodeAction(AnalyzeInvocation, SyntaxKind.InvocationExpression);
    }

    /// <summary>A loop that comes back to a try block.</summary>
    private static void AnalyzeLoop(SyntaxNodeAnalysisContext context)
    {
        var loop = (StatementSyntax)context.Node;
        StatementSyntax body = RetryLoop.BodyOf(loop)!;
        foreach (TryStatementSyntax attempt in SyntaxFacts.DescendantsInSameFunction(body).OfType<TryStatementSyntax>().Where(attempt => attempt.Catches.Any(LoopRetries.IsTransport)))
        {
            GatewayModel model = ModelOf(context);
            SyntaxNode? site = attempt.Block.Statements.FirstOrDefault();
            if (site is not null
                && RetryLoop.Around(site, context.SemanticModel) is { Purpose: LoopPurpose.Retry } retry
                && retry.Statement == loop
                && retry.RetryingCatches.Any(LoopRetries.IsTransport)
                && RunsOf(context, model).In(attempt.Block, loop) is { } run)
            {
                Report(context, loop.GetFirstToken(), run);
            }
        }
    }

    private static void AnalyzeInvocation(SyntaxNodeAnalysisContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        string name = SourceIndex.NameOf(invocation);
        bool isHelper = name.IndexOf("Retr", StringComparison.Ordinal) >= 0 && TakesDelegate(invocation);
        if (!isHelper && !PollyRetries.MayRetry(name))
        {
            return;
        }

        GatewayModel model = ModelOf(context);
        if (model.OperationAt(invocation, context.CancellationToken) is not IInvocationOperation { TargetMethod: var method })
        {
            return;
        }

        IEnumerable<InvocationExpressionSyntax> executions = method.ContainingType.IsWithin("Polly") && PollyRetries.MayRetry(name) ? PipelineUses.ExecutionsOf(invocation)
            : isHelper && model.IsDeclaredHere(method) && model.Resilience.UseOf(method, context.CancellationToken) == DelegateUse.Protects ? [invocation]
            : [];
        foreach (InvocationExpressionSyntax execution in executions)
        {
            foreach (SyntaxNode work in execution.ArgumentList.Arguments.SelectMany(argument => WorkOf(argument.Expression, model, context.CancellationToken)))
            {
                if (RunsOf(context, model).In(work, work) is { } run)
                {
                    Report(context, SyntaxFacts.NameOf(execution), run);
                    break;
                }
            }
        }
    }

    private static bool TakesDelegate(InvocationExpressionSyntax invocation)
        => invocation.ArgumentList.Arguments.Any(argument => argument.Expression is AnonymousFunctionExpressionSyntax or SimpleNameSyntax or MemberAccessExpressionSyntax);

    /// <summary>The body of a lambda, or of a method that is handed over as a delegate.</summary>
    private static IEnumerable<SyntaxNode> WorkOf(ExpressionSyntax argument, GatewayModel model, CancellationToken cancellationToken) => argument switch
    {
        AnonymousFunctionExpressionSyntax lambda => [lambda.Body],
        _ when model.SemanticsOf(argument.SyntaxTree).GetSymbolInfo(argument, cancellationToken).Symbol is IMethodSymbol method => model.DeclarationsOf(method.OriginalDefinition, cancellationToken),
        _ => [],
    };

    private static RestartedRuns RunsOf(SyntaxNodeAnalysisContext context, GatewayModel model)
        => new(model, new AnalyzerSettings(context.Options, context.Node.SyntaxTree), context.CancellationToken);

    private static GatewayModel ModelOf(SyntaxNodeAnalysisContext context)
    {
        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        return model;
    }

    private static void Report(SyntaxNodeAnalysisContext context, SyntaxToken place, StepGroup run)
        => context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.RestartedRun,
            place.GetLocation(),
            additionalLocations: run.Turns.Select(turn => SyntaxFacts.NameOf(turn).GetLocation()),
            properties: null,
            SyntaxFacts.NameOf(run.Turns[0]).ValueText));
}
