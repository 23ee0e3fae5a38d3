using Microsoft.CodeAnalysis.Testing;

namespace OpenClaw.Analyzers.Tests.Testing;

/// <summary>Runs verifier tests whose outcome is itself under test.</summary>
internal static class Outcome
{
    public static Task PassesAsync<TVerifier>(AnalyzerTest<TVerifier> test)
        where TVerifier : IVerifier, new()
        => test.RunAsync(TestContext.Current.CancellationToken);

    /// <summary>Returns the message of the failure.</summary>
    public static async Task<string> FailsAsync<TVerifier>(AnalyzerTest<TVerifier> test)
        where TVerifier : IVerifier, new()
        => (await Assert.ThrowsAsync<InvalidOperationException>(() => test.RunAsync(TestContext.Current.CancellationToken))).Message;

    /// <summary>Asserts that a message holds a text, whatever the line endings of both.</summary>
    public static void Says(string text, string message)
        => Assert.Contains(text.ReplaceLineEndings("\n"), message.ReplaceLineEndings("\n"), StringComparison.Ordinal);
}
