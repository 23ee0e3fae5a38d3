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

/// <summary>Something that repeats a gateway call after a failure: a loop, or the retry of a resilience library.</summary>
/// <param name="Call">The call that is repeated.</param>
/// <param name="Growth">How its waits develop.</param>
/// <param name="Location">Where a rule about the waits reports: the wait, or where one is missing.</param>
/// <param name="IsLikelyDeliberate">Whether a constant wait is what somebody who knows the library may want.</param>
/// <param name="Loop">The loop; null for a library's retry.</param>
internal sealed record RetryConstruct(GatewayCall Call, WaitGrowth Growth, Location Location, bool IsLikelyDeliberate = false, RetryLoop? Loop = null);

/// <summary>A rule that judges one retry.</summary>
internal abstract class RetryRule
{
    public abstract DiagnosticDescriptor Descriptor { get; }

    public abstract void Check(RetryConstruct retry, Action<Diagnostic> report);
}
