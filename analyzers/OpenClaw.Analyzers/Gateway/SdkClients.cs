using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>
/// The creations of SDK clients in the sources. A program that injects a client makes it somewhere: where it makes exactly one that fits, that is it.
/// </summary>
internal sealed class SdkClients(GatewayModel model)
{
    // A client of these makes the others: openAI.GetChatClient(model).
    private static readonly string[] Factories = ["OpenAIClient", "AzureOpenAIClient"];

    /// <summary>The creations that may be behind a client whose origin is out of sight.</summary>
    public IReadOnlyList<IObjectCreationOperation> CreationsOf(ITypeSymbol? type, CancellationToken cancellationToken)
    {
        if (type is null || !type.IsWithin("OpenAI") || !CompilationFacts.IsProgram(model.Compilation))
        {
            return [];
        }

        return
        [
            .. Factories.Prepend(type.Name).Append("")
                .SelectMany(name => model.Index.CreationsOf(name, cancellationToken))
                .Select(node => model.OperationAt(node, cancellationToken))
                .OfType<IObjectCreationOperation>()
                .Where(creation => creation.Type is { } made && (made.Equals(type, SymbolEqualityComparer.Default) || Factories.Contains(made.Name))),
        ];
    }
}
