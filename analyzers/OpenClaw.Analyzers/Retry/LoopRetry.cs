using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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

    public override bool IgnoresRetryAfter => Growth == WaitGrowth.Changing && IgnoredHeader.In(Loop, model, cancellationToken) is not null;

    public override bool MayHaveBreaker => BreakerUse.MayBeNear(Loop.Statement, execution: null, Call, model, cancellationToken);

    public override Location? RepeatsRejections => RejectionCatch is { } clause ? PlaceOf(clause).GetLocation() : null;

    /// <summary>The catch that takes everything, a breaker's refusal as well.</summary>
    public CatchClauseSyntax? RejectionCatch
        => BreakerUse.RejectionIn(Loop, Call, model, cancellationToken) is { } rejection
            && new LoopFailures(Loop, model, cancellationToken).Catches() is [var (clause, _), ..]
            && HandledFailures.IsForAll(clause)
            && !Loop.Try!.Catches.TakeWhile(before => before != clause).Any(before => HandledFailures.NameOf(before) is { } name && (name == rejection || name == "ExecutionRejectedException"))
            && clause.Filter?.ToString().Contains(rejection) != true
                ? clause
                : null;

    private (WaitGrowth Growth, SyntaxNode? Wait) Wait => _wait ??= _waits.Judge();

    protected override bool FindWhetherEndless() => new LoopEnd(Loop, site, Call, model, cancellationToken).IsMissing();

    protected override (string Failures, Location Place)? FindPermanentFailures()
    {
        var failures = new LoopFailures(Loop, model, cancellationToken);
        if (failures.Catches() is [var (clause, statuses), ..])
        {
            SyntaxToken place = PlaceOf(clause);
            return clause.Filter is null || statuses.Count == HandledFailures.Permanent.Count && HandledFailures.IsForAll(clause)
                ? ("every exception", place.GetLocation())
                : (HandledFailures.Describe(statuses), place.GetLocation());
        }

        return failures.Statuses() is { Count: > 0 } repeated ? (HandledFailures.Describe(repeated), Head) : null;
    }

    private static SyntaxToken PlaceOf(CatchClauseSyntax clause) => clause.Declaration?.Type.GetLastToken() ?? clause.CatchKeyword;
}
