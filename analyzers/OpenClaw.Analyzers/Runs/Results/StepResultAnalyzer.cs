using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs.Results;

/// <summary>OCG1308: a step returns what its checkpoint cannot give back.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StepResultAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Descriptors.UnrestorableResult);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeInvocation, SyntaxKind.InvocationExpression);
    }

    private static void AnalyzeInvocation(SyntaxNodeAnalysisContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        if (SourceIndex.NameOf(invocation) != "StepAsync")
        {
            return;
        }

        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        model.Use(context.SemanticModel);
        if (model.OperationAt(invocation, context.CancellationToken) is IInvocationOperation { TargetMethod: { TypeArguments: [var type] } method }
            && method.ContainingType.HasFullName("OpenClaw.Resilience", "AgentRun")
            && !method.Parameters.Any(parameter => parameter.Type.HasFullName("System.Text.Json.Serialization.Metadata", "JsonTypeInfo"))
            && LostResults.ProblemOf(type) is { } problem
            && !MayBeSerializedOtherwise(model, context.CancellationToken))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Descriptors.UnrestorableResult,
                SyntaxFacts.NameOf(invocation).GetLocation(),
                type.ToMinimalDisplayString(context.SemanticModel, invocation.SpanStart),
                problem));
        }
    }

    /// <summary>Whether some run of these sources has options of its own for the serializer: they may include fields or hold converters.</summary>
    private static bool MayBeSerializedOtherwise(GatewayModel model, CancellationToken cancellationToken)
        => model.Compilation.SyntaxTrees.Any(tree => tree.GetRoot(cancellationToken).DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Any(assignment => assignment is { Left: IdentifierNameSyntax { Identifier.ValueText: "SerializerOptions" }, Parent: InitializerExpressionSyntax }));
}
