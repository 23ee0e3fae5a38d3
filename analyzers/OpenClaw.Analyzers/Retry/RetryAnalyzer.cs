using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Finds what repeats gateway calls, once for each construct, and hands it to the rules about retries.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RetryAnalyzer : DiagnosticAnalyzer
{
    private static readonly RetryRule[] Rules =
    [
        new RetryWithoutBackoff(),
        new RetryWithoutJitter(),
        new RetryWithoutEnd(),
        new RetryOfPermanentFailure(),
        new RetryOnOpenCircuit(),
        new RetryAfterIgnored(),
        new RetryWithoutBreaker(),
    ];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.Select(rule => rule.Descriptor).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeLoop, SyntaxFacts.LoopKinds);
        context.RegisterSyntaxNodeAction(AnalyzeInvocation, SyntaxKind.InvocationExpression);
        context.RegisterSyntaxNodeAction(AnalyzeCatch, SyntaxKind.CatchClause);
    }

    private static void AnalyzeLoop(SyntaxNodeAnalysisContext context)
    {
        var loop = (StatementSyntax)context.Node;
        if (!LoopRetries.MayRetry(loop))
        {
            return;
        }

        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        Judge(LoopRetries.Find(loop, model, context.CancellationToken), context);
    }

    private static void AnalyzeInvocation(SyntaxNodeAnalysisContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        if (!PollyRetries.MayRetry(SourceIndex.NameOf(invocation)))
        {
            return;
        }

        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        Judge(PollyRetries.Find(invocation, model, context.CancellationToken), context);
    }

    private static void AnalyzeCatch(SyntaxNodeAnalysisContext context)
    {
        var clause = (CatchClauseSyntax)context.Node;
        if (RecursiveRetry.AgainIn(clause) is null)
        {
            return;
        }

        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        Judge(RecursiveRetry.Find(clause, model, context.CancellationToken), context);
    }

    private static void Judge(RetryConstruct? retry, SyntaxNodeAnalysisContext context)
    {
        foreach (RetryRule rule in retry is null or { Call.Client.Verified: Verification.NameOnly } ? [] : Rules)
        {
            rule.Check(retry!, context.ReportDiagnostic);
        }
    }
}
