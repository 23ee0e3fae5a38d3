namespace OpenClaw.Resilience;

/// <summary>Waits between the attempts of a loop of your own: growing, capped, and spread so that clients do not return together.</summary>
public static class Backoff
{
    /// <summary>The wait that the first retry grows from: 1 s, where the gateway's own clients start to reconnect.</summary>
    public static readonly TimeSpan DefaultBaseDelay = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait: 30 s, where the gateway's own clients stop growing.</summary>
    public static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromSeconds(30);

    // 2^32 base delays are beyond each cap; a larger power would only overflow.
    private const int MaxExponent = 32;

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="attempt">How many attempts have failed, or the index of the one that just did: counting from 0 and from 1 are
    /// both fine, and no number is too large or too small.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task DelayAsync(int attempt, CancellationToken cancellationToken = default)
        => Task.Delay(GetDelay(attempt), cancellationToken);

    /// <inheritdoc cref="DelayAsync(int, CancellationToken)"/>
    /// <param name="attempt">As above.</param>
    /// <param name="timeProvider">The clock that counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task DelayAsync(int attempt, TimeProvider timeProvider, CancellationToken cancellationToken = default)
        => Task.Delay(GetDelay(attempt), timeProvider, cancellationToken);

    /// <summary>Blocks the thread before the next attempt, for callers that are not asynchronous.</summary>
    /// <inheritdoc cref="DelayAsync(int, CancellationToken)"/>
    public static void Delay(int attempt, CancellationToken cancellationToken = default)
    {
        cancellationToken.WaitHandle.WaitOne(GetDelay(attempt));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// A random wait between half of the base delay and the base delay doubled <paramref name="attempt"/> times, at most the longest.
    /// </summary>
    /// <param name="attempt">Counted from 0 or from 1; negative counts as 0.</param>
    /// <param name="baseDelay">Default: <see cref="DefaultBaseDelay"/>.</param>
    /// <param name="maxDelay">Default: <see cref="DefaultMaxDelay"/>, or the base delay where that is longer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A delay is negative.</exception>
    public static TimeSpan GetDelay(int attempt, TimeSpan? baseDelay = null, TimeSpan? maxDelay = null)
        => GetDelay(
            attempt,
            baseDelay ?? DefaultBaseDelay,
            maxDelay ?? (baseDelay > DefaultMaxDelay ? baseDelay.Value : DefaultMaxDelay),
            Random.Shared.NextDouble());

    internal static TimeSpan GetDelay(int attempt, TimeSpan baseDelay, TimeSpan maxDelay, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(baseDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, TimeSpan.Zero);
        double longest = Math.Min(baseDelay.Ticks * Math.Pow(2, Math.Clamp(attempt, 0, MaxExponent)), maxDelay.Ticks);
        double shortest = Math.Min(baseDelay.Ticks / 2d, longest);
        return TimeSpan.FromTicks((long)(shortest + (random * (longest - shortest))));
    }
}
