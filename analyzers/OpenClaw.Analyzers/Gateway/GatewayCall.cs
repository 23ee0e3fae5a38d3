using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>How the caller gets the answer.</summary>
internal enum CallShape
{
    /// <summary>A task of the whole answer.</summary>
    Task,

    /// <summary>A value task of the whole answer.</summary>
    ValueTask,

    /// <summary>The answer itself: the caller's thread waits.</summary>
    Synchronous,

    /// <summary>An asynchronous stream; nothing is sent before it is enumerated.</summary>
    AsyncStream,

    /// <summary>A blocking stream; nothing is sent before it is enumerated.</summary>
    Stream,
}

/// <summary>One recognised call of a gateway: every rule judges the same object.</summary>
internal sealed class GatewayCall(
    IInvocationOperation operation,
    ClientEntry client,
    CallKind kind,
    CallShape shape,
    Endpoint endpoint)
{
    public IInvocationOperation Operation { get; } = operation;

    public ClientEntry Client { get; } = client;

    public CallKind Kind { get; } = kind;

    public CallShape Shape { get; } = shape;

    public Endpoint Endpoint { get; } = endpoint;

    public IMethodSymbol Method => Operation.TargetMethod;

    public InvocationExpressionSyntax Syntax => (InvocationExpressionSyntax)Operation.Syntax;

    /// <summary>The client that is called; for an extension method its first argument.</summary>
    public IOperation? Receiver => Operation.Instance
        ?? (Method.IsExtensionMethod || Method.ReducedFrom is not null ? Operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value : null);

    /// <summary>The cancellation token as it is written at the call; null where the call passes none.</summary>
    public IArgumentOperation? Token => TokenParameter.PassedBy(Operation);

    /// <summary>The call as a message names it.</summary>
    public string Name => $"{(Method.ReducedFrom ?? Method) switch
    {
        { IsExtensionMethod: true, Parameters: [var self, ..] } => self.Type.Name,
        var method => method.ContainingType.Name,
    }}.{Method.Name}";

    /// <summary>The name at the call: what a diagnostic underlines.</summary>
    public Location NameLocation => SyntaxFacts.NameOf(Syntax).GetLocation();

    /// <summary>The severity of a finding about the call: what nobody has verified about a client is worth a suggestion at most.</summary>
    public DiagnosticSeverity AtMost(DiagnosticSeverity severity)
        => Client.Verified == Verification.NameOnly && severity > DiagnosticSeverity.Info ? DiagnosticSeverity.Info : severity;

    /// <summary>Whether it is asked once by intention, to see whether the other end answers: by what it asks for, or by the code around it.</summary>
    public bool IsProbe => Kind == CallKind.Probe || ProbeCode.IsAround(Syntax);

    /// <summary>What the call may repeat or undo at the other end is worth protecting; probes are asked once by intention.</summary>
    public bool IsTurnOrTool => Kind is CallKind.Turn or CallKind.Tool;
}
