namespace Microsoft.CodeAnalysis.Testing;

/// <summary>How markup in test sources is read.</summary>
[Flags]
public enum MarkupOptions
{
    /// <summary>Markup must be unambiguous.</summary>
    None = 0,

    /// <summary>Where several descriptors fit, the first is meant; without this flag that is an error.</summary>
    UseFirstDescriptor = 1,

    /// <summary><c>$$</c> is code, as in raw interpolated strings, and not a position.</summary>
    TreatPositionIndicatorsAsCode = 2,
}
