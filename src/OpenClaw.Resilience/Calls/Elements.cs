namespace OpenClaw.Resilience;

/// <summary>The synchronous twin of <see cref="AsyncElements{T}"/>.</summary>
internal sealed class Elements<T> : IDisposable
{
    private readonly CallScope _call;
    private readonly IEnumerator<T> _source;
    private FinishReasonWatch<T> _finish;
    private bool _isAtFirst;
    private bool _hasEnded;

    private Elements(CallScope call, IEnumerator<T> source, bool any)
    {
        _call = call;
        _source = source;
        _isAtFirst = any;
        _hasEnded = !any;
        Watch();
    }

    public T Current => _source.Current;

    /// <summary>One attempt: opens the stream and waits for the first element.</summary>
    public static Elements<T> Open(CallScope call, Func<CancellationToken, IEnumerable<T>> open, CancellationToken token)
    {
        IEnumerable<T> stream = open(token) ?? throw new InvalidOperationException("The call returned null instead of a stream.");
        IEnumerator<T> source = stream.GetEnumerator();
        try
        {
            bool any = source.MoveNext();
            var elements = new Elements<T>(call, source, any);
            call.Detach();
            return elements;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public bool MoveNext()
    {
        if (_isAtFirst)
        {
            _isAtFirst = false;
            return true;
        }

        if (_hasEnded)
        {
            return false;
        }

        TimeLimit limit = _call.AttemptLimit!;
        CallFrame? before = CallFrame.Current;
        _call.EnterFrame();
        limit.Arm(_call.Gateway.Options.IdleTimeout);
        try
        {
            _hasEnded = !_source.MoveNext();
            Watch();
        }
        catch (Exception exception)
        {
            _hasEnded = true;
            if (_call.FailLate(exception) is var surfaced && !ReferenceEquals(surfaced, exception))
            {
                throw surfaced;
            }

            throw;
        }
        finally
        {
            limit.Disarm();
            CallFrame.Current = before;
            if (_hasEnded)
            {
                _call.Dispose();
            }
        }

        return !_hasEnded;
    }

    /// <summary>Cancels what is left of the call, disposes the source, and gives the permit back whatever happens.</summary>
    public void Dispose()
    {
        using CallScope ending = _call;
        if (_hasEnded)
        {
            _source.Dispose();
            return;
        }

        // What the source does at its end is still inside of the call.
        _hasEnded = true;
        CallFrame? before = CallFrame.Current;
        _call.EnterFrame();
        try
        {
            using IEnumerator<T> source = _source;
            _call.AttemptLimit!.Cancel();
        }
        catch (OperationCanceledException)
        {
            // The answer of the source to the cancellation just above.
        }
        finally
        {
            CallFrame.Current = before;
        }
    }

    private void Watch()
    {
        if (_hasEnded)
        {
            _finish.ThrowIfUnfinished(_call);
        }
        else
        {
            _finish.Append(_source.Current);
        }
    }
}
