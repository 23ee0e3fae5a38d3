using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Where a client comes from.</summary>
internal enum ClientSource
{
    /// <summary>From somewhere that the sources do not tell.</summary>
    Unknown,

    /// <summary>Made by a <c>new</c> in the sources.</summary>
    Created,

    /// <summary>From <c>IHttpClientFactory</c>.</summary>
    Factory,

    /// <summary>Through a constructor or an injected property: a container decides.</summary>
    Injected,

    /// <summary>Through a parameter of a method.</summary>
    Passed,
}

/// <summary>One possible origin of a client.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Operation">The expression that gives it.</param>
/// <param name="Name">The factory's client name, where it is a constant.</param>
internal sealed record ClientInstance(ClientSource Source, IOperation Operation, string? Name = null)
{
    public IObjectCreationOperation? Creation => Operation as IObjectCreationOperation;
}

/// <summary>"Where does this client come from, and how is it set up".</summary>
internal sealed class ClientProvenance(GatewayModel model)
{
    private readonly ObjectSetup _setup = new(model);
    private readonly SdkClients _sdkClients = new(model);
    private readonly ConcurrentDictionary<SyntaxNode, IReadOnlyList<ClientInstance>> _instances = new();

    /// <summary>The origins of a client expression; a client made from another one is followed to that one.</summary>
    public IReadOnlyList<ClientInstance> InstancesOf(IOperation client, CancellationToken cancellationToken)
        => _instances.GetOrAdd(client.Syntax, _ => Trace(client, cancellationToken));

    /// <summary>The values given to an option of an SDK client: on the options object of its creation.</summary>
    public IEnumerable<IOperation> OptionsOf(ClientInstance instance, string option, CancellationToken cancellationToken)
        => OptionObjectsOf(instance, cancellationToken)
            .SelectMany(options => _setup.ValuesOf(options, option, cancellationToken));

    /// <summary>Whether the sources decide on the retry of the call's client, if only that there is none.</summary>
    public bool SetsRetry(GatewayCall call, CancellationToken cancellationToken)
        => call.Receiver is { } receiver
            && InstancesOf(receiver, cancellationToken).Any(instance => RetrySettingsOf(instance, call.Client, cancellationToken).Any());

    /// <summary>What the call's client repeats by itself: nothing where the sources decide, else what the client does that was made here.</summary>
    public OwnRetry OwnRetryOf(GatewayCall call, CancellationToken cancellationToken)
    {
        if (SetsRetry(call, cancellationToken))
        {
            return OwnRetry.None;
        }

        ClientInstance? made = call.Receiver is { } receiver ? InstancesOf(receiver, cancellationToken).FirstOrDefault(instance => instance.Creation is not null) : null;
        return (model.Symbols.FindClient(made?.Creation?.Type) ?? call.Client).Retry;
    }

    /// <summary>The values by which the sources decide on the retry of a client: those of its options, or of the client itself.</summary>
    public IEnumerable<IOperation> RetrySettingsOf(ClientInstance instance, ClientEntry client, CancellationToken cancellationToken)
        => client.RetryOptions.SelectMany(option => OptionsOf(instance, option, cancellationToken)
            .Concat(PropertiesOf(instance, option, cancellationToken))
            .Concat(OptionObjectsOf(instance, cancellationToken).SelectMany(options => _setup.ValuesWithin(options, option, "MaxRetries", cancellationToken))));

    /// <summary>Whether the creation is visible and gives the SDK no endpoint: no options at all, or visible ones without it.</summary>
    public bool HasDefaultEndpoint(ClientInstance instance, CancellationToken cancellationToken)
    {
        if (instance.Creation is null || !instance.Creation.Type.IsWithin("OpenAI"))
        {
            return false;
        }

        IOperation? options = OptionsArgument(instance.Creation);
        return options is null
            || (OptionObjectsOf(instance, cancellationToken).Any() && !OptionsOf(instance, "Endpoint", cancellationToken).Any());
    }

    /// <summary>The options objects whose creation is visible behind a client's creation.</summary>
    public IEnumerable<IObjectCreationOperation> OptionObjectsOf(ClientInstance instance, CancellationToken cancellationToken)
        => instance.Creation is { } creation && OptionsArgument(creation) is { } options
            ? model.Values.OriginsOf(options, call: null, cancellationToken).Select(origin => origin.Operation).OfType<IObjectCreationOperation>()
            : [];

    /// <summary>The argument that carries a client's options; null where the creation passes none.</summary>
    public static IOperation? OptionsArgument(IObjectCreationOperation creation)
        => creation.Arguments.FirstOrDefault(argument =>
            argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Type.Name.EndsWith("Options", StringComparison.Ordinal) == true)?.Value;

    /// <summary>The values given to a property of the HTTP client itself.</summary>
    public IEnumerable<IOperation> PropertiesOf(ClientInstance instance, string property, CancellationToken cancellationToken)
        => instance.Creation is { } creation ? _setup.ValuesOf(creation, property, cancellationToken) : [];

    /// <summary>The base addresses that the sources give to an HTTP client.</summary>
    public IEnumerable<IOperation> BaseAddressesOf(IOperation client, CancellationToken cancellationToken) => SettingsOf(client, "BaseAddress", cancellationToken);

    /// <summary>The values that the sources give to a property of an HTTP client: at its creation, on its variable, or at its registration.</summary>
    public IEnumerable<IOperation> SettingsOf(IOperation client, string property, CancellationToken cancellationToken)
    {
        foreach (ClientInstance instance in InstancesOf(client, cancellationToken))
        {
            foreach (IOperation value in PropertiesOf(instance, property, cancellationToken))
            {
                yield return value;
            }

            foreach (HttpRegistration registration in model.Registrations.For(instance, client, cancellationToken))
            {
                foreach (IOperation value in registration.Configured(property, model, cancellationToken))
                {
                    yield return value;
                }
            }
        }

        if (ObjectSetup.SymbolOf(client) is { } holder)
        {
            foreach (ISimpleAssignmentOperation assignment in _setup.AssignmentsTo(holder, property, client.Syntax, cancellationToken))
            {
                yield return assignment.Value;
            }
        }
    }

    /// <summary>Whether nothing but the framework's own transport is visibly behind the client: no handler that may retry, limit or answer by itself.</summary>
    public bool HasPlainTransport(ClientInstance instance, IOperation client, CancellationToken cancellationToken) => instance switch
    {
        { Creation: { Arguments: [{ ArgumentKind: ArgumentKind.Explicit, Value: var handler }, ..] } }
            => model.Values.OriginsOf(handler, call: null, cancellationToken).All(origin => origin.Operation is IObjectCreationOperation creation && IsPlainHandler(creation.Type)),
        { Creation: not null } => true,
        { Source: ClientSource.Factory or ClientSource.Injected } => !model.Registrations.ProtectsAll(cancellationToken)
            && !CompilationFacts.MayProtectElsewhere(model.Compilation)
            && !model.Registrations.For(instance, client, cancellationToken).Any(ClientRegistrations.Protects),
        _ => false,
    };

    private static bool IsPlainHandler(ITypeSymbol? type)
        => type.HasFullName("System.Net.Http", "SocketsHttpHandler") || type.HasFullName("System.Net.Http", "HttpClientHandler");

    private IReadOnlyList<ClientInstance> Trace(IOperation client, CancellationToken cancellationToken)
    {
        List<ClientInstance> instances = [];
        HashSet<SyntaxNode> seen = [];
        Queue<IOperation> open = new([client]);
        while (open.Count > 0)
        {
            foreach (Origin origin in model.Values.OriginsOf(open.Dequeue(), call: null, cancellationToken))
            {
                if (!seen.Add(origin.Operation.Syntax))
                {
                    continue;
                }

                if (MadeFrom(origin.Operation) is { } inner)
                {
                    open.Enqueue(inner);
                }
                else
                {
                    instances.Add(Classify(origin.Operation));
                }
            }
        }

        return instances.All(static instance => instance.Source != ClientSource.Created) && _sdkClients.CreationsOf(client.Type, cancellationToken) is [var only]
            ? [new ClientInstance(ClientSource.Created, only)]
            : instances;
    }

    /// <summary>The client inside a client: <c>openAI.GetChatClient(model)</c>, <c>client.AsIChatClient()</c>.</summary>
    private static IOperation? MadeFrom(IOperation value) => value switch
    {
        IInvocationOperation { Instance: { } inner, TargetMethod: { Name: var name, ContainingType: var type } }
            when type.Name.EndsWith("Client", StringComparison.Ordinal)
                && name.StartsWith("Get", StringComparison.Ordinal)
                && name.EndsWith("Client", StringComparison.Ordinal) => inner,
        IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: "AsIChatClient" or "AsChatClient" or "AsIEmbeddingGenerator" or "AsAIAgent" or "CreateAIAgent" }, Arguments: [var inner, ..] }
            => inner.Value,
        IObjectCreationOperation { Type: { Name: "ChatClientAgent" } type, Arguments: [var inner, ..] } when type.IsWithin("Microsoft.Agents.AI") => inner.Value,

        // client.Messages, client.Beta.Messages.
        IPropertyReferenceOperation { Instance: { } inner, Property.ContainingType: var type } when HandsOutServices(type) => inner,

        // await McpClient.CreateAsync(transport, …).
        IAwaitOperation { Operation: IInvocationOperation { TargetMethod: { Name: "ConfigureAwait" }, Instance: { } task } } => MadeByTask(task),
        IAwaitOperation { Operation: var task } => MadeByTask(task),
        _ => null,
    };

    private static bool HandsOutServices(ITypeSymbol type) => type.IsWithin("Anthropic") || type.IsWithin("Claudia");

    private static IOperation? MadeByTask(IOperation task)
        => task is IInvocationOperation { TargetMethod: { Name: "CreateAsync" or "ResumeSessionAsync", ContainingType: var type }, Arguments: [var transport, ..] }
            && type.IsWithin("ModelContextProtocol.Client")
                ? transport.Value
                : null;

    private ClientInstance Classify(IOperation value) => value switch
    {
        IObjectCreationOperation => new(ClientSource.Created, value),
        IInvocationOperation { TargetMethod: { Name: "CreateClient", ContainingType: { Name: "IHttpClientFactory" or "HttpClientFactoryExtensions" } } } call
            => new(ClientSource.Factory, value, FactoryName(call)),
        IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } => new(ClientSource.Injected, value),
        IParameterReferenceOperation => new(ClientSource.Passed, value),
        IPropertyReferenceOperation { Property: { SetMethod: not null } property } when model.IsDeclaredHere(property)
            => new(ClientSource.Injected, value),
        _ => new(ClientSource.Unknown, value),
    };

    /// <summary>The name given to the factory; the default client's name is empty.</summary>
    private static string? FactoryName(IInvocationOperation call)
    {
        IArgumentOperation? name = call.Arguments.FirstOrDefault(argument => argument.Parameter is { Name: "name", Type.SpecialType: SpecialType.System_String });
        return name is null ? "" : name.Value.ConstantValue is { HasValue: true, Value: string constant } ? constant : null;
    }
}
