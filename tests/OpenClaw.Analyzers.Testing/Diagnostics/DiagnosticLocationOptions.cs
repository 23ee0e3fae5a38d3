namespace Microsoft.CodeAnalysis.Testing;

/// <summary>How a <see cref="DiagnosticLocation"/> is to be read.</summary>
[Flags]
public enum DiagnosticLocationOptions
{
    /// <summary>Start and end are both expected.</summary>
    None = 0,

    /// <summary>Only the start is expected; the diagnostic may end anywhere.</summary>
    IgnoreLength = 1,

    /// <summary>
    /// The location is the span <c>{|#n:…|}</c> of the markup. Until the markup has been read, the path is empty, the line 0
    /// and the column <c>n</c>.
    /// </summary>
    InterpretAsMarkupKey = 2,

    /// <summary>The additional location is expected to be marked as unnecessary code, which editors fade.</summary>
    UnnecessaryCode = 4,
}
