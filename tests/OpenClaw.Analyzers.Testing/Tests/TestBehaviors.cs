namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Checks that an analyzer test leaves out.</summary>
[Flags]
public enum TestBehaviors
{
    /// <summary>All checks are made.</summary>
    None = 0,

    /// <summary>
    /// An analyzer that does not call <c>ConfigureGeneratedCodeAnalysis</c> may report in generated code what it reports elsewhere.
    /// </summary>
    SkipGeneratedCodeCheck = 1,

    /// <summary>Diagnostics need not disappear under a <c>#pragma warning disable</c> in the first line.</summary>
    SkipSuppressionCheck = 2,
}
