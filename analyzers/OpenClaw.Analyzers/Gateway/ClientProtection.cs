using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a client brings along: its creation with options and handlers, or its registration.</summary>
internal sealed class ClientProtection(GatewayModel model)
{
    private static readonly string[] FlurlSetup = ["AddMiddleware", "ConfigureClientForUrl", "ConfigureClient", "WithDefaults", "ConfigureInnerHandler", "AddFlurl"];

    private readonly SdkClients _sdkClients = new(model);
    private readonly ChatPipelines _chatPipelines = new(model);
    private readonly OwnProtection _wrappers = new(model);
    private readonly TransportParts _parts = new(model);
    private readonly ConnectorServices _connectors = new(model);

    public Protection Of(GatewayCall call, CancellationToken cancellationToken)
    {
        if (MarkedMembers.Protects(call.Method) || MarkedMembers.Protects(call.Receiver?.Type))
        {
            return new Protection(ProtectionState.Protected);
        }

        if (call.Client.Family == ClientFamily.Own)
        {
            return _wrappers.Of(call, cancellationToken);
        }

        if ((call.Receiver ?? TransportGivenTo(call)) is not { } receiver)
        {
            return Protection.Unknown;
        }

        if (call.Client.Family == ClientFamily.Flurl && (CompilationFacts.MayProtectElsewhere(model.Compilation) || ConfiguresFlurl(cancellationToken)))
        {
            return Protection.Unknown;
        }

        // What a registration protects is meant to be protected: an object made beside it, by hand, is a matter of that place.
        if (model.Registrations.Any && IsRegisteredWithProtection(receiver, cancellationToken))
        {
            return Protection.Unknown;
        }

        // One unprotected origin is enough: that is the path on which the run is lost. An origin out of sight decides only where no other does.
        Protection result = Protection.Unknown;
        foreach (ClientInstance instance in model.Clients.InstancesOf(receiver, cancellationToken))
        {
            Protection protection = Of(instance, call, receiver, cancellationToken);
            if (protection.State == ProtectionState.None)
            {
                return protection;
            }

            result = protection.State == ProtectionState.Protected ? protection : result;
        }

        return result;
    }

    private bool IsRegisteredWithProtection(IOperation receiver, CancellationToken cancellationToken)
    {
        IReadOnlyList<HttpRegistration> registrations = [.. model.Registrations.For(new ClientInstance(ClientSource.Injected, receiver), receiver, cancellationToken)];
        return registrations.Any(ClientRegistrations.Protects) || (registrations.Count > 0 && model.Registrations.ProtectsAll(cancellationToken));
    }

    private Protection Of(ClientInstance instance, GatewayCall call, IOperation receiver, CancellationToken cancellationToken)
    {
        switch (instance.Source)
        {
            case ClientSource.Created:
                return OfCreation(instance, call, cancellationToken);
            case ClientSource.Factory or ClientSource.Injected:
                IReadOnlyList<HttpRegistration> registrations = [.. model.Registrations.MayBeFor(instance, receiver, cancellationToken)];
                if (registrations.Any(ClientRegistrations.Protects) || model.Registrations.ProtectsAll(cancellationToken))
                {
                    return new Protection(ProtectionState.Protected);
                }

                Protection outOfSight = OutOfSight(call, receiver, cancellationToken);
                return outOfSight.State == ProtectionState.None ? outOfSight with { IsInjected = registrations.Count == 0 } : outOfSight;
            default:
                return OfExpression(instance, call, cancellationToken)
                    ?? (IsHandedOutElsewhere(instance.Operation, receiver.Type) ? Protection.Unknown : OutOfSight(call, receiver, cancellationToken));
        }
    }

    /// <summary>
    /// Whether a method of another assembly made the client, which is neither its maker's nor the framework's: a project of the user's own or a host that
    /// repeats the work of its agents. What it put around the client is out of sight.
    /// </summary>
    private bool IsHandedOutElsewhere(IOperation value, ITypeSymbol? client)
        => (value is IAwaitOperation wait ? wait.Operation : value) is IInvocationOperation { TargetMethod: { } method }
            && !model.IsDeclaredHere(method.OriginalDefinition)
            && method.ContainingType.RootNamespace() is var root and not ("System" or "Microsoft" or "Azure")
            && root != client.RootNamespace();

    /// <summary>A client by an abstraction is what was made: its row tells what the creation means.</summary>
    private Protection OfCreation(ClientInstance instance, GatewayCall call, CancellationToken cancellationToken)
    {
        ClientEntry made = model.Symbols.FindClient(instance.Creation?.Type) ?? call.Client;
        if (made.Verified == Verification.NameOnly && call.Client.Verified != Verification.NameOnly)
        {
            return Protection.Unknown;
        }

        return made.Family switch
        {
            ClientFamily.OpenAI or ClientFamily.Azure => OfSdkOptions(instance, made, cancellationToken),
            // A copy with other options may retry, or go through another client.
            ClientFamily.Anthropic when model.Index.InvocationsOf("WithOptions", cancellationToken).Any() => Protection.Unknown,
            ClientFamily.Anthropic => OfRetrySettings(instance, made, cancellationToken) ?? OverHttp(instance, cancellationToken),
            ClientFamily.HttpClient => call.Receiver is { } client && model.Clients.HasPlainTransport(instance, client, cancellationToken) ? Protection.None : Protection.Unknown,
            ClientFamily.WebSocket or ClientFamily.WebRequest => Protection.None,
            ClientFamily.OverSocket => OfSocket(made),
            ClientFamily.SemanticKernel when instance.Creation?.Type?.Name == "Kernel" => _connectors.OfContainer(cancellationToken),
            ClientFamily.SemanticKernel when !model.IsDeclaredHere(instance.Creation!.Type!) => OverHttp(instance, cancellationToken),
            ClientFamily.OverHttp or ClientFamily.RestSharp or ClientFamily.Flurl or ClientFamily.ModelContext => OverHttp(instance, cancellationToken),
            _ when instance.Creation is { Type: INamedTypeSymbol own } creation && IsPlainTransport(own, creation, cancellationToken) => Protection.None,
            _ => Protection.Unknown,
        };
    }

    /// <summary>Clients that no <c>new</c> makes: the target of a fluent call, what a factory method returns.</summary>
    private Protection? OfExpression(ClientInstance instance, GatewayCall call, CancellationToken cancellationToken) => call.Client.Family switch
    {
        ClientFamily.Flurl or ClientFamily.WebRequest => Protection.None,
        ClientFamily.Refit when instance.Operation is IInvocationOperation { TargetMethod: { Name: "For", ContainingType.Name: "RestService" } } factory
            => _parts.ProtectionOf(factory, cancellationToken),
        _ => null,
    };

    private Protection OverHttp(ClientInstance instance, CancellationToken cancellationToken) => _parts.ProtectionOf(instance.Operation, cancellationToken);

    private static Protection OfSocket(ClientEntry client)
        => client.Retry == OwnRetry.Reconnect ? new Protection(ProtectionState.Protected) : Protection.None;

    /// <summary>The transport over which a static method makes a client: the receiver of a connect.</summary>
    private static IOperation? TransportGivenTo(GatewayCall call)
        => call.Client.Family == ClientFamily.ModelContext ? call.Operation.Arguments.FirstOrDefault()?.Value : null;

    /// <summary>Whether the sources set up Flurl's clients beyond the single call: what they add may retry.</summary>
    private bool ConfiguresFlurl(CancellationToken cancellationToken)
        => FlurlSetup.Any(name => model.Index.InvocationsOf(name, cancellationToken).Any());

    /// <summary>Whether the object is a chat client of the user's own that only speaks to a server, over HTTP clients without handlers that may protect.</summary>
    private bool IsPlainTransport(INamedTypeSymbol type, IObjectCreationOperation creation, CancellationToken cancellationToken)
        => model.IsDeclaredHere(type) && Plumbing.IsChatDecorator(type) && _chatPipelines.IsTransport(type)
            && creation.Arguments.Where(argument => argument.Value.Type.IsWithin("System.Net.Http"))
                .All(argument => model.Clients.InstancesOf(argument.Value, cancellationToken) is { Count: > 0 } clients
                    && clients.All(client => model.Clients.HasPlainTransport(client, argument.Value, cancellationToken)));

    /// <summary>An explicit retry policy is somebody's decision; a transport or policy of their own may be one.</summary>
    private Protection OfSdkOptions(ClientInstance instance, ClientEntry client, CancellationToken cancellationToken)
    {
        if (instance.Creation is not { } creation)
        {
            return Protection.Unknown;
        }

        if (ClientProvenance.OptionsArgument(creation) is null)
        {
            return Protection.None;
        }

        IReadOnlyList<IObjectCreationOperation> options = [.. model.Clients.OptionObjectsOf(instance, cancellationToken)];
        if (options.Count == 0 || model.Clients.OptionsOf(instance, "Transport", cancellationToken).Any() || AddsPolicy(cancellationToken))
        {
            return Protection.Unknown;
        }

        return OfRetrySettings(instance, client, cancellationToken) ?? Protection.None;
    }

    /// <summary>Protected where the sources choose a retry; null where they set none, or switch it off.</summary>
    private Protection? OfRetrySettings(ClientInstance instance, ClientEntry client, CancellationToken cancellationToken)
        => model.Clients.RetrySettingsOf(instance, client, cancellationToken).Any(setting => !IsRetryOff(setting, cancellationToken))
            ? new Protection(ProtectionState.Protected)
            : null;

    /// <summary>Whether the sources add a policy to the options of an SDK client: to these or to others.</summary>
    private bool AddsPolicy(CancellationToken cancellationToken)
        => model.Index.InvocationsOf("AddPolicy", cancellationToken)
            .Any(node => model.OperationAt(node, cancellationToken) is IInvocationOperation { TargetMethod.ContainingType: { } type }
                && (type.IsWithin("System.ClientModel") || type.IsWithin("Azure.Core")));

    private bool IsRetryOff(IOperation setting, CancellationToken cancellationToken)
        => model.Values.OriginsOf(setting, call: null, cancellationToken)
            .Any(origin => origin.Operation is { ConstantValue: { HasValue: true, Value: 0 } }
                or IObjectCreationOperation { Arguments: [{ Value.ConstantValue: { HasValue: true, Value: 0 } }, ..] });

    /// <summary>
    /// A client from outside. That nothing protects it can still be proven: when nothing that this project refers to could attach a protection,
    /// and no client that these sources make or decorate has one.
    /// </summary>
    private Protection OutOfSight(GatewayCall call, IOperation receiver, CancellationToken cancellationToken)
    {
        if (call.Client.Family == ClientFamily.SemanticKernel)
        {
            return _connectors.OfContainer(cancellationToken);
        }

        if (call.Client.Family == ClientFamily.OverSocket && OfSocket(call.Client) is { State: ProtectionState.Protected } reconnecting)
        {
            return reconnecting;
        }

        return CompilationFacts.MayProtectElsewhere(model.Compilation)
            || (call.Client.Family is ClientFamily.ExtensionsAI or ClientFamily.Agent && _chatPipelines.MayProtect)
            || _sdkClients.CreationsOf(receiver.Type, cancellationToken)
                .Any(creation => OfCreation(new ClientInstance(ClientSource.Created, creation), call, cancellationToken).State != ProtectionState.None)
                ? Protection.Unknown
                : new Protection(ProtectionState.None, IsInjected: true);
    }
}
