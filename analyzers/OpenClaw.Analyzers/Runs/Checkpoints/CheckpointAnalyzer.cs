using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Checkpoints;

/// <summary>Sees where the state of a run is saved by the user's own code, and hands it to the rules about checkpoints.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CheckpointAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.TornCheckpoint, Descriptors.SwallowedCheckpoint);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeWrite, SyntaxKind.InvocationExpression, SyntaxKind.ObjectCreationExpression, SyntaxKind.ImplicitObjectCreationExpression);
        context.RegisterSyntaxNodeAction(AnalyzeCatch, SyntaxKind.CatchClause);
    }

    private static void AnalyzeWrite(SyntaxNodeAnalysisContext context)
    {
        var node = (ExpressionSyntax)context.Node;
        if (FileAccesses.MayWrite(node))
        {
            Report(TornCheckpoint.Find(node, ModelOf(context), context.CancellationToken), context);
        }
    }

    private static void AnalyzeCatch(SyntaxNodeAnalysisContext context)
    {
        var clause = (CatchClauseSyntax)context.Node;
        if (SwallowedCheckpoint.MaySwallow(clause))
        {
            Report(SwallowedCheckpoint.Find(clause, ModelOf(context), context.CancellationToken), context);
        }
    }

    private static GatewayModel ModelOf(SyntaxNodeAnalysisContext context)
    {
        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        return model;
    }

    private static void Report(Diagnostic? diagnostic, SyntaxNodeAnalysisContext context)
    {
        if (diagnostic is not null)
        {
            context.ReportDiagnostic(diagnostic);
        }
    }
}
