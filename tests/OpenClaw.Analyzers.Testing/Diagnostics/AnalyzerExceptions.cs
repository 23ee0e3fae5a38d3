namespace OpenClaw.Analyzers.Testing;

/// <summary>How Roslyn reports that an analyzer threw.</summary>
internal static class AnalyzerExceptions
{
    /// <summary>The diagnostic that holds the exception: its message in the message, its stack trace in the description.</summary>
    public const string Id = "AD0001";
}
