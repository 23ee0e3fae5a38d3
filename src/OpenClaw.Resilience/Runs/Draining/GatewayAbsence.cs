namespace OpenClaw.Resilience;

/// <summary>The time in which a gateway takes no work: it begins with a failed step and ends when the gateway says so, or at the latest after a limit.</summary>
internal sealed class GatewayAbsence(GatewayPipeline pipeline, TimeSpan longest)
{
    private readonly object _lock = new();
    private Task _end = Task.CompletedTask;

    /// <summary>Ends when the gateway may be asked again.</summary>
    public Task End
    {
        get
        {
            lock (_lock)
            {
                return _end;
            }
        }
    }

    /// <summary>A step has failed; if because the gateway was away, the others wait.</summary>
    public void Observe(Exception exception)
    {
        if (GatewayFailure.Find(exception) is not { IsAbsence: true } failure)
        {
            return;
        }

        lock (_lock)
        {
            if (_end.IsCompleted)
            {
                // Must not belong to the step that noticed it: neither its scope nor its span.
                using (ExecutionContext.SuppressFlow())
                {
                    _end = Task.Run(() => WaitAsync(pipeline.State.Options, failure.RetryAfter));
                }
            }
        }
    }

    private async Task WaitAsync(GatewayOptions options, TimeSpan? asked)
    {
        long began = options.TimeProvider.GetTimestamp();
        TimeSpan wait = asked ?? options.ProbeInterval;
        do
        {
            TimeSpan left = longest - options.TimeProvider.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(wait < left ? wait : left, options.TimeProvider).ConfigureAwait(false);
            wait = options.ProbeInterval;
        }
        while (options.ProbeUri is { } uri && !await GatewayProbe.IsReadyAsync(options, uri, CancellationToken.None).ConfigureAwait(false));
    }
}
