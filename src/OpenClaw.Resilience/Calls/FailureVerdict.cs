namespace OpenClaw.Resilience;

/// <summary>Whether the call can have run when a failure of some sort is seen.</summary>
internal enum Ran
{
    /// <summary>It cannot: the request was not accepted.</summary>
    No,

    /// <summary>It may have.</summary>
    Maybe,

    /// <summary>Behind a gateway it may have, after some model calls; a model provider says this before it starts.</summary>
    NotAtProvider,
}

/// <summary>One conclusion of the failure tables.</summary>
internal sealed record FailureVerdict(FailureKind Kind, FailureClass Class, Ran Ran, string Advice)
{
    public bool MayHaveRun(GatewayKind gateway)
        => Ran == Ran.Maybe || (Ran == Ran.NotAtProvider && gateway == GatewayKind.OpenClaw);
}
