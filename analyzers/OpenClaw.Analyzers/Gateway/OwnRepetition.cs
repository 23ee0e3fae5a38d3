using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>How often a client sends a call by itself, where its creation is in sight and leaves that to it.</summary>
/// <param name="Attempts">The most that one call can become.</param>
/// <param name="IsAtOnce">Whether nothing is waited between them.</param>
/// <param name="Creation">Where the client is made.</param>
internal sealed record OwnRepetition(int Attempts, bool IsAtOnce, IObjectCreationOperation Creation)
{
    public static OwnRepetition? Of(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        if (call.Receiver is not { } receiver || model.Clients.SetsRetry(call, cancellationToken))
        {
            return null;
        }

        foreach (ClientInstance instance in model.Clients.InstancesOf(receiver, cancellationToken))
        {
            // A type of the user's own may decide in its constructor.
            if (instance.Creation is { Type: { } type } creation
                && !model.IsDeclaredHere(type)
                && (ClientProvenance.OptionsArgument(creation) is null || model.Clients.OptionObjectsOf(instance, cancellationToken).Any())
                && RetryOf(call.Client, type, model) is var retry
                && AttemptsBy(retry) is { } attempts
                && !model.Clients.OptionsOf(instance, "RetryPolicy", cancellationToken).Any()
                && !IsDecided(model.Symbols.FindClient(type), instance, model, cancellationToken))
            {
                // Azure's client is one of the same SDK; whether its first attempts have no delay either was not measured.
                return new OwnRepetition(attempts, retry == OwnRetry.ThreeAtOnce && !type.IsWithin("Azure"), creation);
            }
        }

        return null;
    }

    /// <summary>An abstraction repeats what the client does that was made for it.</summary>
    private static OwnRetry RetryOf(ClientEntry client, ITypeSymbol made, GatewayModel model)
        => client.Retry != OwnRetry.Inherited ? client.Retry
            : made.IsWithin("OpenAI") || made.BaseType.IsWithin("OpenAI") ? OwnRetry.ThreeAtOnce
            : model.Symbols.FindClient(made)?.Retry ?? OwnRetry.None;

    private static bool IsDecided(ClientEntry? made, ClientInstance instance, GatewayModel model, CancellationToken cancellationToken)
        => made is not null && model.Clients.RetrySettingsOf(instance, made, cancellationToken).Any();

    private static int? AttemptsBy(OwnRetry retry) => retry switch
    {
        OwnRetry.ThreeAtOnce or OwnRetry.ThreeWithBackoff => 4,
        OwnRetry.TwoWithBackoff => 3,
        _ => null,
    };
}
