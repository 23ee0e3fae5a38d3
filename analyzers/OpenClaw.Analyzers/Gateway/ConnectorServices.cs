using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// What stands behind the services of Semantic Kernel: connectors that the sources register or create, decorators and filters of the user's own.
/// </summary>
internal sealed class ConnectorServices(GatewayModel model)
{
    private static readonly string[] Registrations =
    [
        "AddOpenAIChatCompletion", "AddAzureOpenAIChatCompletion", "AddAzureAIInferenceChatCompletion", "AddOllamaChatCompletion", "AddOllamaTextGeneration",
        "AddGoogleAIGeminiChatCompletion", "AddVertexAIGeminiChatCompletion", "AddMistralChatCompletion", "AddHuggingFaceChatCompletion", "AddOpenAIChatClient",
        "AddAzureOpenAIChatClient", "AddOpenAIEmbeddingGenerator", "AddOpenAITextEmbeddingGeneration", "AddAzureOpenAITextEmbeddingGeneration",
    ];

    // A filter around a prompt or function may run it again.
    private static readonly HashSet<string> Interceptors = new(StringComparer.Ordinal)
    {
        "IChatCompletionService", "ITextGenerationService", "IFunctionInvocationFilter", "IPromptRenderFilter", "IAutoFunctionInvocationFilter",
    };

    private readonly TransportParts _parts = new(model);
    private IReadOnlyList<IInvocationOperation>? _registered;
    private bool? _isIntercepted;

    /// <summary>What protects a service that comes out of a container.</summary>
    public Protection OfContainer(CancellationToken cancellationToken)
        => CompilationFacts.MayProtectElsewhere(model.Compilation)
            || model.Registrations.ProtectsAny(cancellationToken)
            || IsIntercepted(cancellationToken)
            || Registered(cancellationToken).Any(registration => BringsClient(registration) || _parts.ProtectionOf(registration, cancellationToken).State != ProtectionState.None)
                ? Protection.Unknown
                : new Protection(ProtectionState.None, IsInjected: true);

    /// <summary>
    /// The limit of a call through the container. Given a model and a key, the connector of OpenAI switches the SDK's retry and time-out off and leaves the
    /// headers to the time-out of its HTTP client: nothing ends the wait for the body.
    /// </summary>
    public DeadlineFact LimitOf(GatewayCall call, CancellationToken cancellationToken)
    {
        bool isCreated = call.Receiver is { } receiver
            && model.Clients.InstancesOf(receiver, cancellationToken).Any(instance => instance.Source == ClientSource.Created && instance.Creation?.Type?.Name != "Kernel");
        return !isCreated
            && OfContainer(cancellationToken).State == ProtectionState.None
            && Registered(cancellationToken) is { Count: > 0 } registered
            && registered.All(registration => registration.TargetMethod.Name == "AddOpenAIChatCompletion" && !_parts.PartsOf(registration, cancellationToken).Any())
                ? DeadlineFact.Unbounded("the connector switches the SDK's time-out off, HttpClient.Timeout ends at the response headers, and the token carries no time limit")
                : DeadlineFact.Unknown;
    }

    /// <summary>The addresses that the registrations give to their connectors.</summary>
    public IEnumerable<IOperation> Addresses(CancellationToken cancellationToken)
        => Registered(cancellationToken)
            .SelectMany(registration => registration.Arguments)
            .Where(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Name == "endpoint")
            .Select(argument => argument.Value);

    private IReadOnlyList<IInvocationOperation> Registered(CancellationToken cancellationToken)
        => _registered ??=
        [
            .. Registrations.SelectMany(name => model.Index.InvocationsOf(name, cancellationToken))
                .Select(node => model.OperationAt(node, cancellationToken))
                .OfType<IInvocationOperation>(),
        ];

    /// <summary>Whether the registration is given a client of an SDK, which has a retry and a time-out of its own.</summary>
    private static bool BringsClient(IInvocationOperation registration)
        => registration.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit
            && argument.Value.ConstantValue is not { HasValue: true, Value: null }
            && argument.Parameter?.Type.Name.EndsWith("Client", StringComparison.Ordinal) == true
            && !argument.Parameter.Type.HasFullName("System.Net.Http", "HttpClient"));

    private bool IsIntercepted(CancellationToken cancellationToken)
        => _isIntercepted ??= model.Compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type, cancellationToken)
            .OfType<INamedTypeSymbol>()
            .Any(type => type.TypeKind == TypeKind.Class && type.AllInterfaces.Any(contract => Interceptors.Contains(contract.Name) && contract.IsWithin("Microsoft.SemanticKernel")));
}
