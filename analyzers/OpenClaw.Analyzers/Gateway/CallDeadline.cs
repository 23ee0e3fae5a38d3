using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What limits the wait for a call.</summary>
internal enum DeadlineState
{
    /// <summary>Something does.</summary>
    Bounded,

    /// <summary>Something out of sight may.</summary>
    Unknown,

    /// <summary>Nothing does, and nothing out of sight could: the client and the token are both in view.</summary>
    Unbounded,
}

/// <summary>What limits the wait for a call.</summary>
/// <param name="State">Whether anything does.</param>
/// <param name="Reason">Why nothing does, as the end of a message.</param>
internal sealed record DeadlineFact(DeadlineState State, string Reason = "")
{
    public static DeadlineFact Bounded { get; } = new(DeadlineState.Bounded);

    public static DeadlineFact Unknown { get; } = new(DeadlineState.Unknown);
}

/// <summary>"What bounds this call": the client's own limit, the token, a wrapper that waits only so long.</summary>
internal sealed class CallDeadline(GatewayModel model)
{
    private readonly ConcurrentDictionary<SyntaxNode, DeadlineFact> _known = new();
    private readonly TokenTracer _tokens = new(model);

    public DeadlineFact Of(GatewayCall call, CancellationToken cancellationToken)
        => _known.GetOrAdd(call.Syntax, _ => Find(call, cancellationToken));

    private DeadlineFact Find(GatewayCall call, CancellationToken cancellationToken)
    {
        // Waiting for whatever comes next is what a receive loop is for, and a token's time-out would abort the socket.
        if (call.Kind == CallKind.Receive || IsBoundedWait(call.Syntax))
        {
            return DeadlineFact.Bounded;
        }

        DeadlineFact client = OfClient(call, cancellationToken);
        if (client.State != DeadlineState.Unbounded)
        {
            return client;
        }

        TokenLimit token = call.Token is null ? TokenLimit.None : _tokens.LimitOf(call.Token.Value, cancellationToken);
        if (token != TokenLimit.None)
        {
            return token == TokenLimit.Timed ? DeadlineFact.Bounded : DeadlineFact.Unknown;
        }

        // An execution without a token may still walk away from a call that takes too long.
        return IsInTokenlessLambda(call.Syntax) && model.Protection.Of(call, cancellationToken) is { State: not ProtectionState.None, Loop: null }
            ? DeadlineFact.Unknown
            : client;
    }

    private static bool IsInTokenlessLambda(SyntaxNode call)
        => call.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0 };

    /// <summary><c>call.WaitAsync(timeout)</c> bounds the wait, though not the work.</summary>
    private static bool IsBoundedWait(InvocationExpressionSyntax call)
        => call.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WaitAsync", Parent: InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } };

    private DeadlineFact OfClient(GatewayCall call, CancellationToken cancellationToken) => call.Client.Limit switch
    {
        OwnLimit.None when call.Client.Family == ClientFamily.WebSocket
            => new(DeadlineState.Unbounded, call.Kind == CallKind.Connect
                ? "ClientWebSocket has no connect timeout and the token carries no time limit"
                : "ClientWebSocket has no send timeout and the token carries no time limit"),
        OwnLimit.None => new(DeadlineState.Unbounded, "HttpMessageInvoker has no timeout and the token carries no time limit"),
        OwnLimit.HundredSecondsBuffered => OfHttpClient(call, cancellationToken),
        OwnLimit.HundredSecondsPerRead => OfSdk(call, cancellationToken),
        _ => DeadlineFact.Unknown,
    };

    private DeadlineFact OfHttpClient(GatewayCall call, CancellationToken cancellationToken)
    {
        foreach (ClientInstance instance in call.Receiver is { } receiver ? model.Clients.InstancesOf(receiver, cancellationToken) : [])
        {
            if (model.Clients.PropertiesOf(instance, "Timeout", cancellationToken).Any(value => DurationFacts.IsInfinite(value, model, cancellationToken)))
            {
                return new(DeadlineState.Unbounded, "the client's Timeout is infinite and the token carries no time limit");
            }
        }

        return LeavesBodyUnread(call)
            ? new(DeadlineState.Unbounded, "HttpClient.Timeout ends at the response headers, and the token carries no time limit for the body")
            : DeadlineFact.Bounded;
    }

    /// <summary>Whether the caller reads the body after the call has returned, out of reach of the client's time-out.</summary>
    public static bool LeavesBodyUnread(GatewayCall call)
        => call.Method.Name is "GetStreamAsync" or "GetFromJsonAsAsyncEnumerable"
            || call.Operation.Arguments.Any(argument =>
                argument.Parameter?.Type.Name == "HttpCompletionOption"
                && argument.Value is IFieldReferenceOperation { Field.Name: "ResponseHeadersRead" });

    private DeadlineFact OfSdk(GatewayCall call, CancellationToken cancellationToken)
    {
        foreach (ClientInstance instance in call.Receiver is { } receiver ? model.Clients.InstancesOf(receiver, cancellationToken) : [])
        {
            if (model.Clients.OptionsOf(instance, "NetworkTimeout", cancellationToken).Any(value => DurationFacts.IsInfinite(value, model, cancellationToken)))
            {
                return new(DeadlineState.Unbounded, "NetworkTimeout is infinite and the token carries no time limit");
            }
        }

        return DeadlineFact.Bounded;
    }
}
