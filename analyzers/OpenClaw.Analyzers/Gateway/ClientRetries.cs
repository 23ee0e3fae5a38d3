using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>The retries that a client brings along: an SDK's own, and those of the handlers chained to a registration.</summary>
internal sealed class ClientRetries(GatewayModel model)
{
    // What the standard handler does unless it is told otherwise: three retries.
    private const int Default = 4;

    /// <summary>The layers of the call's client, innermost first; those whose number of attempts cannot be known have none.</summary>
    public IReadOnlyList<RetryLayer> Of(GatewayCall call, AttemptCounts counts, CancellationToken cancellationToken)
    {
        if (call.Receiver is not { } receiver || model.Clients.InstancesOf(receiver, cancellationToken) is not [var instance])
        {
            return [];
        }

        if (call.Client.Family == ClientFamily.HttpClient)
        {
            return [.. OfHandlers(instance, receiver, call.Client.Family, cancellationToken)];
        }

        return OwnRepetition.Of(call, model, cancellationToken) is { } own ? [new RetryLayer(RetryLayerKind.Client, own.Attempts, own.Creation.Syntax, RetriedFailures.OfSdk)]
            : OfPolicy(instance, counts, cancellationToken) is { } set ? [set]
            : [];
    }

    /// <summary>An SDK's retry whose policy is set in sight.</summary>
    private RetryLayer? OfPolicy(ClientInstance instance, AttemptCounts counts, CancellationToken cancellationToken)
        => instance.Creation is { } creation
            && model.Clients.OptionsOf(instance, "RetryPolicy", cancellationToken).ToArray() is [var policy]
            && counts.OfSdkPolicy(policy, cancellationToken) is { } attempts
                ? new RetryLayer(RetryLayerKind.Client, attempts, creation.Syntax, RetriedFailures.OfSdk)
                : null;

    /// <summary>The handlers of the one registration behind the client; the one that is chained first is the outermost.</summary>
    private IEnumerable<RetryLayer> OfHandlers(ClientInstance instance, IOperation client, ClientFamily family, CancellationToken cancellationToken)
    {
        if (model.Registrations.MayBeFor(instance, client, cancellationToken).ToArray() is not [var registration]
            || registration.Chained.Any(call => SourceIndex.NameOf(call) == "RemoveAllResilienceHandlers"))
        {
            return [];
        }

        // What is set for all clients is outside of what one of them adds.
        return registration.Chained.Reverse()
            .Concat(model.Index.InvocationsOf("ConfigureHttpClientDefaults", cancellationToken)
                .SelectMany(defaults => defaults.ArgumentList.DescendantNodes().OfType<InvocationExpressionSyntax>()))
            .SelectMany(handler => OfHandler(handler, family, cancellationToken));
    }

    private IEnumerable<RetryLayer> OfHandler(InvocationExpressionSyntax handler, ClientFamily family, CancellationToken cancellationToken)
    {
        switch (SourceIndex.NameOf(handler))
        {
            // Options from a configuration, or set in code, may say something else: unknown.
            case "AddStandardResilienceHandler":
                bool isDefault = handler.ArgumentList.Arguments.Count == 0 && SourceIndex.NameOf(handler.Parent?.Parent as InvocationExpressionSyntax ?? handler) is not "Configure";
                return [new RetryLayer(RetryLayerKind.Handler, isDefault ? Default : null, handler, RetriedFailures.All)];
            case "AddResilienceHandler" or "AddTransientHttpErrorPolicy":
                bool isTransient = SourceIndex.NameOf(handler) == "AddTransientHttpErrorPolicy";
                return model.Retries.LayersOf(model.Pipelines.AddedIn(handler.ArgumentList, cancellationToken), family, cancellationToken)
                    .Select(layer => layer with { Kind = RetryLayerKind.Handler, Syntax = handler, Failures = isTransient ? RetriedFailures.All : layer.Failures });
            case "AddPolicyHandler" when handler.ArgumentList.Arguments is [{ Expression: var policy }]
                && model.OperationAt(policy, cancellationToken) is { } value
                && model.Pipelines.StrategiesOf(value, cancellationToken) is { } strategies:
                return model.Retries.LayersOf(strategies, family, cancellationToken).Select(layer => layer with { Kind = RetryLayerKind.Handler, Syntax = handler });
            default:
                return [];
        }
    }
}
