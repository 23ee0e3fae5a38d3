using OpenClaw.Analyzers.Testing;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Claims that every verifier can make.</summary>
public static class IVerifierExtensions
{
    /// <summary>Claims that two texts are equal, and shows their difference line by line when they are not.</summary>
    /// <param name="expected">The text whose missing lines are marked <c>-</c>.</param>
    /// <param name="actual">The text whose additional lines are marked <c>+</c>.</param>
    /// <param name="message">What stands above the difference; a general sentence if <see langword="null"/>.</param>
    public static void EqualOrDiff(this IVerifier verifier, string expected, string actual, string? message = null)
    {
        ArgumentNullException.ThrowIfNull(verifier);

        if (expected != actual)
        {
            string heading = string.IsNullOrEmpty(message) ? "The texts differ (- expected, + actual):" : message;
            verifier.Fail(heading + Environment.NewLine + LineDiff.Render(expected, actual));
        }
    }
}
