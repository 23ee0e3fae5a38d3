namespace OpenClaw.Resilience;

/// <summary>What can be read only from the words of an error message.</summary>
internal static class ErrorText
{
    /// <summary>Stands for any of the texts by which models and gateways say that the context is too long.</summary>
    public const string ContextOverflow = "\0context overflow";

    private static readonly string[] ContextOverflows =
    [
        "context length exceeded", "context_length_exceeded", "maximum context length", "request_too_large", "prompt is too long",
        "input is too long", "exceeds the maximum number of tokens", "exceeds the maximum number of input tokens", "context overflow",
    ];

    public static bool Contains(ErrorBody body, string text)
    {
        if (!ReferenceEquals(text, ContextOverflow))
        {
            return body.Mentions(text);
        }

        foreach (string overflow in ContextOverflows)
        {
            if (body.Mentions(overflow))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The wait that the words ask for. A gateway sends no header for its provider's wait, nor for the time for which it sets a key aside.
    /// </summary>
    public static TimeSpan? FindRetryAfter(string text) => RetryHint.Find(text);
}
