namespace OpenClaw.Resilience;

/// <summary>
/// Asks a gateway that was away whether it is back, and closes the circuit when it says so: an agent turn is an expensive question, and the growing
/// break outlasts a restart.
/// </summary>
/// <remarks>
/// A probe tells that the gateway is there, not that its model provider answers. So it is asked only when calls failed because nothing was there, and
/// not when the circuit opens again soon after a probe has closed it.
/// </remarks>
internal sealed class RecoveryProbe(GatewayOptions options, Func<bool> isOpen, Func<Task> close)
{
    private int _running;
    private long? _closedAt;

    /// <summary>The circuit has opened.</summary>
    public void Start(GatewayFailure? cause)
    {
        if (options.ProbeUri is not { } uri || cause is not { IsAbsence: true } || HasJustFailed() || Interlocked.Exchange(ref _running, 1) != 0)
        {
            return;
        }

        // Must not belong to the call that opened the circuit: neither its frame nor its span.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RunAsync(uri));
        }
    }

    private bool HasJustFailed() => _closedAt is { } at && options.TimeProvider.GetElapsedTime(at) < options.BreakDuration;

    private async Task RunAsync(Uri uri)
    {
        try
        {
            while (isOpen())
            {
                await Task.Delay(options.ProbeInterval, options.TimeProvider).ConfigureAwait(false);
                if (isOpen() && await GatewayProbe.IsReadyAsync(options, uri, CancellationToken.None).ConfigureAwait(false))
                {
                    _closedAt = options.TimeProvider.GetTimestamp();
                    await close().ConfigureAwait(false);
                    return;
                }
            }
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }
}
