namespace OpenClaw.Resilience;

/// <summary>Threads that wait for the disk, so that many runs can flush at once without starving the thread pool.</summary>
/// <remarks>
/// There is no asynchronous flush, and the pool has one thread per core and is slow to add more: on two cores 32 runs would flush two by
/// two. A single writer pays no hand-over: it flushes on the thread it is on. Threads are created on demand and end after some idle time;
/// the one that worked last is woken first. Each waits for an event of its own, because a lock that all of them wait on costs more than the
/// flush when there are many.
/// </remarks>
internal sealed class DiskThreads(TimeSpan idleLimit)
{
    private const int MaxThreads = 64;

    private readonly object _lock = new();
    private readonly Queue<Job> _waiting = new();
    private readonly List<Worker> _idle = [];
    private int _threads;
    private int _inline;

    public static DiskThreads Shared { get; } = new(TimeSpan.FromSeconds(5));

    /// <summary>How many threads there are now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _threads;
            }
        }
    }

    /// <summary>
    /// Runs the work where it is cheapest: here, when this is a pool thread and no other is blocked this way, else on a thread of its own.
    /// </summary>
    public Task RunAsync(Action work)
    {
        bool here = Thread.CurrentThread.IsThreadPoolThread
            && SynchronizationContext.Current is null
            && Interlocked.CompareExchange(ref _inline, 1, 0) == 0;
        if (!here)
        {
            return HandOverAsync(work);
        }

        var job = new Job(work);
        job.Run();
        Volatile.Write(ref _inline, 0);
        return job.Task;
    }

    private Task HandOverAsync(Action work)
    {
        var job = new Job(work);
        Worker? idle = null;
        bool start = false;
        lock (_lock)
        {
            if (_idle.Count > 0)
            {
                idle = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                idle.Next = job;
            }
            else if (_threads < MaxThreads)
            {
                start = true;
                _threads++;
            }
            else
            {
                _waiting.Enqueue(job);
            }
        }

        // Outside the lock: who wakes up takes it next.
        idle?.Wake.Set();
        if (start)
        {
            new Thread(() => Serve(new Worker { Next = job })) { IsBackground = true, Name = "OpenClaw.Resilience disk" }.UnsafeStart();
        }

        return job.Task;
    }

    private void Serve(Worker worker)
    {
        using (worker.Wake)
        {
            while (worker.Next is { } job)
            {
                job.Run();
                FindNext(worker);
            }
        }
    }

    /// <summary>Gives the worker its next job; none when it has waited long enough and is to end.</summary>
    private void FindNext(Worker worker)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out Job? waiting))
            {
                worker.Next = waiting;
                return;
            }

            worker.Next = null;
            _idle.Add(worker);
        }

        if (worker.Wake.WaitOne(idleLimit))
        {
            return;
        }

        lock (_lock)
        {
            if (_idle.Remove(worker))
            {
                _threads--;
                return;
            }
        }

        // A job came in the very moment the wait ended; its giver is about to say so.
        worker.Wake.WaitOne();
    }

    private sealed class Worker
    {
        public AutoResetEvent Wake { get; } = new(false);

        public Job? Next { get; set; }
    }

    private sealed class Job(Action work) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Run()
        {
            try
            {
                work();
                SetResult();
            }
            catch (Exception exception)
            {
                SetException(exception);
            }
        }
    }
}
