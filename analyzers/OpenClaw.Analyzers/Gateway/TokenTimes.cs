using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"After what time does this token end the call", where the sources spell it out.</summary>
internal sealed class TokenTimes(GatewayModel model)
{
    private const int MaxLinks = 8;

    private readonly TokenSources _sources = new TokenTracer(model).Sources;

    public TimeLimit? LimitOf(IOperation token, CancellationToken cancellationToken) => LimitOf(token, depth: 0, cancellationToken);

    /// <summary>Of alternatives the longest, and only where each has a limit: one way without is enough to let a call take its time.</summary>
    private TimeLimit? LimitOf(IOperation token, int depth, CancellationToken cancellationToken)
    {
        TimeLimit? longest = null;
        foreach (Origin origin in model.Values.OriginsOf(token, call: null, cancellationToken))
        {
            TimeLimit? limit = origin.Operation is IPropertyReferenceOperation { Property.Name: "Token", Instance: { } source } && depth < MaxLinks
                ? OfSource(source, depth + 1, cancellationToken)
                : null;
            if (limit is null)
            {
                return null;
            }

            longest = longest is null || limit.Time > longest.Time ? limit : longest;
        }

        return longest;
    }

    private TimeLimit? OfSource(IOperation source, int depth, CancellationToken cancellationToken)
    {
        if (model.Values.OriginsOf(source, call: null, cancellationToken) is not [{ Operation: var made }])
        {
            return null;
        }

        // A timer that is started anew takes the place of the one before.
        if ((ObjectSetup.SymbolOf(source) ?? ObjectSetup.HolderOf(made)) is { } holder
            && _sources.CallsOn(holder, "CancelAfter", cancellationToken).ToArray() is { Length: > 0 } timers)
        {
            return timers is [{ Arguments: [{ Value: var time }] }] && made is not IObjectCreationOperation { Arguments: [{ ArgumentKind: ArgumentKind.Explicit }, ..] }
                ? At(time, "CancelAfter", cancellationToken)
                : null;
        }

        return made switch
        {
            IObjectCreationOperation { Arguments: [{ ArgumentKind: ArgumentKind.Explicit, Value: var time }, ..] } created when created.Type.HasFullName("System.Threading", "CancellationTokenSource")
                => At(time, "the token's time-out", cancellationToken),
            IInvocationOperation { TargetMethod: { Name: "After", ContainingType: var type }, Arguments: [{ Value: var time }, ..] } when type.HasFullName("OpenClaw.Resilience", "Deadline")
                => At(time, "the deadline", cancellationToken),
            IInvocationOperation { TargetMethod.Name: "CreateLinkedTokenSource" } linked => linked.Arguments.SelectMany(TokenSources.TokensOf)
                .Select(token => LimitOf(token, depth, cancellationToken))
                .Aggregate((TimeLimit?)null, TimeLimit.Shorter),
            _ => null,
        };
    }

    private TimeLimit? At(IOperation time, string source, CancellationToken cancellationToken)
        => DurationFacts.LongestOf(time, model, cancellationToken) is { } value ? new TimeLimit(value, source, time) : null;
}
