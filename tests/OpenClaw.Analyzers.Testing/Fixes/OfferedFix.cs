using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OpenClaw.Analyzers.Testing;

/// <summary>A code action that a provider offers for a diagnostic.</summary>
/// <param name="Document">Where the diagnostic is: a source or, for providers that say so, another file of the project.</param>
internal sealed record OfferedFix(Diagnostic Diagnostic, TextDocument Document, CodeFixProvider Provider, CodeAction Action)
{
    /// <summary>What a provider of fix-all actions is asked, who starts from this fix.</summary>
    public FixAllContext CreateFixAllContext(
        FixAllScope scope, FixAllProvider fixAll, TestDiagnosticProvider diagnostics, CancellationToken cancellationToken)
    {
        IEnumerable<string> ids = fixAll.GetSupportedFixAllDiagnosticIds(Provider);
        string? key = Action.EquivalenceKey;
        return Document is Document source
            ? new FixAllContext(source, Diagnostic.Location.SourceSpan, Provider, scope, key, ids, diagnostics, cancellationToken)
            : new FixAllContext(Document.Project, Provider, scope, key, ids, diagnostics, cancellationToken);
    }
}
