namespace OpenClaw.Resilience.Tests.Support;

/// <summary>
/// Runs work on a virtual clock: when nothing is left to do, it is the time of the next timer. The thread pool must have one thread, so that
/// what is done next never depends on chance: the same work takes the same course each time.
/// </summary>
/// <remarks>
/// A program gets such a pool by <c>ThreadPoolMaxThreads</c> in its project file. A scheduler or synchronization context of our own would not
/// do: libraries leave both with <c>ConfigureAwait(false)</c>, and the limiter and Polly's breaker go through the pool.
/// </remarks>
internal static class VirtualRun
{
    // No work here takes longer; what only looks whether something has come back goes on for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3);

    /// <summary>Moves the clock from timer to timer until the work is done.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="work">What is to be done.</param>
    /// <param name="beside">Does something more when the pool has nothing left to do, without the clock; false when there is nothing more.</param>
    /// <exception cref="InvalidOperationException">The pool has more than one thread, or the work waits for something that no timer
    /// brings about: a dead-lock.</exception>
    public static async Task ToEndAsync(VirtualTime time, Task work, Func<Task<bool>>? beside = null)
    {
        ThreadPool.GetMaxThreads(out int threads, out _);
        if (threads != 1)
        {
            throw new InvalidOperationException("The course of the work would depend on chance: set ThreadPoolMaxThreads to 1.");
        }

        DateTimeOffset end = time.GetUtcNow() + Longest;
        await SettleAsync(beside);
        while (!work.IsCompleted)
        {
            time.Advance(time.NextDue is not { } due || time.GetUtcNow() > end
                ? throw new InvalidOperationException("Dead-lock: the work is not done, and no timer goes on with it.")
                : due > TimeSpan.Zero ? due : TimeSpan.Zero);
            await SettleAsync(beside);
        }

        await work;
    }

    /// <summary>Lets the clock run until no timer is left, or for the given time.</summary>
    public static async Task DrainAsync(VirtualTime time, TimeSpan atMost)
    {
        DateTimeOffset end = time.GetUtcNow() + atMost;
        while (time.NextDue is { } due && time.GetUtcNow() + due <= end)
        {
            time.Advance(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            await SettleAsync(beside: null);
        }
    }

    // We queue up behind all that is waiting. Nothing runs beside us, so nothing waiting means nothing is left.
    private static async Task SettleAsync(Func<Task<bool>>? beside)
    {
        do
        {
            do
            {
                await Task.Yield();
            }
            while (ThreadPool.PendingWorkItemCount > 0);
        }
        while (beside is not null && await beside());
    }
}
