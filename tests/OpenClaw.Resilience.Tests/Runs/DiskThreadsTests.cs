namespace OpenClaw.Resilience.Tests.Runs;

public sealed class DiskThreadsTests
{
    [Fact]
    public async Task A_single_writer_works_on_the_thread_it_is_on()
    {
        var threads = new DiskThreads(TimeSpan.FromSeconds(5));
        (int Caller, int Worker) ids = await Task.Run(() =>
        {
            int worker = 0;
            Task work = threads.RunAsync(() => worker = Environment.CurrentManagedThreadId);
            Assert.True(work.IsCompletedSuccessfully);
            return (Environment.CurrentManagedThreadId, worker);
        });

        Assert.Equal(ids.Caller, ids.Worker);
    }

    [Fact]
    public async Task More_flushes_than_the_pool_has_threads_wait_for_the_disk_together()
    {
        const int Writers = 32;
        var threads = new DiskThreads(TimeSpan.FromSeconds(5));
        using var all = new CountdownEvent(Writers);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => threads.RunAsync(() =>
        {
            all.Signal();
            Assert.True(all.Wait(TimeSpan.FromMinutes(2)), "Not all were waiting at the same time.");
        }))));
    }

    [Fact]
    public async Task A_failure_reaches_the_caller_from_whichever_thread()
    {
        var threads = new DiskThreads(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<IOException>(() => Task.Run(() => threads.RunAsync(() => throw new IOException("inline"))));
        await Assert.ThrowsAsync<IOException>(() => Task.Run(() => threads.RunAsync(() => throw new IOException("inline again"))));
        await Assert.ThrowsAsync<IOException>(() => OffThePool(() => threads.RunAsync(() => throw new IOException("handed over"))));
    }

    [Fact]
    public async Task A_thread_that_must_not_block_is_never_used()
    {
        var threads = new DiskThreads(TimeSpan.FromSeconds(5));
        int caller = 0;
        int worker = 0;

        await OffThePool(() =>
        {
            caller = Environment.CurrentManagedThreadId;
            return threads.RunAsync(() => worker = Environment.CurrentManagedThreadId);
        });

        Assert.NotEqual(caller, worker);
    }

    [Fact]
    public async Task Idle_threads_end_and_new_work_is_served_all_the_same()
    {
        var threads = new DiskThreads(TimeSpan.FromMilliseconds(1));
        for (int round = 0; round < 200; round++)
        {
            int done = 0;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => threads.RunAsync(() => Interlocked.Increment(ref done)))));
            Assert.Equal(4, done);
            if (round % 20 == 0)
            {
                await WaitForAsync(() => threads.Count == 0);
            }
        }

        await WaitForAsync(() => threads.Count == 0);
    }

    [Fact]
    public async Task There_are_never_more_than_64_threads_and_work_waits_for_its_turn()
    {
        var threads = new DiskThreads(TimeSpan.FromSeconds(5));
        using var gate = new ManualResetEventSlim();
        int done = 0;
        Task[] work = [.. Enumerable.Range(0, 200).Select(_ => OffThePool(() => threads.RunAsync(() =>
        {
            gate.Wait();
            Interlocked.Increment(ref done);
        })))];
        await WaitForAsync(() => threads.Count == 64);

        gate.Set();
        await Task.WhenAll(work);

        Assert.Equal((200, 64), (done, threads.Count));
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1);
        }
    }

    /// <summary>Starts the work on a thread of its own, such as the one of a user interface.</summary>
    private static async Task OffThePool(Func<Task> work)
    {
        Task? started = null;
        var thread = new Thread(() => started = work());
        thread.Start();
        await Task.Run(thread.Join);
        await started!;
    }
}
