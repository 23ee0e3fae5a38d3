namespace OpenClaw.Resilience;

/// <summary>
/// A cancellation token that follows another one and can be given a time limit, lifted and given again. The token belongs to one
/// call for ever: nothing here is pooled, because a token that a lazy stream has kept must never be cancelled by a stranger's limit.
/// </summary>
internal sealed class TimeLimit : IDisposable
{
    /// <summary>The longest time that a timer can wait, rounded down.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private const long Never = long.MaxValue;

    // Not disposed: it holds neither timer nor link, and its token stays usable for whoever has kept it.
    private readonly CancellationTokenSource _source = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _link;
    private TimeLimit? _inner;
    private ITimer? _timer;
    private long _due = Never;
    private volatile bool _elapsed;

    public TimeLimit(TimeProvider time, CancellationToken parent)
    {
        _time = time;
        _link = parent.UnsafeRegister(static limit => ((TimeLimit)limit!).Cancel(), this);
    }

    /// <summary>
    /// A limit that takes the place of the last one within another: cancelled with the other, until that is disposed. A
    /// registration on its token would do the same, and be the largest thing that an attempt allocates.
    /// </summary>
    public TimeLimit(TimeLimit outer)
    {
        _time = outer._time;
        // A full fence between write and read, as in Cancel: either the outer one finds this one, or this one finds it cancelled.
        Interlocked.Exchange(ref outer._inner, this);
        if (outer.Token.IsCancellationRequested)
        {
            Cancel();
        }
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Whether the time ran out; false when the token was cancelled for any other reason.</summary>
    public bool Elapsed => _elapsed;

    /// <summary>The limit that was given last.</summary>
    public TimeSpan Limit { get; private set; } = Timeout.InfiniteTimeSpan;

    public TimeSpan Remaining
    {
        get
        {
            long due = Volatile.Read(ref _due);
            return due == Never ? TimeSpan.MaxValue : _time.GetElapsedTime(_time.GetTimestamp(), due);
        }
    }

    public void Arm(TimeSpan limit)
    {
        Limit = limit;
        if (limit == Timeout.InfiniteTimeSpan)
        {
            Disarm();
            return;
        }

        Volatile.Write(ref _due, _time.GetTimestamp() + (long)(limit.TotalSeconds * _time.TimestampFrequency));
        _timer ??= _time.CreateTimer(
            static limit => ((TimeLimit)limit!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lifts the limit. The timer stays as it is: it finds nothing due.</summary>
    public void Disarm() => Volatile.Write(ref _due, Never);

    public void Cancel()
    {
        _source.Cancel();
        Volatile.Read(ref _inner)?.Cancel();
    }

    public void Dispose()
    {
        Disarm();
        _inner = null;
        _link.Unregister();
        _timer?.Dispose();
    }

    private void OnTimer()
    {
        // A callback that was under way when the limit was lifted or moved, or that came a tick too early, must not cut anything.
        TimeSpan remaining = Remaining;
        if (remaining == TimeSpan.MaxValue)
        {
            return;
        }

        if (remaining > TimeSpan.Zero)
        {
            _timer!.Change(remaining < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : remaining, Timeout.InfiniteTimeSpan);
            return;
        }

        _elapsed = true;
        Cancel();
    }
}
