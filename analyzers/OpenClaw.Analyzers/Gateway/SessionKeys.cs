using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>The session that a call names to the gateway, which keeps its conversation.</summary>
internal sealed class SessionKeys(GatewayModel model)
{
    private readonly ObjectSetup _setup = new(model);
    private readonly GatewayHeaders _headers = new(model);

    /// <summary>The session key of the call where it is a constant, whoever asks; null otherwise.</summary>
    public string? ConstantOf(GatewayCall call, CancellationToken cancellationToken)
        => _headers.SessionKeyOf(call.Operation, call.Receiver, cancellationToken) ?? InOptions(call, cancellationToken);

    /// <summary>The gateway derives a session from the end user's name; to a provider that is a mark for the fight against misuse only.</summary>
    private string? InOptions(GatewayCall call, CancellationToken cancellationToken)
        => call.Operation.Arguments
            .SelectMany(argument => SessionProperty(argument.Parameter?.Type, call) is { } property
                ? model.Values.OriginsOf(argument.Value, call: null, cancellationToken)
                    .Select(origin => origin.Operation)
                    .OfType<IObjectCreationOperation>()
                    .SelectMany(creation => _setup.ValuesOf(creation, property, cancellationToken))
                : [])
            .Select(value => value.ConstantValue.Value as string)
            .FirstOrDefault(key => key?.Length > 0);

    private static string? SessionProperty(ITypeSymbol? options, GatewayCall call)
        => options.HasFullName("Microsoft.Extensions.AI", "ChatOptions") ? "ConversationId"
            : call.Endpoint.Gateway == GatewayKind.OpenClaw && options.HasFullName("OpenAI.Chat", "ChatCompletionOptions") ? "EndUserId"
            : null;
}
