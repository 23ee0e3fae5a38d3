using System.Net;

namespace OpenClaw.Resilience;

/// <summary>
/// The idle limit of one body that outlives its attempt, whoever reads it and however. With a call it also owns the call: the end of the
/// body, or its disposal, gives the permit back, and a failure is a sample for the circuit breaker.
/// </summary>
/// <param name="options">The numbers.</param>
/// <param name="call">The call that the body owns, or null.</param>
/// <param name="watch">Judges the events of the body, or null when it is no event stream that we know.</param>
/// <param name="callerToken">The caller's token; it ends the reading as well.</param>
internal sealed class ReadGuard(GatewayOptions options, CallScope? call, EventStreamWatch? watch, CancellationToken callerToken)
    : IDisposable
{
    private TimeLimit? _own;
    private StreamFailureException? _failure;
    private bool _hasEnded;

    public bool OwnsCall => call is not null;

    // A body without a call gets its limit when somebody reads it: most are never read through this, and must not hold on to the caller.
    private TimeLimit Limit => call?.AttemptLimit ?? (_own ??= new TimeLimit(options.TimeProvider, callerToken));

    public async ValueTask<int> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken readerToken)
    {
        if (watch is { EndsBadly: true })
        {
            End();
        }

        TimeLimit limit = Limit;
        CancellationTokenRegistration link = Link(limit, readerToken);
        int read;
        try
        {
            ValueTask<int> pending = source.ReadAsync(buffer, limit.Token);
            if (!pending.IsCompleted)
            {
                limit.Arm(options.IdleTimeout);
            }

            read = await pending.ConfigureAwait(false);
        }
        catch (Exception exception) when (Fail(exception, limit, readerToken) is var surfaced && !ReferenceEquals(surfaced, exception))
        {
            throw surfaced;
        }
        finally
        {
            limit.Disarm();
            link.Unregister();
        }

        if (read > 0 && watch is not null)
        {
            read = watch.Append(buffer.Span[..read]);
        }

        if (read == 0 && !buffer.IsEmpty)
        {
            End();
        }

        return read;
    }

    public async Task CopyAsync(HttpContent source, Stream target, TransportContext? context, CancellationToken readerToken)
    {
        TimeLimit limit = Limit;
        CancellationTokenRegistration link = Link(limit, readerToken);
        var metered = new MeteredStream(target, limit, options.IdleTimeout, watch);
        try
        {
            limit.Arm(options.IdleTimeout);
            await source.CopyToAsync(metered, context, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!metered.TargetHasFailed
            && Fail(exception, limit, readerToken) is var surfaced && !ReferenceEquals(surfaced, exception))
        {
            throw surfaced;
        }
        finally
        {
            limit.Disarm();
            link.Unregister();
        }

        End();
    }

    public void Dispose()
    {
        using TimeLimit? own = _own;
        using CallScope? ending = call;
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        if (watch?.FindError() is { } failure)
        {
            call?.FailLate(failure);
        }

        call?.AttemptLimit!.Cancel();
    }

    private static CancellationTokenRegistration Link(TimeLimit limit, CancellationToken readerToken)
        => readerToken.UnsafeRegister(static limit => ((TimeLimit)limit!).Cancel(), limit);

    private void End()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            _failure = watch?.FindFailure();
            if (_failure is not null)
            {
                call?.FailLate(_failure);
            }

            _own?.Dispose();
            call?.Dispose();
        }

        if (_failure is not null)
        {
            throw _failure;
        }
    }

    /// <summary>Makes the exception for the reader, whose own cancellation is no failure of the gateway.</summary>
    private Exception Fail(Exception exception, TimeLimit limit, CancellationToken readerToken)
    {
        if (exception is OperationCanceledException && readerToken.IsCancellationRequested)
        {
            return new TaskCanceledException(exception.Message, exception, readerToken);
        }

        if (call is null)
        {
            return exception is OperationCanceledException ? FailUnowned(exception, limit) : exception;
        }

        if (_hasEnded)
        {
            return exception;
        }

        _hasEnded = true;
        Exception surfaced = call.FailLate(exception);
        call.Dispose();
        return surfaced;
    }

    private Exception FailUnowned(Exception exception, TimeLimit limit)
    {
        if (callerToken.IsCancellationRequested)
        {
            return new TaskCanceledException(exception.Message, exception, callerToken);
        }

        return limit.Elapsed ? GatewayTimeouts.Idle(options, limit.Limit, exception) : exception;
    }
}
