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

    /// <summary>The caller gives up the wait after a time, but the call itself goes on.</summary>
    Abandoned,

    /// <summary>Nothing in this library does: its callers have to think of it.</summary>
    LeftToCaller,

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

    public static DeadlineFact Unbounded(string reason) => new(DeadlineState.Unbounded, reason);
}

/// <summary>"What bounds this call": the client's own limit, the token, a wrapper that waits only so long.</summary>
internal sealed class CallDeadline
{
    private readonly GatewayModel _model;
    private readonly ConcurrentDictionary<SyntaxNode, DeadlineFact> _known = new();
    private readonly ClientLimit _clients;
    private readonly TokenTracer _tokens;
    private readonly TaskWait _waits;
    private readonly BodyReads _bodies;

    public CallDeadline(GatewayModel model)
    {
        _model = model;
        _clients = new(model);
        _tokens = new(model);
        _waits = new(model, _tokens);
        _bodies = new(model, _tokens);
    }

    public DeadlineFact Of(GatewayCall call, CancellationToken cancellationToken)
        => _known.GetOrAdd(call.Syntax, _ => Find(call, cancellationToken));

    /// <summary>Whether the caller reads the body after the call has returned, out of reach of the client's time-out.</summary>
    public static bool LeavesBodyUnread(GatewayCall call)
        => call.Method.Name is "GetStreamAsync" or "GetFromJsonAsAsyncEnumerable"
            || call.Operation.Arguments.Any(argument =>
                argument.Parameter?.Type.Name == "HttpCompletionOption"
                && argument.Value is IFieldReferenceOperation { Field.Name: "ResponseHeadersRead" });

    private DeadlineFact Find(GatewayCall call, CancellationToken cancellationToken)
    {
        // Waiting for whatever comes next is what a receive loop is for, and a token's time-out would abort the socket.
        if (call.Kind == CallKind.Receive)
        {
            return DeadlineFact.Bounded;
        }

        DeadlineFact client = _clients.Of(call, cancellationToken);
        if (client.State == DeadlineState.Bounded && LeavesBodyUnread(call))
        {
            client = _bodies.After(call, cancellationToken);
        }

        if (client.State != DeadlineState.Unbounded)
        {
            return client;
        }

        TokenLimit token = call.Token is null ? TokenLimit.None : _tokens.LimitOf(call.Token.Value, cancellationToken);
        if (token is TokenLimit.Unknown or TokenLimit.Timed)
        {
            return token == TokenLimit.Timed ? DeadlineFact.Bounded : DeadlineFact.Unknown;
        }

        // An execution without a token may still walk away from a call that takes too long.
        if (IsInTokenlessLambda(call.Syntax) && _model.Protection.Of(call, cancellationToken) is { State: not ProtectionState.None, Loop: null })
        {
            return DeadlineFact.Unknown;
        }

        return _waits.Of(call, cancellationToken) switch
        {
            WaitEnd.OfTask when token == TokenLimit.OfCaller => new(DeadlineState.LeftToCaller, client.Reason + " of its own: only a caller's could end it"),
            WaitEnd.OfTask => client,
            WaitEnd.OfTime => new(DeadlineState.Abandoned, "only the wait for it ends, the call itself goes on: " + client.Reason),
            _ => DeadlineFact.Unknown,
        };
    }

    private static bool IsInTokenlessLambda(SyntaxNode call)
        => call.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters.Count: 0 };
}
