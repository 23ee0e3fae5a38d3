using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>Finds loops and long sequences of agent turns, once for each, and hands them to the rules about runs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StepAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.StepWithoutCheckpoint, Descriptors.RunIgnoresShutdown);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeLoop, SyntaxFacts.LoopKinds);
        context.RegisterSyntaxNodeAction(AnalyzeBlock, SyntaxKind.Block, SyntaxKind.CompilationUnit);
    }

    private static void AnalyzeLoop(SyntaxNodeAnalysisContext context)
    {
        var loop = (StatementSyntax)context.Node;
        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        var settings = new AnalyzerSettings(context.Options, loop.SyntaxTree);
        Report(StepLoops.Find(loop, model, settings, context.CancellationToken), model, context);
        if (HostedLoops.TokenIgnoredBy(loop, model, settings, context.CancellationToken) is { } token)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.RunIgnoresShutdown, loop.GetFirstToken().GetLocation(), token));
        }
    }

    private static void AnalyzeBlock(SyntaxNodeAnalysisContext context)
    {
        IReadOnlyList<StatementSyntax> statements = StepSequences.StatementsOf(context.Node);
        var settings = new AnalyzerSettings(context.Options, context.Node.SyntaxTree);
        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        if (statements.Count <= settings.StepThreshold && !model.Index.IsMarkedStep())
        {
            return;
        }

        model.Use(context.SemanticModel);
        Report(StepSequences.Find(context.Node, statements, model, settings, context.CancellationToken), model, context);
    }

    private static void Report(StepGroup? steps, GatewayModel model, SyntaxNodeAnalysisContext context)
    {
        if (steps is not null)
        {
            DiagnosticSeverity severity = Descriptors.StepWithoutCheckpoint.DefaultSeverity;
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.StepWithoutCheckpoint,
                SyntaxFacts.NameOf(steps.Turns[0]).GetLocation(),
                model.Reach.From(steps.Turns[0], context.CancellationToken)?.AtMost(severity) ?? severity,
                additionalLocations: steps.Turns.Skip(1).Select(turn => SyntaxFacts.NameOf(turn).GetLocation()),
                properties: null,
                steps.Description));
        }
    }
}
