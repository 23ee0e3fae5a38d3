using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>Sees where a program reads back the state of its runs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StoredStateAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.UnversionedCheckpoint);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeInvocation, SyntaxKind.InvocationExpression);
    }

    private static void AnalyzeInvocation(SyntaxNodeAnalysisContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        if (!StoredState.IsRead(SourceIndex.NameOf(invocation)))
        {
            return;
        }

        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        if (StoredState.UnversionedAt(invocation, model, context.CancellationToken) is { } type)
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.UnversionedCheckpoint, SyntaxFacts.NameOf(invocation).GetLocation(), type.Name));
        }
    }
}
