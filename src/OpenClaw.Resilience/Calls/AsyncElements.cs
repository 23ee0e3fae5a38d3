using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience;

/// <summary>A stream whose first element, if there is one, has arrived. It owns its call until it is disposed.</summary>
internal sealed class AsyncElements<T> : IAsyncDisposable
{
    private readonly CallScope _call;
    private readonly IAsyncEnumerator<T> _source;
    private FinishReasonWatch<T> _finish;
    private bool _isAtFirst;
    private bool _hasEnded;

    private AsyncElements(CallScope call, IAsyncEnumerator<T> source, bool any)
    {
        _call = call;
        _source = source;
        _isAtFirst = any;
        _hasEnded = !any;
        Watch();
    }

    public T Current => _source.Current;

    /// <summary>One attempt: opens the stream and waits for the first element.</summary>
    public static async Task<AsyncElements<T>> OpenAsync(
        CallScope call, Func<CancellationToken, IAsyncEnumerable<T>> open, CancellationToken token)
    {
        IAsyncEnumerable<T> stream = open(token) ?? throw new InvalidOperationException("The call returned null instead of a stream.");
        IAsyncEnumerator<T> source = stream.GetAsyncEnumerator(token);
        try
        {
            bool any = await source.MoveNextAsync().ConfigureAwait(false);
            var elements = new AsyncElements<T>(call, source, any);
            call.Detach();
            return elements;
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<bool> MoveNextAsync()
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
        _call.EnterFrame();
        try
        {
            ValueTask<bool> next = _source.MoveNextAsync();
            if (!next.IsCompleted)
            {
                limit.Arm(_call.Gateway.Options.IdleTimeout);
            }

            _hasEnded = !await next.ConfigureAwait(false);
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
            if (_hasEnded)
            {
                _call.Dispose();
            }
        }

        return !_hasEnded;
    }

    /// <summary>Cancels what is left of the call, disposes the source, and gives the permit back whatever happens.</summary>
    public async ValueTask DisposeAsync()
    {
        using CallScope ending = _call;
        if (_hasEnded)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
            return;
        }

        // What the source does at its end is still inside of the call.
        _hasEnded = true;
        _call.EnterFrame();
        try
        {
            await using ConfiguredAsyncDisposable source = _source.ConfigureAwait(false);
            _call.AttemptLimit!.Cancel();
        }
        catch (OperationCanceledException)
        {
            // The answer of the source to the cancellation just above.
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
