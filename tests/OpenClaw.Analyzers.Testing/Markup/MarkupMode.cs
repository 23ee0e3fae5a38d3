namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What markup in the files of a <see cref="SolutionState"/> means.</summary>
public enum MarkupMode
{
    /// <summary>Nothing: it is part of the text.</summary>
    None,

    /// <summary>It is removed from the text and expects nothing.</summary>
    Ignore,

    /// <summary>It is removed from the text and expects those diagnostics that no fix of the test can fix.</summary>
    IgnoreFixable,

    /// <summary>It is removed from the text and expects diagnostics.</summary>
    Allow,
}
