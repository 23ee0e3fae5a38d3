namespace Microsoft.CodeAnalysis.Testing;

/// <summary>A place where a diagnostic is expected, either its primary or one of its additional locations.</summary>
/// <param name="span">File, start and end.</param>
/// <param name="options">How <paramref name="span"/> is to be read.</param>
public readonly struct DiagnosticLocation(FileLinePositionSpan span, DiagnosticLocationOptions options)
{
    /// <summary>File, start and end.</summary>
    public FileLinePositionSpan Span { get; } = span;

    /// <summary>How <see cref="Span"/> is to be read.</summary>
    public DiagnosticLocationOptions Options { get; } = options;
}
