using System.Text;

namespace OpenClaw.Resilience;

/// <summary>Checks names and ids that are stored as UTF-8 and must come back unchanged.</summary>
internal static class WellFormedText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The text is empty, too long or holds a lone surrogate.</exception>
    public static void Require(string? text, int maxLength, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameterName);
        if (text.Length > maxLength)
        {
            throw new ArgumentException($"'{text[..32]}…' has {text.Length} characters; at most {maxLength} are accepted.", parameterName);
        }

        try
        {
            Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The text holds half of a surrogate pair at index {exception.Index}.", parameterName, exception);
        }
    }

    /// <summary>
    /// The text with all but ASCII letters, digits, <c>-</c> and <c>_</c> replaced, cut to a length: for people to recognise, not for
    /// identity.
    /// </summary>
    public static string Readable(string text, int maxLength)
    {
        var builder = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (char character in text)
        {
            bool kept = char.IsAsciiLetterOrDigit(character) || character is '_';
            if (kept || (builder.Length > 0 && builder[^1] != '-'))
            {
                builder.Append(kept ? character : '-');
            }

            if (builder.Length == maxLength)
            {
                break;
            }
        }

        return builder.ToString().TrimEnd('-');
    }
}
