using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>A loop that repeats a gateway call.</summary>
internal sealed class LoopRetry(RetryLoop loop, SyntaxNode site, GatewayCall call, GatewayModel model, CancellationToken cancellationToken) : RetryConstruct(call)
{
    private readonly (WaitGrowth Growth, SyntaxNode? Wait) _waits = new LoopWaits(loop, site, model, cancellationToken).Judge();

    public RetryLoop Loop { get; } = loop;

    public override Location Head => Loop.Statement.GetFirstToken().GetLocation();

    public override WaitGrowth Growth => _waits.Growth;

    public override Location WaitLocation => _waits.Wait?.GetLocation() ?? Head;

    protected override bool FindWhetherEndless() => new LoopEnd(Loop, site, Call, model, cancellationToken).IsMissing();
}
