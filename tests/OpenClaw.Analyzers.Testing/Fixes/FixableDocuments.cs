using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace OpenClaw.Analyzers.Testing;

/// <summary>Says in which files a provider can offer fixes, as editors decide it.</summary>
internal static class FixableDocuments
{
    /// <summary>The file in which a diagnostic is; <see langword="null"/> if it is in none of its project.</summary>
    public static TextDocument? Find(ReportedDiagnostic reported)
    {
        (Project project, Diagnostic diagnostic) = reported;
        if (diagnostic.Location.SourceTree is { } tree)
        {
            return project.Solution.GetDocument(tree);
        }

        string? path = diagnostic.Location.GetLineSpan().Path;
        return string.IsNullOrEmpty(path)
            ? null
            : project.AdditionalDocuments.Concat(project.AnalyzerConfigDocuments).FirstOrDefault(document => document.FilePath == path);
    }

    /// <summary>Whether a provider knows the id and takes part in the file.</summary>
    public static bool CanFix(CodeFixProvider provider, ReportedDiagnostic reported)
        => provider.FixableDiagnosticIds.Contains(reported.Diagnostic.Id)
            && Find(reported) is { } document
            && (document is Document || AsksFor(provider, document));

    /// <summary>Files that are not source need an <see cref="ExportCodeFixProviderAttribute"/> that names their kind.</summary>
    private static bool AsksFor(CodeFixProvider provider, TextDocument document)
    {
        string kind = document is AdditionalDocument
            ? nameof(TextDocumentKind.AdditionalDocument)
            : nameof(TextDocumentKind.AnalyzerConfigDocument);
        ExportCodeFixProviderAttribute? export = provider.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>();
        return export is not null
            && export.DocumentKinds.Contains(kind)
            && (export.DocumentExtensions is not { Length: > 0 } extensions || extensions.Contains(Path.GetExtension(document.FilePath)));
    }
}
