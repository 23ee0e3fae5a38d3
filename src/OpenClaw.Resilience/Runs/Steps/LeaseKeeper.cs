namespace OpenClaw.Resilience;

/// <summary>Renews a lease that expires, and says when it is lost.</summary>
/// <remarks>
/// Losing it only stops the work early: that nothing is written by who has lost it is the store's fencing token's doing. The lease counts
/// as lost when the store says so, or when no renewal has succeeded for as long as it lasts, by this machine's own clock.
/// </remarks>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    private readonly ICheckpointStore _store;
    private readonly RunLease _lease;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private Task _renewal = Task.CompletedTask;
    private long _renewedAt;

    private LeaseKeeper(ICheckpointStore store, RunLease lease, TimeSpan duration, TimeProvider time, long acquiredAt)
    {
        _store = store;
        _lease = lease;
        _duration = duration;
        _time = time;
        _renewedAt = acquiredAt;
        TimeSpan period = duration / 3;
        _timer = time.CreateTimer(_ => Tick(), null, period, period);
    }

    /// <summary>Cancelled when the lease is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Keeps the lease; null when it doesn't expire.</summary>
    /// <param name="store">The store that gave it.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="time">The clock.</param>
    /// <param name="acquiredAt">The clock's time stamp from before the lease was asked for.</param>
    public static LeaseKeeper? Start(ICheckpointStore store, RunLease lease, TimeProvider time, long acquiredAt) =>
        lease.Duration is { } duration ? new LeaseKeeper(store, lease, duration, time, acquiredAt) : null;

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        Task renewal;
        lock (_timer)
        {
            renewal = _renewal;
        }

        await renewal.ConfigureAwait(false);
        _stop.Dispose();

        // The source of Lost isn't disposed of: a step may still look at its token, and without a timer it holds nothing.
    }

    private void Tick()
    {
        lock (_timer)
        {
            if (_renewal.IsCompleted && !_stop.IsCancellationRequested)
            {
                _renewal = RenewAsync();
            }
        }

        LoseIfExpired();
    }

    private async Task RenewAsync()
    {
        long asked = _time.GetTimestamp();
        try
        {
            await _store.RenewAsync(_lease, _stop.Token).ConfigureAwait(false);
            Volatile.Write(ref _renewedAt, asked);
        }
        catch (CheckpointConflictException)
        {
            Lose();
        }
        catch (Exception)
        {
            // The store may be back before the lease ends; the next tick tries again, and the clock decides.
            LoseIfExpired();
        }
    }

    private void LoseIfExpired()
    {
        if (!_stop.IsCancellationRequested && _time.GetElapsedTime(Volatile.Read(ref _renewedAt)) >= _duration)
        {
            Lose();
        }
    }

    /// <summary>On another thread, for what the steps have registered may throw, and nobody is here to catch it.</summary>
    private void Lose() => _ = _lost.CancelAsync();
}
