namespace OpenClaw.Resilience;

/// <summary>
/// A cancellation token with a time limit, for calls that have no limit of their own:
/// <c>using var deadline = Deadline.After(TimeSpan.FromMinutes(10), cancellationToken);</c> and then <c>deadline.Token</c>.
/// </summary>
public sealed class Deadline : IDisposable
{
    private readonly TimeLimit _limit;

    private Deadline(TimeProvider time, TimeSpan limit, CancellationToken cancellationToken)
    {
        _limit = new TimeLimit(time, cancellationToken);
        _limit.Arm(limit);
    }

    /// <summary>Cancelled when the limit is reached or the caller's token is cancelled; no longer after <see cref="Dispose"/>.</summary>
    public CancellationToken Token => _limit.Token;

    /// <summary>Whether the limit was reached, as opposed to a cancellation by the caller.</summary>
    public bool HasElapsed => _limit.Elapsed;

    /// <summary>The time that is left: never negative, and <see cref="Timeout.InfiniteTimeSpan"/> when there is no limit.</summary>
    public TimeSpan Remaining => _limit.Remaining switch
    {
        var left when left == TimeSpan.MaxValue => Timeout.InfiniteTimeSpan,
        var left when left < TimeSpan.Zero => TimeSpan.Zero,
        var left => left,
    };

    /// <summary>Starts a deadline. Dispose it when the work is done: until then it holds a timer and a registration.</summary>
    /// <param name="limit">The time from now, more than zero and at most 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="cancellationToken">The caller's token, which cancels <see cref="Token"/> as well.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is outside of its range.</exception>
    public static Deadline After(TimeSpan limit, CancellationToken cancellationToken = default)
        => After(limit, TimeProvider.System, cancellationToken);

    /// <inheritdoc cref="After(TimeSpan, CancellationToken)"/>
    /// <param name="limit">The time from now, more than zero and at most 49 days, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="timeProvider">The clock that counts.</param>
    /// <param name="cancellationToken">The caller's token, which cancels <see cref="Token"/> as well.</param>
    public static Deadline After(TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        if (limit != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeLimit.Longest);
        }

        return new Deadline(timeProvider, limit, cancellationToken);
    }

    /// <summary>Frees the timer. The token stays valid and is not cancelled any more.</summary>
    public void Dispose() => _limit.Dispose();
}
