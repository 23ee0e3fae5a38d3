namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Checks that a fix test leaves out.</summary>
[Flags]
public enum CodeFixTestBehaviors
{
    /// <summary>All checks are made.</summary>
    None = 0,

    /// <summary>Fix all in a document is not tried.</summary>
    SkipFixAllInDocumentCheck = 1,

    /// <summary>Fix all in a project is not tried.</summary>
    SkipFixAllInProjectCheck = 2,

    /// <summary>Fix all in the solution is not tried.</summary>
    SkipFixAllInSolutionCheck = 4,

    /// <summary>Fix all is not tried.</summary>
    SkipFixAllCheck = SkipFixAllInDocumentCheck | SkipFixAllInProjectCheck | SkipFixAllInSolutionCheck,

    /// <summary>Only one diagnostic is fixed, once: the first, or what <c>TrySelectDiagnosticToFix</c> selects.</summary>
    FixOne = 8,

    /// <summary>
    /// Fixable diagnostics may be reported at the end of a compilation or in another file than the analysed one. Editors do not offer
    /// fixes for those reliably.
    /// </summary>
    SkipLocalDiagnosticCheck = 16,
}
