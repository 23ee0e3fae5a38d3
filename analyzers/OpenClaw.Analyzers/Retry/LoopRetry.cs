using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>A loop that repeats a gateway call.</summary>
internal sealed class LoopRetry(RetryLoop loop, SyntaxNode site, GatewayCall call, GatewayModel model, CancellationToken cancellationToken) : RetryConstruct(call)
{
    private readonly LoopWaits _waits = new(loop, site, model, cancellationToken);
    private (WaitGrowth Growth, SyntaxNode? Wait)? _wait;

    public RetryLoop Loop { get; } = loop;

    public override Location Head => Loop.Statement.GetFirstToken().GetLocation();

    public override WaitGrowth Growth => Wait.Growth;

    public override Location WaitLocation => Wait.Wait?.GetLocation() ?? Head;

    public override bool LacksJitter => _waits.LackJitter();

    private (WaitGrowth Growth, SyntaxNode? Wait) Wait => _wait ??= _waits.Judge();

    protected override bool FindWhetherEndless() => new LoopEnd(Loop, site, Call, model, cancellationToken).IsMissing();

    protected override (string Failures, Location Place)? FindPermanentFailures()
    {
        var failures = new LoopFailures(Loop, model, cancellationToken);
        if (failures.Catches() is [var (clause, statuses), ..])
        {
            SyntaxToken place = clause.Declaration?.Type.GetLastToken() ?? clause.CatchKeyword;
            return clause.Filter is null || statuses.Count == HandledFailures.Permanent.Count && HandledFailures.IsForAll(clause)
                ? ("every exception", place.GetLocation())
                : (HandledFailures.Describe(statuses), place.GetLocation());
        }

        return failures.Statuses() is { Count: > 0 } repeated ? (HandledFailures.Describe(repeated), Head) : null;
    }
}
