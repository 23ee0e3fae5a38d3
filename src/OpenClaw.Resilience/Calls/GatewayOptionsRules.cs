using System.Globalization;

namespace OpenClaw.Resilience;

/// <summary>The accepted range of each option.</summary>
internal static class GatewayOptionsRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    public static void Check(GatewayOptions options)
    {
        NotEmpty(options.Name, nameof(options.Name));
        Defined(options.Gateway, nameof(options.Gateway));
        Defined(options.DefaultEffect, nameof(options.DefaultEffect));
        Between(options.MaxConcurrentCalls, 1, 10_000, nameof(options.MaxConcurrentCalls));
        Between(options.MaxQueuedCalls, 0, 100_000, nameof(options.MaxQueuedCalls));
        Between(options.MaxRetries, 0, 10, nameof(options.MaxRetries));
        Between(options.BaseDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(options.BaseDelay));
        Between(options.MaxDelay, options.BaseDelay, TenMinutes, nameof(options.MaxDelay));
        Between(options.MaxRetryWait, TimeSpan.Zero, TenMinutes, nameof(options.MaxRetryWait));
        Between(options.ThrottleDelay, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(options.ThrottleDelay));
        Limit(options.CallTimeout, nameof(options.CallTimeout));
        Limit(options.AttemptTimeout, nameof(options.AttemptTimeout));
        Limit(options.FirstByteTimeout, nameof(options.FirstByteTimeout));
        Limit(options.IdleTimeout, nameof(options.IdleTimeout));
        Limit(options.HandshakeTimeout, nameof(options.HandshakeTimeout));
        Ratio(options.FailureRatio, nameof(options.FailureRatio));
        Between(options.MinimumThroughput, 2, 10_000, nameof(options.MinimumThroughput));
        Between(options.SamplingDuration, TimeSpan.FromSeconds(1), Day, nameof(options.SamplingDuration));
        Between(options.BreakDuration, TimeSpan.FromSeconds(0.5), Day, nameof(options.BreakDuration));
        Between(options.MaxBreakDuration, options.BreakDuration, Day, nameof(options.MaxBreakDuration));
        Between(options.LockoutDuration, TimeSpan.FromSeconds(1), Day, nameof(options.LockoutDuration));
        Between(options.ProbeInterval, TimeSpan.FromSeconds(0.1), TenMinutes, nameof(options.ProbeInterval));
        HttpAddress(options.ProbeUri, nameof(options.ProbeUri));
        NotNull(options.TimeProvider, nameof(options.TimeProvider));
    }

    private static void NotEmpty(string? value, string property)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"{Qualified(property)} must not be empty.", property);
        }
    }

    private static void HttpAddress(Uri? value, string property)
    {
        if (value is not null && !(value.IsAbsoluteUri && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps)))
        {
            throw OutOfRange(property, value, "an absolute http or https address");
        }
    }

    private static void NotNull(object? value, string property)
    {
        if (value is null)
        {
            throw new ArgumentException($"{Qualified(property)} must not be null.", property);
        }
    }

    private static void Defined<TEnum>(TEnum value, string property)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw OutOfRange(property, value, $"one of {string.Join(", ", Enum.GetNames<TEnum>())}");
        }
    }

    private static void Between<T>(T value, T least, T most, string property)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw OutOfRange(property, value, $"between {Text(least)} and {Text(most)}");
        }
    }

    private static void Limit(TimeSpan value, string property)
    {
        if (value != Timeout.InfiniteTimeSpan && (value <= TimeSpan.Zero || value > TimeLimit.Longest))
        {
            throw OutOfRange(property, value, $"more than 0 and at most {Text(TimeLimit.Longest)}, or Timeout.InfiniteTimeSpan");
        }
    }

    private static void Ratio(double value, string property)
    {
        if (!(value is > 0 and <= 1))
        {
            throw OutOfRange(property, value, "more than 0 and at most 1");
        }
    }

    private static ArgumentOutOfRangeException OutOfRange(string property, object value, string range)
        => new(property, value, $"{Qualified(property)} must be {range}.");

    private static string Qualified(string property) => $"{nameof(GatewayOptions)}.{property}";

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
