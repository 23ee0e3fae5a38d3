namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Which diagnostics of the compiler a test must expect.</summary>
public enum CompilerDiagnostics
{
    /// <summary>None: the code may be wrong.</summary>
    None,

    /// <summary>Errors.</summary>
    Errors,

    /// <summary>Errors and warnings.</summary>
    Warnings,

    /// <summary>Errors, warnings and information.</summary>
    Suggestions,

    /// <summary>All, also hidden ones.</summary>
    All,
}
