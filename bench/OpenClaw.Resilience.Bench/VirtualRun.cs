using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Bench;

/// <summary>Runs work on a virtual clock: when nothing is left to do, it is the time of the next timer.</summary>
internal static class VirtualRun
{
    public static async Task ToEndAsync(VirtualTime time, Task work)
    {
        while (!work.IsCompleted)
        {
            SettleDown();
            if (work.IsCompleted)
            {
                break;
            }

            if (time.NextDue is { } due)
            {
                time.Advance(due > TimeSpan.Zero ? due : TimeSpan.Zero);
            }
        }

        await work;
    }

    // Nothing queued and nothing completed for a while: all continuations have run.
    private static void SettleDown()
    {
        for (int quiet = 0; quiet < 3;)
        {
            long completed = ThreadPool.CompletedWorkItemCount;
            Thread.Sleep(0);
            Thread.SpinWait(2_000);
            quiet = ThreadPool.PendingWorkItemCount == 0 && ThreadPool.CompletedWorkItemCount == completed ? quiet + 1 : 0;
        }
    }
}
