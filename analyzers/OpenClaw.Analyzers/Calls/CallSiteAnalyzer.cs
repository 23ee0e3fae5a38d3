using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>
/// Sees how the callers of gateway calls wait for them and what token they hand on. Apart from <see cref="GatewayCallAnalyzer"/>, because the code that
/// blocks or drops a token is as often the caller of a wrapper as that of the client.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CallSiteAnalyzer : DiagnosticAnalyzer
{
    private static readonly CallSiteRule[] Rules = [new DroppedToken(), new BlockingCall()];

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
        GatewayModel? model = null;
        CallSite? site = null;
        foreach (CallSiteRule rule in Rules)
        {
            if (!rule.MayApply(invocation))
            {
                continue;
            }

            if (model is null)
            {
                model = GatewayModel.For(context.Compilation, context.Options);
                if (!model.MayLeadToCall(invocation, context.CancellationToken))
                {
                    return;
                }

                model.Use(context.SemanticModel);
                site = CallSite.At(invocation, model, context.ReportDiagnostic, context.CancellationToken);
            }

            if (site is { } found)
            {
                rule.Check(found);
            }
        }
    }
}
