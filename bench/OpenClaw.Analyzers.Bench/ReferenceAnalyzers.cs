using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OpenClaw.Analyzers.Bench;

/// <summary>An analyzer that reports nothing and does one known amount of work: what any analyzer that looks at the same has to pay.</summary>
internal abstract class ReferenceAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Never = new("BENCH1", "Never reported", "Never reported", "Bench", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Never];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        Register(context);
    }

    protected abstract void Register(AnalysisContext context);
}

/// <summary>Having an analyzer at all.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Empty : ReferenceAnalyzer
{
    protected override void Register(AnalysisContext context) => context.RegisterCompilationAction(static _ => { });
}

/// <summary>Looking at the name of every invocation, and binding those that make requests.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NamedInvocations : ReferenceAnalyzer
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "SendAsync", "GetAsync", "GetStringAsync", "GetFromJsonAsync", "PostAsync", "PostAsJsonAsync", "PutAsync", "DeleteAsync", "ConnectAsync",
        "CompleteChatAsync", "GetResponseAsync", "GetStreamingResponseAsync", "RunAsync", "InvokeAsync",
    };

    protected override void Register(AnalysisContext context) => context.RegisterSyntaxNodeAction(Look, SyntaxKind.InvocationExpression);

    private static void Look(SyntaxNodeAnalysisContext context)
    {
        ExpressionSyntax called = ((InvocationExpressionSyntax)context.Node).Expression;
        SimpleNameSyntax? name = called is MemberAccessExpressionSyntax access ? access.Name : called as SimpleNameSyntax;
        if (name is not null && Names.Contains(name.Identifier.ValueText))
        {
            GC.KeepAlive(context.SemanticModel.GetOperation(context.Node, context.CancellationToken));
        }
    }
}

/// <summary>Having every invocation and creation bound and handed over, and doing nothing with it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class AllInvocations : ReferenceAnalyzer
{
    protected override void Register(AnalysisContext context)
        => context.RegisterOperationAction(static _ => { }, OperationKind.Invocation, OperationKind.ObjectCreation);
}
