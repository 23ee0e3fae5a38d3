using System.Globalization;
using System.Net.Http.Headers;

namespace OpenClaw.Resilience;

/// <summary>Reads the wait that a server asks for: seconds or a date in <c>Retry-After</c>, or <c>retry-after-ms</c>.</summary>
internal static class RetryAfter
{
    public const string Header = "Retry-After";
    public const string MillisecondsHeader = "retry-after-ms";

    public static TimeSpan? From(HttpResponseHeaders headers, TimeProvider time)
    {
        if (headers.NonValidated.TryGetValues(MillisecondsHeader, out HeaderStringValues milliseconds)
            && FromMilliseconds(milliseconds.ToString()) is { } exact)
        {
            return exact;
        }

        return headers.NonValidated.TryGetValues(Header, out HeaderStringValues value) ? From(value.ToString(), time) : null;
    }

    /// <summary>Reads the value of a <c>Retry-After</c> header.</summary>
    public static TimeSpan? From(string? value, TimeProvider time)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (FromSeconds(value.AsSpan().Trim()) is { } seconds)
        {
            return seconds;
        }

        return RetryConditionHeaderValue.TryParse(value, out RetryConditionHeaderValue? parsed) && parsed.Date is { } date
            ? NotNegative(date - time.GetUtcNow())
            : null;
    }

    public static TimeSpan? FromSeconds(ReadOnlySpan<char> value) => FromNumber(value, TimeSpan.TicksPerSecond);

    public static TimeSpan? FromMilliseconds(ReadOnlySpan<char> value) => FromNumber(value.Trim(), TimeSpan.TicksPerMillisecond);

    private static TimeSpan? FromNumber(ReadOnlySpan<char> value, long ticksPerUnit)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!double.TryParse(value, Plain, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
        {
            return null;
        }

        return FromTicks(number * ticksPerUnit);
    }

    /// <summary>A wait beyond the range of a <see cref="TimeSpan"/> is still a wait.</summary>
    public static TimeSpan FromTicks(double ticks)
        => ticks >= TimeSpan.MaxValue.Ticks ? TimeSpan.MaxValue : NotNegative(TimeSpan.FromTicks((long)ticks));

    private static TimeSpan NotNegative(TimeSpan value) => value < TimeSpan.Zero ? TimeSpan.Zero : value;
}
