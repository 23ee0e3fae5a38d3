using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>The waits of a retry of Polly.</summary>
/// <param name="Growth">How they develop.</param>
/// <param name="RepeatsOnce">Whether there is one repetition at most.</param>
internal sealed record PolicyWaits(WaitGrowth Growth, bool RepeatsOnce = false)
{
    private static readonly PolicyWaits Once = new(WaitGrowth.Unknown, RepeatsOnce: true);

    public static PolicyWaits Of(IInvocationOperation retry, GatewayModel model, CancellationToken cancellationToken)
        => retry.TargetMethod.Name == PollyRetries.AddRetry ? OfOptions(retry, model, cancellationToken) : OfPolicy(retry, model, cancellationToken);

    /// <summary>Whether nothing random is in the waits: by the options, or in what the provider returns.</summary>
    public static bool AreFixed(IInvocationOperation retry, GatewayModel model, CancellationToken cancellationToken)
    {
        if (retry.TargetMethod.Name == PollyRetries.AddRetry)
        {
            return PollyRetries.OptionsOf(retry, model, cancellationToken) is { } options
                && new ObjectSetup(model).ValuesOf(options, "UseJitter", cancellationToken).All(value => value.ConstantValue is { HasValue: true, Value: false });
        }

        return DurationsOf(retry) is { } durations && model.Values.OriginsOf(durations, call: null, cancellationToken) is [{ Operation: var provider }] && provider switch
        {
            IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }
                => lambda.Body.Descendants().OfType<IReturnOperation>().All(result => result.ReturnedValue is { } wait && FixedDurations.Is(wait, model, cancellationToken)),
            IArrayCreationOperation => FixedDurations.Is(provider, model, cancellationToken),
            _ => false,
        };
    }

    private static IOperation? DurationsOf(IInvocationOperation policy)
        => policy.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "sleepDurationProvider" or "sleepDurations")?.Value;

    /// <summary>Version 8: the waits are constant unless the options say otherwise.</summary>
    private static PolicyWaits OfOptions(IInvocationOperation addRetry, GatewayModel model, CancellationToken cancellationToken)
    {
        if (PollyRetries.OptionsOf(addRetry, model, cancellationToken) is not { } options)
        {
            return new PolicyWaits(WaitGrowth.Unknown);
        }

        var setup = new ObjectSetup(model);
        if (setup.ValuesOf(options, "MaxRetryAttempts", cancellationToken).Any(IsAtMostOne))
        {
            return Once;
        }

        return new PolicyWaits(setup.ValuesOf(options, "DelayGenerator", cancellationToken).Any() ? WaitGrowth.Unknown : GrowthOf(options, setup, cancellationToken));
    }

    private static WaitGrowth GrowthOf(IObjectCreationOperation options, ObjectSetup setup, CancellationToken cancellationToken)
    {
        IOperation[] delays = [.. setup.ValuesOf(options, "Delay", cancellationToken)];
        if (delays.Length > 0 && delays.All(DurationFacts.IsZero))
        {
            return WaitGrowth.None;
        }

        IOperation[] kinds = [.. setup.ValuesOf(options, "BackoffType", cancellationToken)];
        return kinds.All(kind => kind is IFieldReferenceOperation { Field.Name: "Constant" }) ? WaitGrowth.Constant : WaitGrowth.Changing;
    }

    /// <summary>Version 7: the method says whether there is a wait, its provider how long it is.</summary>
    private static PolicyWaits OfPolicy(IInvocationOperation policy, GatewayModel model, CancellationToken cancellationToken)
    {
        string name = policy.TargetMethod.Name;
        bool waits = name.StartsWith("Wait", StringComparison.Ordinal);
        IArgumentOperation? count = policy.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "retryCount");
        if (count is null ? !waits && !name.Contains("Forever") : IsAtMostOne(count.Value))
        {
            return Once;
        }

        if (!waits)
        {
            return new PolicyWaits(WaitGrowth.None);
        }

        return DurationsOf(policy) is not { } durations ? new PolicyWaits(WaitGrowth.Unknown)
            : model.Values.OriginsOf(durations, call: null, cancellationToken) is not [var origin] ? new PolicyWaits(WaitGrowth.Unknown)
            : origin.Operation is IArrayCreationOperation { Initializer.ElementValues.Length: 1 } ? Once
            : new PolicyWaits(GrowthOfProvider(origin.Operation));
    }

    private static bool IsAtMostOne(IOperation count) => count.ConstantValue is { HasValue: true, Value: <= 1 };

    private static WaitGrowth GrowthOfProvider(IOperation provider)
    {
        switch (provider)
        {
            case IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }:
                IReturnOperation[] returns = [.. lambda.Body.Descendants().OfType<IReturnOperation>()];
                return returns is not [{ ReturnedValue: { } wait }] ? WaitGrowth.Unknown
                    : DurationFacts.IsZero(wait) ? WaitGrowth.None
                    : IsConstant(wait) ? WaitGrowth.Constant
                    : WaitGrowth.Changing;
            case IArrayCreationOperation { Initializer.ElementValues: var spans } when spans.Length > 0:
                return spans.All(DurationFacts.IsZero) ? WaitGrowth.None
                    : spans.Length > 1 && spans.Select(span => span.Syntax.ToString()).Distinct(StringComparer.Ordinal).Count() == 1 ? WaitGrowth.Constant
                    : WaitGrowth.Changing;
            default:
                return WaitGrowth.Unknown;
        }
    }

    /// <summary>A duration without a parameter, a variable, a call or a property of the user's that could make two waits differ.</summary>
    private static bool IsConstant(IOperation wait)
        => wait.DescendantsAndSelf().All(part => part is not (IParameterReferenceOperation or ILocalReferenceOperation)
            && (part is not IPropertyReferenceOperation { Property: var property } || IsAutomatic(property))
            && (part is not IInvocationOperation call || call.TargetMethod.ContainingType.HasFullName("System", "TimeSpan")));

    private static bool IsAutomatic(IPropertySymbol property)
        => property.DeclaringSyntaxReferences.IsEmpty
            || property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => property.Equals(field.AssociatedSymbol, SymbolEqualityComparer.Default));
}
