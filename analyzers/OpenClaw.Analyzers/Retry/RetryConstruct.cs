using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>How the waits between attempts develop.</summary>
internal enum WaitGrowth
{
    /// <summary>There is no wait.</summary>
    None,

    /// <summary>Every wait is as long as the first.</summary>
    Constant,

    /// <summary>The waits change: grow, follow a table, or come from the server.</summary>
    Changing,

    /// <summary>The sources do not tell: rules stay silent.</summary>
    Unknown,
}

/// <summary>Something that repeats a gateway call after a failure: a loop, or the retry of a resilience library. What it does is found when a rule asks.</summary>
internal abstract class RetryConstruct(GatewayCall call)
{
    private bool? _isEndless;
    private (string Failures, Location Place)? _permanentFailures;
    private bool _hasLookedForFailures;

    /// <summary>The call that is repeated.</summary>
    public GatewayCall Call { get; } = call;

    /// <summary>Where the repetition begins: the keyword of the loop, the name of the method.</summary>
    public abstract Location Head { get; }

    /// <summary>How its waits develop.</summary>
    public abstract WaitGrowth Growth { get; }

    /// <summary>Where a rule about the waits reports: the wait, or where one is missing.</summary>
    public abstract Location WaitLocation { get; }

    /// <summary>Whether a constant wait is what somebody who knows the library may want.</summary>
    public virtual bool IsLikelyDeliberate => false;

    /// <summary>Whether there are no waits, or always the same: what other rules have to say of the waits can wait.</summary>
    public bool LacksBackoff => Growth is WaitGrowth.None or WaitGrowth.Constant;

    /// <summary>Whether the waits are as long for every caller.</summary>
    public abstract bool LacksJitter { get; }

    /// <summary>Whether nothing but success ends it: no limit of attempts, no deadline and no cancellation.</summary>
    public bool IsEndless => _isEndless ??= FindWhetherEndless();

    /// <summary>What it repeats though it will not heal, as a message says it, and where that is decided; null where nothing is known.</summary>
    public (string Failures, Location Place)? PermanentFailures
    {
        get
        {
            if (!_hasLookedForFailures)
            {
                // A connection is opened again whatever became of the last.
                _permanentFailures = Call.Kind == CallKind.Connect ? null : FindPermanentFailures();
                _hasLookedForFailures = true;
            }

            return _permanentFailures;
        }
    }

    /// <summary>Whether a reply that names its wait is at hand, and nobody reads it.</summary>
    public virtual bool IgnoresRetryAfter => false;

    /// <summary>Whether a circuit breaker may be at work on the call.</summary>
    public abstract bool MayHaveBreaker { get; }

    /// <summary>Where the refusals of a circuit breaker inside of the retry are repeated; null where they are not, or it is not known.</summary>
    public abstract Location? RepeatsRejections { get; }

    protected abstract bool FindWhetherEndless();

    protected abstract (string Failures, Location Place)? FindPermanentFailures();
}

/// <summary>A rule that judges one retry.</summary>
internal abstract class RetryRule
{
    public abstract DiagnosticDescriptor Descriptor { get; }

    public abstract void Check(RetryConstruct retry, Action<Diagnostic> report);
}
