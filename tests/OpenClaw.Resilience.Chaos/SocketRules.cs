namespace OpenClaw.Resilience.Chaos;

/// <summary>
/// The allowed courses of a request over the gateway's WebSocket. Its attempts are the frames that arrived: one that found no connection left no trace.
/// </summary>
internal static class SocketRules
{
    // The gateway forgets a key after this time.
    private static readonly TimeSpan KeyMemory = TimeSpan.FromMinutes(5);

    public static IEnumerable<string> Repetitions(CallRecord call)
    {
        GatewayOptions options = call.State.Options;
        if (call.Attempts.Count > options.MaxRetries + 1)
        {
            yield return "was sent too often";
        }

        int blind = 0;
        for (int index = 1; index < call.Attempts.Count; index++)
        {
            Attempt failed = call.Attempts[index - 1], next = call.Attempts[index];
            if (failed.Fault is { Kind: FailureKind.Permanent or FailureKind.Lockout })
            {
                yield return $"was sent again after '{failed.Fault.Name}'";
            }

            Attempt? ran = call.Attempts.Take(index).FirstOrDefault(static attempt => attempt.HasRun);
            blind += failed.HasRun ? 1 : 0;
            if (ran is null || call.Effect == CallEffect.None)
            {
                continue;
            }

            if (call.Effect != CallEffect.Keyed || next.SentTo != ran.SentTo || next.Start - ran.Start >= KeyMemory)
            {
                yield return $"was sent to {next.SentTo} after it may have run at {ran.SentTo}";
            }
        }

        if (options.Gateway == GatewayKind.OpenClaw && blind > 1)
        {
            yield return $"was sent again {blind} times although it may have run";
        }
    }
}
