using System.Buffers;
using System.Globalization;

namespace OpenClaw.Resilience;

/// <summary>Reads how long to wait from the words of an error message.</summary>
internal static class RetryHint
{
    // The header's name, as a gateway repeats it, means seconds; a number after other words may be anything without its unit.
    private static readonly Phrase[] Phrases =
    [
        // "429 …; Retry-After: 3 seconds" of a gateway.
        new("retry-after:", NeedsUnit: false),
        // "Retry after about 1 minute, or switch to …" of a gateway; "Please retry after 26 seconds." of Azure.
        new("retry after", NeedsUnit: true),
        // "Please try again in 1m12.5s." of OpenAI.
        new("try again in", NeedsUnit: true),
        // "Please retry in 34.07s." of Google.
        new("retry in", NeedsUnit: true),
    ];

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("millisecond", TimeSpan.TicksPerMillisecond), ("milliseconds", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("sec", TimeSpan.TicksPerSecond), ("second", TimeSpan.TicksPerSecond), ("seconds", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute), ("min", TimeSpan.TicksPerMinute), ("minute", TimeSpan.TicksPerMinute), ("minutes", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("hour", TimeSpan.TicksPerHour), ("hours", TimeSpan.TicksPerHour),
    ];

    private static readonly SearchValues<char> InNumbers = SearchValues.Create("0123456789.");

    /// <summary>Null when the text names no wait.</summary>
    public static TimeSpan? Find(string text)
    {
        foreach (Phrase phrase in Phrases)
        {
            for (int at = 0; (at = text.IndexOf(phrase.Words, at, StringComparison.OrdinalIgnoreCase)) >= 0;)
            {
                at += phrase.Words.Length;
                if (ReadWait(text.AsSpan(at), phrase.NeedsUnit) is { } wait)
                {
                    return wait;
                }
            }
        }

        return null;
    }

    private static TimeSpan? ReadWait(ReadOnlySpan<char> text, bool needsUnit)
    {
        text = text.TrimStart();
        if (text.StartsWith("about ", StringComparison.OrdinalIgnoreCase))
        {
            text = text["about ".Length..];
        }

        double ticks = 0;
        bool any = false;
        // Several parts follow each other without a gap: 1m12.5s.
        while (TakeNumber(ref text) is { } number)
        {
            long? unit = TakeUnit(ref text);
            if (unit is null && (any || needsUnit))
            {
                break;
            }

            ticks += number * (unit ?? TimeSpan.TicksPerSecond);
            any = true;
        }

        return any ? RetryAfter.FromTicks(ticks) : null;
    }

    private static double? TakeNumber(ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExcept(InNumbers);
        ReadOnlySpan<char> number = length < 0 ? text : text[..length];
        text = text[number.Length..];
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    private static long? TakeUnit(ref ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> rest = text.TrimStart();
        int length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        foreach ((string name, long ticks) in Units)
        {
            if (rest[..length].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                text = rest[length..];
                return ticks;
            }
        }

        return null;
    }

    private sealed record Phrase(string Words, bool NeedsUnit);
}
