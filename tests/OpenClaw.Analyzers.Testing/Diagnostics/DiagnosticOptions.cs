namespace Microsoft.CodeAnalysis.Testing;

/// <summary>What of a diagnostic a <see cref="DiagnosticResult"/> says nothing about.</summary>
[Flags]
public enum DiagnosticOptions
{
    /// <summary>All that the result states is compared.</summary>
    None = 0,

    /// <summary>Only the primary location is compared.</summary>
    IgnoreAdditionalLocations = 1,

    /// <summary>The severity is not compared.</summary>
    IgnoreSeverity = 2,
}
