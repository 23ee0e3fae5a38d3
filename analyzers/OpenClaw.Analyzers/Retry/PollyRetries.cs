using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Finds the retries of Polly, in its API of version 7 and 8, that run gateway calls.</summary>
internal static class PollyRetries
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "AddRetry", "Retry", "RetryAsync", "RetryForever", "RetryForeverAsync",
        "WaitAndRetry", "WaitAndRetryAsync", "WaitAndRetryForever", "WaitAndRetryForeverAsync",
    };

    public static bool MayRetry(string methodName) => Names.Contains(methodName);

    public static RetryConstruct? Find(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
    {
        if (model.OperationAt(invocation, cancellationToken) is not IInvocationOperation operation || !operation.TargetMethod.ContainingType.IsWithin("Polly"))
        {
            return null;
        }

        WaitGrowth growth = operation.TargetMethod.Name == "AddRetry"
            ? GrowthOfOptions(operation, model, cancellationToken)
            : GrowthOfPolicy(operation, model, cancellationToken);
        if (growth is WaitGrowth.Changing or WaitGrowth.Unknown || HandlesOtherFailures(invocation, operation, model, cancellationToken) || PipelineUses.CallIn(invocation, model, cancellationToken) is not { } call)
        {
            return null;
        }

        return new RetryConstruct(
            call,
            growth,
            SyntaxFacts.NameOf(invocation).GetLocation(),
            IsLikelyDeliberate: operation.TargetMethod.Name == "AddRetry");
    }

    /// <summary>Whether the retry is for answers that are no good, or for an expired key: asked again at once, and rightly so.</summary>
    private static bool HandlesOtherFailures(InvocationExpressionSyntax invocation, IInvocationOperation retry, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode[] scopes =
        [
            invocation.Expression,
            .. retry.Arguments.Where(argument => argument.Parameter?.Name == "options")
                .SelectMany(argument => model.Values.OriginsOf(argument.Value, call: null, cancellationToken))
                .Select(origin => origin.Operation.Syntax),
        ];
        SimpleNameSyntax[] names = [.. scopes.SelectMany(scope => scope.DescendantNodes()).OfType<SimpleNameSyntax>()];
        string[] handled =
        [
            .. names.OfType<GenericNameSyntax>()
                .Where(name => name.Identifier.ValueText is "Handle" or "Or" or "HandleInner" or "OrInner")
                .SelectMany(name => name.TypeArgumentList.Arguments)
                .Select(type => type.GetLastToken().ValueText),
        ];
        return names.Any(name => name.Identifier.ValueText == "Unauthorized")
            || (handled.Length > 0
                && !handled.Any(LoopRetries.IsTransportException)
                && !names.Any(name => name.Identifier.ValueText is "HandleResult" or "OrResult"));
    }

    /// <summary>Version 8: the waits are constant unless the options say otherwise.</summary>
    private static WaitGrowth GrowthOfOptions(IInvocationOperation addRetry, GatewayModel model, CancellationToken cancellationToken)
    {
        IOperation? argument = addRetry.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "options")?.Value;
        IObjectCreationOperation[] created = argument is null
            ? []
            : [.. model.Values.OriginsOf(argument, call: null, cancellationToken).Select(origin => origin.Operation).OfType<IObjectCreationOperation>()];
        // A type derived from the options has defaults of its own: the one for HTTP grows and has jitter.
        if (created is not [{ Type: { } type } options] || !type.HasFullName("Polly.Retry", "RetryStrategyOptions"))
        {
            return WaitGrowth.Unknown;
        }

        var setup = new ObjectSetup(model);
        if (setup.ValuesOf(options, "DelayGenerator", cancellationToken).Any()
            || setup.ValuesOf(options, "MaxRetryAttempts", cancellationToken).Any(IsAtMostOne))
        {
            return WaitGrowth.Unknown;
        }

        IOperation[] delays = [.. setup.ValuesOf(options, "Delay", cancellationToken)];
        if (delays.Length > 0 && delays.All(DurationFacts.IsZero))
        {
            return WaitGrowth.None;
        }

        IOperation[] kinds = [.. setup.ValuesOf(options, "BackoffType", cancellationToken)];
        return kinds.All(kind => kind is IFieldReferenceOperation { Field.Name: "Constant" }) ? WaitGrowth.Constant : WaitGrowth.Changing;
    }

    /// <summary>Version 7: the method says whether there is a wait, its provider how long it is.</summary>
    private static WaitGrowth GrowthOfPolicy(IInvocationOperation policy, GatewayModel model, CancellationToken cancellationToken)
    {
        string name = policy.TargetMethod.Name;
        bool waits = name.StartsWith("Wait", StringComparison.Ordinal);
        IArgumentOperation? count = policy.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "retryCount");
        if (count is null ? !waits && !name.Contains("Forever") : IsAtMostOne(count.Value))
        {
            return WaitGrowth.Unknown;
        }

        if (!waits)
        {
            return WaitGrowth.None;
        }

        IOperation? durations = policy.Arguments.FirstOrDefault(argument => argument.Parameter?.Name is "sleepDurationProvider" or "sleepDurations")?.Value;
        return durations is not null && model.Values.OriginsOf(durations, call: null, cancellationToken) is [var origin]
            ? GrowthOfProvider(origin.Operation)
            : WaitGrowth.Unknown;
    }

    /// <summary>One repetition cannot grow, and at once it is how a dead pooled connection is replaced.</summary>
    private static bool IsAtMostOne(IOperation count) => count.ConstantValue is { HasValue: true, Value: <= 1 };

    private static WaitGrowth GrowthOfProvider(IOperation provider)
    {
        switch (provider)
        {
            case IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }:
                IReturnOperation[] returns = [.. lambda.Body.Descendants().OfType<IReturnOperation>()];
                return returns is not [{ ReturnedValue: { } wait }] ? WaitGrowth.Unknown
                    : DurationFacts.IsZero(wait) ? WaitGrowth.None
                    : IsFixed(wait) ? WaitGrowth.Constant
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
    private static bool IsFixed(IOperation wait)
        => wait.DescendantsAndSelf().All(part => part is not (IParameterReferenceOperation or ILocalReferenceOperation)
            && (part is not IPropertyReferenceOperation { Property: var property } || IsAutomatic(property))
            && (part is not IInvocationOperation call || call.TargetMethod.ContainingType.HasFullName("System", "TimeSpan")));

    private static bool IsAutomatic(IPropertySymbol property)
        => property.DeclaringSyntaxReferences.IsEmpty
            || property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => property.Equals(field.AssociatedSymbol, SymbolEqualityComparer.Default));
}
