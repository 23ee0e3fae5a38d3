using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Tests.Testing.Samples;

/// <summary>Reports on each method two neighbouring diagnostics inside another, and an empty one at their end.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class NestedSpansAnalyzer : DiagnosticAnalyzer
{
    private static readonly ImmutableArray<DiagnosticDescriptor> Descriptors =
    [
        new("TST010", "Title", "Message", "Test", DiagnosticSeverity.Warning, true),
        new("TST011", "Title", "Message", "Test", DiagnosticSeverity.Warning, true),
        new("TST012", "Title", "Message", "Test", DiagnosticSeverity.Warning, true),
        new("TST014", "Title", "Message", "Test", DiagnosticSeverity.Warning, true),
    ];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors;

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.MethodDeclaration);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var method = (MethodDeclarationSyntax)context.Node;
        TextSpan outer = TextSpan.FromBounds(method.Identifier.SpanStart, method.ParameterList.Span.End);
        TextSpan[] spans = [outer, method.Identifier.Span, new TextSpan(outer.End, 0), method.ParameterList.Span];
        foreach ((DiagnosticDescriptor descriptor, TextSpan span) in Descriptors.Zip(spans))
        {
            context.ReportDiagnostic(Diagnostic.Create(descriptor, Location.Create(method.SyntaxTree, span)));
        }
    }
}
