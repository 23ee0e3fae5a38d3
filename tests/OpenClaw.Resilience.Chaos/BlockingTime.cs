using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Chaos;

/// <summary>
/// The virtual clock for blocking callers. The library waits before a retry by blocking on a timer; here the thread gives the baton away meanwhile, and
/// finds the timer fired.
/// </summary>
internal sealed class BlockingTime(VirtualTime time, Baton baton) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // Limits create their timers first and set them later.
        if (Baton.Caller is not { } caller || dueTime == Timeout.InfiniteTimeSpan)
        {
            return time.CreateTimer(callback, state, dueTime, period);
        }

        var over = new TaskCompletionSource();
        using (time.CreateTimer(_ => over.TrySetResult(), null, dueTime, Timeout.InfiniteTimeSpan))
        using (caller.UnsafeRegister(_ => over.TrySetResult(), null))
        {
            baton.Wait(over.Task);
        }

        // Whoever waits has the cancelled token too.
        if (!caller.IsCancellationRequested)
        {
            callback(state);
        }

        return time.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
