using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a client brings along: its creation with options and handlers, or its registration.</summary>
internal sealed class ClientProtection(GatewayModel model)
{
    private readonly SdkClients _sdkClients = new(model);
    private readonly ChatPipelines _chatPipelines = new(model);
    private readonly OwnProtection _wrappers = new(model);

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

        if (call.Receiver is not { } receiver)
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
                return OutOfSight(call, receiver, cancellationToken);
        }
    }

    private Protection OfCreation(ClientInstance instance, GatewayCall call, CancellationToken cancellationToken) => call.Client.Family switch
    {
        ClientFamily.OpenAI => OfSdkOptions(instance, cancellationToken),
        ClientFamily.HttpClient => call.Receiver is { } client && model.Clients.HasPlainTransport(instance, client, cancellationToken) ? Protection.None : Protection.Unknown,
        ClientFamily.WebSocket => Protection.None,
        _ when instance.Creation is { Type: INamedTypeSymbol own } creation && IsPlainTransport(own, creation, cancellationToken) => Protection.None,
        _ => instance.Creation?.Type is { } type && model.Symbols.FindClient(type)?.Family is ClientFamily.OpenAI
            ? OfSdkOptions(instance, cancellationToken)
            : Protection.Unknown,
    };

    /// <summary>Whether the object is a chat client of the user's own that only speaks to a server, over HTTP clients without handlers that may protect.</summary>
    private bool IsPlainTransport(INamedTypeSymbol type, IObjectCreationOperation creation, CancellationToken cancellationToken)
        => model.IsDeclaredHere(type) && Plumbing.IsChatDecorator(type) && !_chatPipelines.MayProtectChats(type)
            && creation.Arguments.Where(argument => argument.Value.Type.IsWithin("System.Net.Http"))
                .All(argument => model.Clients.InstancesOf(argument.Value, cancellationToken) is { Count: > 0 } clients
                    && clients.All(client => model.Clients.HasPlainTransport(client, argument.Value, cancellationToken)));

    /// <summary>An explicit retry policy is somebody's decision; a transport or policy of their own may be one.</summary>
    private Protection OfSdkOptions(ClientInstance instance, CancellationToken cancellationToken)
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

        return model.Clients.OptionsOf(instance, "RetryPolicy", cancellationToken).Any(policy => !IsRetryOff(policy, cancellationToken))
            ? new Protection(ProtectionState.Protected)
            : Protection.None;
    }

    /// <summary>Whether the sources add a policy to the options of an SDK client: to these or to others.</summary>
    private bool AddsPolicy(CancellationToken cancellationToken)
        => model.Index.InvocationsOf("AddPolicy", cancellationToken)
            .Any(node => model.OperationAt(node, cancellationToken) is IInvocationOperation { TargetMethod.ContainingType: { } type } && type.IsWithin("System.ClientModel"));

    private bool IsRetryOff(IOperation policy, CancellationToken cancellationToken)
        => model.Values.OriginsOf(policy, call: null, cancellationToken)
            .Any(origin => origin.Operation is IObjectCreationOperation { Arguments: [{ Value.ConstantValue: { HasValue: true, Value: 0 } }, ..] });

    /// <summary>
    /// A client from outside. That nothing protects it can still be proven: when nothing that this project refers to could attach a protection,
    /// and no client that these sources make or decorate has one.
    /// </summary>
    private Protection OutOfSight(GatewayCall call, IOperation receiver, CancellationToken cancellationToken)
        => CompilationFacts.MayProtectElsewhere(model.Compilation)
            || (call.Client.Family == ClientFamily.ExtensionsAI && _chatPipelines.MayProtect)
            || _sdkClients.CreationsOf(receiver.Type, cancellationToken)
                .Any(creation => OfSdkOptions(new ClientInstance(ClientSource.Created, creation), cancellationToken).State != ProtectionState.None)
                ? Protection.Unknown
                : new Protection(ProtectionState.None, IsInjected: true);
}
