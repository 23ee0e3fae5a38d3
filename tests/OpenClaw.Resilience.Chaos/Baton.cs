namespace OpenClaw.Resilience.Chaos;

/// <summary>
/// Threads for callers that block. One runs at a time, and only while the pool has nothing to do: who goes on next never depends on chance, so that a
/// seed keeps its course.
/// </summary>
internal sealed class Baton
{
    // No stretch of a blocking call computes for longer: who takes it waits for something that we do not know of.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ThreadStatic]
    private static Runner? t_mine;

    private readonly Queue<Runner> _ready = new();

    /// <summary>The caller's token of the current thread, if that is one of ours.</summary>
    public static CancellationToken? Caller => t_mine?.Caller;

    /// <summary>Runs the work on a thread of its own, in the current flow.</summary>
    public Task RunAsync(Action work, CancellationToken caller)
    {
        var runner = new Runner(work, caller);
        MakeReady(runner);
        return runner.Done;
    }

    /// <summary>Lets the next thread go on until it waits or ends. False when none can.</summary>
    public async Task<bool> PassAsync()
    {
        Runner? runner;
        lock (_ready)
        {
            if (!_ready.TryDequeue(out runner))
            {
                return false;
            }
        }

        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        runner.GoOn();
        while (!runner.HasStopped)
        {
            if (Environment.TickCount64 > deadline)
            {
                throw new InvalidOperationException("Dead-lock: a blocking call waits for something that nobody here brings about.");
            }

            // A circuit that it opens tells so through the pool, and its thread waits for that.
            if (ThreadPool.PendingWorkItemCount > 0 && runner.IsBlocked)
            {
                await Task.Yield();
            }
            else
            {
                Thread.Yield();
            }
        }

        runner.TellEnd();
        return true;
    }

    /// <summary>Blocks the current thread, one of ours, until the task is done.</summary>
    public void Wait(Task task)
    {
        Runner mine = t_mine ?? throw new InvalidOperationException("This thread is not one of ours.");
        if (task.IsCompleted)
        {
            return;
        }

        _ = task.ContinueWith(_ => MakeReady(mine), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        mine.Stop();
    }

    private void MakeReady(Runner runner)
    {
        lock (_ready)
        {
            _ready.Enqueue(runner);
        }
    }

    private sealed class Runner : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(0);
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Thread _thread;
        private volatile bool _hasStopped = true;
        private volatile bool _hasEnded;
        private Exception? _failure;

        public Runner(Action work, CancellationToken caller)
        {
            Caller = caller;
            _thread = new Thread(() => Run(work)) { IsBackground = true };
            _thread.Start();
        }

        public CancellationToken Caller { get; }

        public Task Done => _done.Task;

        public bool HasStopped => _hasStopped;

        public bool IsBlocked => (_thread.ThreadState & ThreadState.WaitSleepJoin) != 0;

        public void GoOn()
        {
            _hasStopped = false;
            _turn.Release();
        }

        public void Stop()
        {
            _hasStopped = true;
            _turn.Wait();
        }

        public void TellEnd()
        {
            if (!_hasEnded)
            {
                return;
            }

            Dispose();
            if (_failure is null)
            {
                _done.SetResult();
            }
            else
            {
                _done.SetException(_failure);
            }
        }

        public void Dispose() => _turn.Dispose();

        private void Run(Action work)
        {
            _turn.Wait();
            t_mine = this;
            try
            {
                work();
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            _hasEnded = true;
            _hasStopped = true;
        }
    }
}
