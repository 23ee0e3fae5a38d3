using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>Sees every creation of a client that is used to call a gateway, once, and hands it to the rules about clients.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClientCreationAnalyzer : DiagnosticAnalyzer
{
    private static readonly ClientRule[] Rules = [new UndisposedClient()];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.Select(rule => rule.Descriptor).ToImmutableArray();

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeCreation, SyntaxKind.ObjectCreationExpression, SyntaxKind.ImplicitObjectCreationExpression);
    }

    private static void AnalyzeCreation(SyntaxNodeAnalysisContext context)
    {
        var creation = (BaseObjectCreationExpressionSyntax)context.Node;
        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        if (ClientCreation.At(creation, model, context.CancellationToken) is not { } client)
        {
            return;
        }

        foreach (ClientRule rule in Rules)
        {
            rule.Check(client, model, context.ReportDiagnostic, context.CancellationToken);
        }
    }
}
