using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OpenClaw.Analyzers.Tests.Testing.Samples;

/// <summary>Reports methods whose name starts with <c>Bad</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BadMethodAnalyzer : DiagnosticAnalyzer
{
    public const string Id = "TST001";

    public static readonly DiagnosticDescriptor Descriptor =
        new(Id, "Bad method", "The method '{0}' is bad", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.MethodDeclaration);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        SyntaxToken name = ((MethodDeclarationSyntax)context.Node).Identifier;
        if (name.Text.StartsWith("Bad", StringComparison.Ordinal))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptor, name.GetLocation(), name.Text));
        }
    }
}
