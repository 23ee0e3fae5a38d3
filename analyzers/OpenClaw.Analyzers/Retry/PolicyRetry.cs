using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>A retry of Polly: a strategy of version 8, or a policy of version 7.</summary>
/// <param name="added">The call that adds the strategy or makes the policy.</param>
/// <param name="call">The gateway call that is repeated.</param>
/// <param name="execution">The call that executes it.</param>
/// <param name="model">What is known of the compilation.</param>
/// <param name="cancellationToken">Ends the analysis.</param>
internal sealed class PolicyRetry(IInvocationOperation added, GatewayCall call, InvocationExpressionSyntax execution, GatewayModel model, CancellationToken cancellationToken)
    : RetryConstruct(call)
{
    private readonly PolicyWaits _waits = PolicyWaits.Of(added, model, cancellationToken);

    public override Location Head => SyntaxFacts.NameOf((InvocationExpressionSyntax)added.Syntax).GetLocation();

    public override WaitGrowth Growth => _waits.Growth;

    public override Location WaitLocation => Head;

    public override bool LacksJitter => Growth == WaitGrowth.Changing && PolicyWaits.AreFixed(added, model, cancellationToken);

    public override bool IsLikelyDeliberate => IsStrategy;

    public override bool MayHaveBreaker => BreakerUse.MayBeNear(added.Syntax, execution, Call, model, cancellationToken);

    public override Location? RepeatsRejections
        => IsStrategy
            && model.Pipelines.Around(added, cancellationToken) is { } strategies
            && strategies.SkipWhile(strategy => strategy.Added.Syntax != added.Syntax).Any(strategy => strategy.Kind == StrategyKind.CircuitBreaker)
                ? new PolicyFailures(added, Call, execution, model, cancellationToken).PlaceOfAll()
                : null;

    /// <summary>Whether it repeats once at most: that cannot grow, and at once it is how a dead pooled connection is replaced.</summary>
    public bool RepeatsOnce => _waits.RepeatsOnce;

    /// <summary>Whether it is a strategy of version 8.</summary>
    private bool IsStrategy => added.TargetMethod.Name == PollyRetries.AddRetry;

    protected override bool FindWhetherEndless()
        => Call.Kind != CallKind.Connect
            && (IsStrategy ? IsUnlimited() && !HasTimeoutAround() : added.TargetMethod.Name.Contains("Forever"))
            && !IsCancelled();

    protected override (string Failures, Location Place)? FindPermanentFailures() => new PolicyFailures(added, Call, execution, model, cancellationToken).Find();

    private bool IsUnlimited()
        => PollyRetries.OptionsOf(added, model, cancellationToken) is { } options
            && new ObjectSetup(model).ValuesOf(options, "MaxRetryAttempts", cancellationToken).LastOrDefault() is { ConstantValue: { HasValue: true, Value: int.MaxValue } };

    private bool HasTimeoutAround()
        => model.Pipelines.Around(added, cancellationToken) is not { } strategies
            || strategies.TakeWhile(strategy => strategy.Added.Syntax != added.Syntax).Any(strategy => strategy.Kind is not (StrategyKind.Limiter or StrategyKind.CircuitBreaker));

    /// <summary>Whether the execution, or the call itself, can be cancelled from outside.</summary>
    private bool IsCancelled()
    {
        SemanticModel semantics = model.SemanticsOf(execution.SyntaxTree);
        return execution.ArgumentList.Arguments.Any(argument => Tokens.IsFromOutside(argument.Expression, execution.ArgumentList, semantics, cancellationToken))
            || (Call.Token is { Syntax: ArgumentSyntax token } && Tokens.IsFromOutside(token.Expression, execution.ArgumentList, model.SemanticsOf(token.SyntaxTree), cancellationToken));
    }
}
