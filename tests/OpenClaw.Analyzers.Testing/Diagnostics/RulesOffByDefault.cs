using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OpenClaw.Analyzers.Testing;

/// <summary>
/// Makes analyzers run whose rules are all off by default. Roslyn 4.5 leaves them out, although the options of the compilation switch
/// the rules on, when the compilation also reads configuration files, as every compilation of a workspace does; so the rules are
/// switched on here as a global configuration file would do it.
/// </summary>
internal sealed class RulesOffByDefault : SyntaxTreeOptionsProvider
{
    private readonly SyntaxTreeOptionsProvider _configuration;
    private readonly ImmutableDictionary<string, ReportDiagnostic> _options;

    private RulesOffByDefault(SyntaxTreeOptionsProvider configuration, ImmutableDictionary<string, ReportDiagnostic> options)
    {
        _configuration = configuration;
        _options = options;
    }

    /// <summary>The compilation, changed if an analyzer needs it.</summary>
    public static Compilation SwitchOn(Compilation compilation, ImmutableArray<DiagnosticAnalyzer> analyzers)
    {
        CompilationOptions options = compilation.Options;
        return options.SyntaxTreeOptionsProvider is { } configuration && analyzers.Any(IsOffByDefault)
            ? compilation.WithOptions(
                options.WithSyntaxTreeOptionsProvider(new RulesOffByDefault(configuration, options.SpecificDiagnosticOptions)))
            : compilation;
    }

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken)
        => _configuration.IsGenerated(tree, cancellationToken);

    public override bool TryGetDiagnosticValue(
        SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        => _configuration.TryGetDiagnosticValue(tree, diagnosticId, cancellationToken, out severity);

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        => _configuration.TryGetGlobalDiagnosticValue(diagnosticId, cancellationToken, out severity)
            || (_options.TryGetValue(diagnosticId, out severity) && severity != ReportDiagnostic.Default);

    private static bool IsOffByDefault(DiagnosticAnalyzer analyzer)
        => analyzer.SupportedDiagnostics is { Length: > 0 } descriptors && descriptors.All(descriptor => !descriptor.IsEnabledByDefault);
}
