using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.Calls;

/// <summary>Sees every invocation once, recognises gateway calls and hands each of them to the rules about calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class GatewayCallAnalyzer : DiagnosticAnalyzer
{
    private static readonly CallRule[] Rules =
    [
        new UnprotectedCall(),
        new MissingTimeout(),
        new ShortTurn(),
        new RepeatedByClient(),
        new IgnoredStatus(),
        new UnendedStream(),
        new UnstableKey(),
        new MultiplyingRetries(),
        new MessageSentTwice(),
        new StreamEscapesPipeline(),
        new SharedSession(),
    ];

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
        GatewayModel model = GatewayModel.For(context.Compilation, context.Options);
        if (!model.MayBeCall(invocation, context.CancellationToken))
        {
            return;
        }

        model.Use(context.SemanticModel);
        if (model.CallAt(invocation, context.CancellationToken) is not { } call)
        {
            return;
        }

        var settings = new AnalyzerSettings(context.Options, invocation.SyntaxTree);
        foreach (CallRule rule in Rules)
        {
            rule.Check(new CallContext(call, model, settings, context.ReportDiagnostic, context.CancellationToken));
        }
    }
}
