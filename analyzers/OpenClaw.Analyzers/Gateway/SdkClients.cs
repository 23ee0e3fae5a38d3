using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// The creations of SDK clients in the sources. A program that injects a client makes it somewhere: where it makes exactly one that fits, that is it.
/// </summary>
internal sealed class SdkClients(GatewayModel model)
{
    // A client of these makes the others, or is behind their abstraction: openAI.GetChatClient(model), anthropic.Messages, IRestClient.
    private static readonly (string Namespace, string[] Factories)[] Families =
    [
        ("OpenAI", ["OpenAIClient", "AzureOpenAIClient"]),
        ("Azure.AI", []),
        ("Anthropic", ["AnthropicClient"]),
        ("OllamaSharp", ["OllamaApiClient"]),
        ("RestSharp", ["RestClient"]),
        ("ModelContextProtocol.Client", ["HttpClientTransport", "SseClientTransport", "StdioClientTransport"]),
        ("OpenClaw.Client", []),
    ];

    /// <summary>The creations that may be behind a client whose origin is out of sight.</summary>
    public IReadOnlyList<IObjectCreationOperation> CreationsOf(ITypeSymbol? type, CancellationToken cancellationToken)
    {
        if (type is null
            || !CompilationFacts.IsProgram(model.Compilation)
            || Families.FirstOrDefault(family => type.IsWithin(family.Namespace)).Factories is not { } factories)
        {
            return [];
        }

        return
        [
            .. factories.Prepend(type.Name).Append("")
                .SelectMany(name => model.Index.CreationsOf(name, cancellationToken))
                .Select(node => model.OperationAt(node, cancellationToken))
                .OfType<IObjectCreationOperation>()
                .Where(creation => creation.Type is { } made && (made.Equals(type, SymbolEqualityComparer.Default) || factories.Contains(made.Name))),
        ];
    }
}
