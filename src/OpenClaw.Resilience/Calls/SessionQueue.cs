namespace OpenClaw.Resilience;

/// <summary>
/// Lets the calls of one session through one after the other, in order of arrival. A session that nobody uses takes no memory: their
/// names come from the users of a program, without end.
/// </summary>
internal sealed class SessionQueue
{
    private readonly object _lock = new();

    // The sessions that have a turn under way; with those who wait, once there is one.
    private readonly Dictionary<string, LinkedList<Place>?> _busy = new(StringComparer.Ordinal);
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

    /// <summary>
    /// Waits until the session has no other turn. The thread that ends the turn before completes the task, so that a caller may block for it.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="mostWaiting">The calls that may wait.</param>
    /// <param name="cancellationToken">Leaves the queue.</param>
    /// <returns>The turn, which ends by disposal; null when the queue is full.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the turn came.</exception>
    public ValueTask<IDisposable?> EnterAsync(string session, int mostWaiting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_busy.TryGetValue(session, out LinkedList<Place>? line))
            {
                _busy.Add(session, null);
                return new(new Turn(this, session));
            }

            if (_waiting >= mostWaiting)
            {
                return new(result: null);
            }

            _busy[session] = line ??= new();
            var place = new Place(this);
            line.AddLast(place.Node);
            _waiting++;
            // Under the lock, so that nobody completes the place before it has its registration.
            place.Leaving = cancellationToken.UnsafeRegister(static (place, token) => ((Place)place!).Leave(token), place);
            return new(place.Task);
        }
    }

    private void End(string session)
    {
        Place? next;
        lock (_lock)
        {
            next = _busy[session]?.First?.Value;
            if (next is null)
            {
                _busy.Remove(session);
                return;
            }

            TakeOut(next);
        }

        next.Leaving.Unregister();
        next.SetResult(new Turn(this, session));
    }

    private void TakeOut(Place place)
    {
        place.Node.List!.Remove(place.Node);
        _waiting--;
    }

    /// <summary>One who waits. Whoever takes the place out of the line decides what becomes of it.</summary>
    private sealed class Place : TaskCompletionSource<IDisposable?>
    {
        private readonly SessionQueue _queue;

        public Place(SessionQueue queue)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _queue = queue;
            Node = new(this);
        }

        public LinkedListNode<Place> Node { get; }

        public CancellationTokenRegistration Leaving { get; set; }

        public void Leave(CancellationToken token)
        {
            lock (_queue._lock)
            {
                if (Node.List is null)
                {
                    return;
                }

                _queue.TakeOut(this);
            }

            SetCanceled(token);
        }
    }

    private sealed class Turn(SessionQueue queue, string session) : IDisposable
    {
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                queue.End(session);
            }
        }
    }
}
