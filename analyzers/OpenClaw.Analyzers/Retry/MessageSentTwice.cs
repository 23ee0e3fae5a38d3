using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1108: every attempt of a retry sends the same request message, which <c>HttpClient</c> refuses from the second on.</summary>
internal sealed class MessageSentTwice : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.MessageSentTwice;

    public override void Check(CallContext context)
    {
        if (RepeatedMessage.Of(context.Call, context.Model, context.CancellationToken) is { } repeated)
        {
            context.ReportWith([repeated.Repeats.GetLocation()], Descriptor, context.Call.Name, repeated.Message.Name);
        }
    }
}

/// <summary>A request message that is made outside of what repeats its sending.</summary>
/// <param name="Message">The local or parameter that holds it.</param>
/// <param name="Repeats">The loop, or the lambda that a pipeline with a retry executes.</param>
internal sealed record RepeatedMessage(ISymbol Message, SyntaxNode Repeats)
{
    public static RepeatedMessage? Of(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        // A handler below the client may send a message again; the client itself may not.
        if (call.Receiver?.Type.HasFullName("System.Net.Http", "HttpClient") != true
            || call.Operation.Arguments.FirstOrDefault(argument => RequestMessages.IsMessage(argument.Parameter?.Type)) is not { } argument
            || MessageIn(argument.Value) is not { } message
            || RepeatedAround(call.Syntax, model, cancellationToken) is not { } repeats
            || IsSetIn(repeats, message, model, cancellationToken))
        {
            return null;
        }

        return new RepeatedMessage(message, repeats);
    }

    private static ISymbol? MessageIn(IOperation value)
        => ObjectSetup.SymbolOf(value) is ILocalSymbol or IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.AnonymousFunction } } ? ObjectSetup.SymbolOf(value) : null;

    private static SyntaxNode? RepeatedAround(InvocationExpressionSyntax send, GatewayModel model, CancellationToken cancellationToken)
    {
        if (RetryLoop.Around(send, model.SemanticsOf(send.SyntaxTree)) is { Purpose: LoopPurpose.Retry or LoopPurpose.Failover } loop)
        {
            return loop.Statement;
        }

        return ExecutedLambda.Around(send, model, cancellationToken) is { IsOfGatewayPipeline: false } execution && execution.Has(StrategyKind.Retry) ? execution.Lambda : null;
    }

    /// <summary>Whether the variable gets its message, or another one, inside of what is repeated.</summary>
    private static bool IsSetIn(SyntaxNode repeats, ISymbol message, GatewayModel model, CancellationToken cancellationToken)
        => model.DeclarationsOf(message, cancellationToken).Any(declaration => repeats.Span.Contains(declaration.Span))
            || repeats.DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment => assignment.Left is IdentifierNameSyntax target && target.Identifier.ValueText == message.Name);
}
