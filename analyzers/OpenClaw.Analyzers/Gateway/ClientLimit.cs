using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"What does the client limit by itself", as far as its creation and settings are in sight.</summary>
internal sealed class ClientLimit(GatewayModel model)
{
    private readonly OwnProtection _wrappers = new(model);
    private readonly TransportParts _parts = new(model);
    private readonly ConnectorServices _connectors = new(model);
    private readonly LibraryRequests _requests = new(model);

    public DeadlineFact Of(GatewayCall call, CancellationToken cancellationToken) => call.Client.Limit switch
    {
        OwnLimit.None when call.Client.Family == ClientFamily.WebSocket => OfSocket(call, cancellationToken),
        OwnLimit.None when call.Client.Family == ClientFamily.OverSocket => call.Kind == CallKind.Connect
            ? DeadlineFact.Unbounded("the client has no connect timeout and the token carries no time limit")
            : DeadlineFact.Unknown,
        OwnLimit.None => OfInvoker(call, cancellationToken),
        OwnLimit.HundredSecondsBuffered => OfHttpClient(call, cancellationToken),
        OwnLimit.InBody => _wrappers.LimitOf(call, cancellationToken),
        OwnLimit.HundredSecondsPerRead => OfSdk(call, cancellationToken),
        OwnLimit.HundredSecondsPerCall => _requests.TimeoutsOf(call, cancellationToken) is { Count: > 0 } timeouts && AreInfinite(timeouts, cancellationToken)
            ? DeadlineFact.Unbounded("its time-out is infinite and the token carries no time limit")
            : DeadlineFact.Bounded,
        OwnLimit.HeadersOnly => OverTransport(call, "the client's Timeout ends at the response headers, and the token carries no time limit for the body", cancellationToken),
        OwnLimit.OfTransport => OverTransport(call, "the client has no time-out unless it is given an HttpClient, and the token carries no time limit", cancellationToken),
        OwnLimit.OfConnector => _connectors.LimitOf(call, cancellationToken),
        _ => DeadlineFact.Unknown,
    };

    /// <summary>Without an HTTP client or handler of the caller's nothing else limits the call; the time-out of such a client may, and a handler.</summary>
    private DeadlineFact OverTransport(GatewayCall call, string reason, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClientInstance> instances = call.Receiver is { } receiver ? model.Clients.InstancesOf(receiver, cancellationToken) : [];
        return instances.Count > 0 && instances.All(instance => instance.Creation is { } creation
            && (!_parts.PartsOf(creation, cancellationToken).Any()
                || _parts.TimeoutsOf(creation, cancellationToken) is { Count: > 0 } timeouts && AreInfinite(timeouts, cancellationToken)))
                    ? DeadlineFact.Unbounded(reason)
                    : DeadlineFact.Unknown;
    }

    private bool AreInfinite(IReadOnlyList<IOperation> timeouts, CancellationToken cancellationToken)
        => timeouts.All(value => DurationFacts.IsInfinite(value, model, cancellationToken));

    private DeadlineFact OfSocket(GatewayCall call, CancellationToken cancellationToken)
    {
        // An invoker for the connect may be an HttpClient with a time-out of its own.
        if (call.Kind == CallKind.Connect)
        {
            return call.Operation.Arguments.Any(argument => argument.Parameter?.Type.Name == "HttpMessageInvoker" && argument.Value.ConstantValue is not { HasValue: true, Value: null })
                ? DeadlineFact.Unknown
                : DeadlineFact.Unbounded("ClientWebSocket has no connect timeout and the token carries no time limit");
        }

        // A peer that does not read does not answer a ping either: with a keep-alive time-out the socket ends the send.
        IReadOnlyList<ClientInstance> sockets = call.Receiver is { } receiver ? model.Clients.InstancesOf(receiver, cancellationToken) : [];
        return sockets.Count > 0 && sockets.All(socket => socket.Creation is { } creation && !MayKeepAlive(creation.Syntax)) && !MayKeepAlive(call.Syntax)
            ? DeadlineFact.Unbounded("ClientWebSocket has no send timeout and the token carries no time limit")
            : DeadlineFact.Unknown;
    }

    /// <summary>Whether the type around sets the keep-alive time-out, or hands the options to code that may.</summary>
    private static bool MayKeepAlive(SyntaxNode node)
        => (node.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault() ?? node.SyntaxTree.GetRoot()).DescendantNodes().Any(candidate => candidate
            is AssignmentExpressionSyntax { Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "KeepAliveTimeout" } or IdentifierNameSyntax { Identifier.ValueText: "KeepAliveTimeout" } }
            or ArgumentSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Options" } });

    private DeadlineFact OfInvoker(GatewayCall call, CancellationToken cancellationToken)
    {
        if (call.Receiver is not { } receiver)
        {
            return DeadlineFact.Unknown;
        }

        // A variable of this type may hold an HttpClient, which has a time-out.
        IReadOnlyList<ClientInstance> instances = model.Clients.InstancesOf(receiver, cancellationToken);
        return instances.Count > 0 && instances.All(instance => instance.Creation?.Type?.Name == "HttpMessageInvoker" && model.Clients.HasPlainTransport(instance, receiver, cancellationToken))
            ? DeadlineFact.Unbounded("HttpMessageInvoker has no timeout and the token carries no time limit")
            : DeadlineFact.Unknown;
    }

    private DeadlineFact OfHttpClient(GatewayCall call, CancellationToken cancellationToken)
    {
        if (call.Receiver is not { } receiver)
        {
            return DeadlineFact.Unknown;
        }

        IReadOnlyList<IOperation> timeouts = [.. model.Clients.SettingsOf(receiver, "Timeout", cancellationToken)];
        if (timeouts.Count == 0 || !AreInfinite(timeouts, cancellationToken))
        {
            return DeadlineFact.Bounded;
        }

        // One client that these sources make so is enough, whatever else a caller may hand in.
        if (model.Clients.InstancesOf(receiver, cancellationToken).Any(instance => IsMadeWithoutLimit(instance, receiver, cancellationToken)))
        {
            return DeadlineFact.Unbounded("the client's Timeout is infinite and the token carries no time limit");
        }

        // Who makes the client's own time-out infinite often has a handler with a time limit for each request.
        return model.Clients.InstancesOf(receiver, cancellationToken).All(instance => model.Clients.HasPlainTransport(instance, receiver, cancellationToken))
            ? DeadlineFact.Unbounded("the client's Timeout is infinite and the token carries no time limit")
            : DeadlineFact.Unknown;
    }

    private bool IsMadeWithoutLimit(ClientInstance instance, IOperation client, CancellationToken cancellationToken)
        => instance.Creation is not null
            && model.Clients.PropertiesOf(instance, "Timeout", cancellationToken).Any()
            && model.Clients.HasPlainTransport(instance, client, cancellationToken);

    private DeadlineFact OfSdk(GatewayCall call, CancellationToken cancellationToken)
    {
        // Request options may carry a token.
        if (call.Operation.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type.Name == "RequestOptions"))
        {
            return DeadlineFact.Unknown;
        }

        foreach (ClientInstance instance in call.Receiver is { } receiver ? model.Clients.InstancesOf(receiver, cancellationToken) : [])
        {
            IReadOnlyList<IOperation> timeouts = [.. model.Clients.OptionsOf(instance, "NetworkTimeout", cancellationToken)];
            if (timeouts.Count > 0 && AreInfinite(timeouts, cancellationToken))
            {
                return DeadlineFact.Unbounded("NetworkTimeout is infinite and the token carries no time limit");
            }
        }

        return DeadlineFact.Bounded;
    }
}
