using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Tells a provider of fix-all actions what is reported in the solution.</summary>
internal sealed class TestDiagnosticProvider(ImmutableArray<ReportedDiagnostic> reported) : FixAllContext.DiagnosticProvider
{
    public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
        => Find(project, _ => true);

    public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        => Find(document.Project, diagnostic => diagnostic.Location.GetLineSpan().Path == document.FilePath);

    public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
        => Find(project, diagnostic => !diagnostic.Location.IsInSource);

    private Task<IEnumerable<Diagnostic>> Find(Project project, Func<Diagnostic, bool> condition)
        => Task.FromResult<IEnumerable<Diagnostic>>(
            [.. from item in reported where item.Project.Id == project.Id && condition(item.Diagnostic) select item.Diagnostic]);
}
