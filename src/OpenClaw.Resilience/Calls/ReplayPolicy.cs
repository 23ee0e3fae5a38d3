namespace OpenClaw.Resilience;

/// <summary>Whether a failed call may be sent again, and after which wait. Pure: everything it needs is given.</summary>
internal static class ReplayPolicy
{
    /// <summary>How long a key is trusted: the gateway keeps keys for 5 min, in memory.</summary>
    public static readonly TimeSpan KeyLifetime = TimeSpan.FromMinutes(4);

    // An OpenClaw gateway has tried up to ten times before it reports a failure; each replay of ours starts that anew.
    private const int MaxAmbiguousReplaysOfGateway = 1;

    /// <summary>Whether the effect of the call allows another attempt.</summary>
    /// <param name="failure">What happened; its <see cref="GatewayFailure.MayHaveRun"/> covers the whole attempt.</param>
    /// <param name="effect">What the call may have done.</param>
    /// <param name="gateway">What was called.</param>
    /// <param name="replays">The attempts so far, less the first.</param>
    /// <param name="keyIsHonoured">Whether the gateway is proven to be the process that the key was sent to, within its lifetime.</param>
    public static bool MayReplay(GatewayFailure failure, CallEffect effect, GatewayKind gateway, int replays, bool keyIsHonoured)
    {
        if (failure.Kind is FailureKind.Permanent or FailureKind.Lockout or FailureKind.Cancelled)
        {
            return false;
        }

        if (!failure.MayHaveRun)
        {
            return true;
        }

        bool allowed = effect == CallEffect.None || (effect == CallEffect.Keyed && keyIsHonoured);
        return allowed && (gateway == GatewayKind.ModelProvider || replays < MaxAmbiguousReplaysOfGateway);
    }

    /// <summary>The wait before the next attempt, or null when it is too long to be waited in place.</summary>
    public static TimeSpan? GetWait(GatewayFailure failure, GatewayOptions options, int replays)
    {
        TimeSpan? asked = failure.RetryAfter;
        if (asked is null && failure.Kind == FailureKind.Throttled && options.ThrottleDelay > TimeSpan.Zero)
        {
            asked = options.ThrottleDelay;
        }

        if (asked > options.MaxRetryWait)
        {
            return null;
        }

        // Never earlier than asked, and spread, since all callers were told the same.
        return asked > TimeSpan.Zero
            ? asked + (options.BaseDelay / 2 * options.Random())
            : Backoff.GetDelay(replays, options.BaseDelay, options.MaxDelay, options.Random());
    }
}
