using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.Tests.Testing.Samples;

/// <summary>Reports each method twice, from the start of its name: to the end of the name and to the end of the parameters.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class SameStartAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor Descriptor = new("TST013", "Title", "Message", "Test", DiagnosticSeverity.Warning, true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.MethodDeclaration);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var method = (MethodDeclarationSyntax)context.Node;
        foreach (int end in new[] { method.Identifier.Span.End, method.ParameterList.Span.End })
        {
            var span = TextSpan.FromBounds(method.Identifier.SpanStart, end);
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, Location.Create(method.SyntaxTree, span)));
        }
    }
}
