namespace OpenClaw.Resilience;

/// <summary>
/// Lets the calls of one session through one after the other, in order of arrival. A session that nobody uses takes no memory: their
/// names come from the users of a program, without end.
/// </summary>
internal sealed class SessionQueue
{
    private readonly object _lock = new();

    // The sessions that have a turn under way; with those who wait, once there is one.
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<IDisposable>>?> _busy = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>The sessions that have a turn under way.</summary>
    public int BusySessions
    {
        get
        {
            lock (_lock)
            {
                return _busy.Count;
            }
        }
    }

    /// <summary>The calls that wait for their session, whichever it is.</summary>
    public int WaitingCalls => Volatile.Read(ref _waiting);

    /// <summary>Waits until the session has no other turn.</summary>
    /// <param name="session">The session.</param>
    /// <param name="mostWaiting">The calls that may wait.</param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <returns>The turn, which ends by disposal; null when the queue is full.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the turn came.</exception>
    public async ValueTask<IDisposable?> EnterAsync(string session, int mostWaiting, CancellationToken cancellationToken)
    {
        var place = new LinkedListNode<TaskCompletionSource<IDisposable>>(new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            if (!_busy.TryGetValue(session, out LinkedList<TaskCompletionSource<IDisposable>>? line))
            {
                _busy.Add(session, null);
                return new Turn(this, session);
            }

            if (_waiting >= mostWaiting)
            {
                return null;
            }

            _busy[session] = line ??= new();
            line.AddLast(place);
            _waiting++;
        }

        using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                (SessionQueue queue, LinkedListNode<TaskCompletionSource<IDisposable>> place) = ((SessionQueue, LinkedListNode<TaskCompletionSource<IDisposable>>))state!;
                if (queue.Remove(place))
                {
                    place.Value.SetCanceled(token);
                }
            },
            (this, place));
        return await place.Value.Task.ConfigureAwait(false);
    }

    /// <summary>Whoever takes the place out of the line decides what becomes of it.</summary>
    private bool Remove(LinkedListNode<TaskCompletionSource<IDisposable>> place)
    {
        lock (_lock)
        {
            if (place.List is null)
            {
                return false;
            }

            place.List.Remove(place);
            _waiting--;
            return true;
        }
    }

    private void Leave(string session)
    {
        LinkedListNode<TaskCompletionSource<IDisposable>>? next;
        lock (_lock)
        {
            next = _busy[session]?.First;
            if (next is null)
            {
                _busy.Remove(session);
                return;
            }

            next.List!.Remove(next);
            _waiting--;
        }

        next.Value.SetResult(new Turn(this, session));
    }

    private sealed class Turn(SessionQueue queue, string session) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                queue.Leave(session);
            }
        }
    }
}
