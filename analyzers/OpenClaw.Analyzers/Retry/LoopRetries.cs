using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Finds loops that repeat a gateway call after a failure.</summary>
internal static class LoopRetries
{
    // A content failure is asked again at once and rightly so: only these speak of the gateway's health.
    private static readonly HashSet<string> TransportExceptions = new(StringComparer.Ordinal)
    {
        "Exception", "SystemException", "HttpRequestException", "WebSocketException", "SocketException", "IOException", "TimeoutException",
        "TaskCanceledException", "OperationCanceledException", "ClientResultException", "RequestFailedException", "WebException", "HttpOperationException",
        "AnthropicException", "AnthropicIOException", "AnthropicApiException", "RpcException",
    };

    /// <summary>Whether the loop has what a retry needs: a cheap look before anything is bound.</summary>
    public static bool MayRetry(StatementSyntax loop)
    {
        foreach (SyntaxNode node in SyntaxFacts.DescendantsInSameFunction(RetryLoop.BodyOf(loop)!))
        {
            if (node is TryStatementSyntax { Catches.Count: > 0 }
                or IdentifierNameSyntax { Identifier.ValueText: "IsSuccessStatusCode" or "StatusCode" or "IsSuccessful" })
            {
                return true;
            }
        }

        return false;
    }

    public static LoopRetry? Find(StatementSyntax loop, GatewayModel model, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(loop.SyntaxTree);
        foreach (InvocationExpressionSyntax invocation in loop.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if ((model.Reach.FromNear(invocation, cancellationToken) ?? GivenByCallers(invocation, model, cancellationToken)) is not { Kind: not (CallKind.Receive or CallKind.Probe) } call
                || SiteIn(loop, invocation) is not { } site
                || RetryLoop.Around(site, semantics) is not { Purpose: LoopPurpose.Retry } retry
                || retry.Statement != loop
                || !RepeatsAfterTransportFailure(retry)
                || LoopRepairs.ChangesRequest(retry, site, semantics))
            {
                continue;
            }

            var found = new LoopRetry(retry, site, call, model, cancellationToken);
            return IsOnlyRepetition(retry, semantics) || (found.Growth == WaitGrowth.Constant && IsPoller(retry, call)) ? null : found;
        }

        return null;
    }

    /// <summary>The gateway call in a lambda that a caller hands to the method around the loop: the retry helper that everybody writes once.</summary>
    private static GatewayCall? GivenByCallers(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode? invoked = invocation.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Invoke", Expression: var target } ? target : invocation.Expression;
        if (invoked is not IdentifierNameSyntax name
            || !SyntaxFacts.NamesParameter(name)
            || model.OperationAt(invoked, cancellationToken) is not IParameterReferenceOperation { Parameter: { Type.TypeKind: TypeKind.Delegate, ContainingSymbol: IMethodSymbol method } parameter })
        {
            return null;
        }

        return model.Callers.CallsOf(method.OriginalDefinition, cancellationToken)
            .SelectMany(caller => caller.Arguments.Where(argument => argument.Parameter?.Ordinal == parameter.Ordinal))
            .SelectMany(argument => argument.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>())
            .Select(given => model.Reach.FromNear(given, cancellationToken))
            .FirstOrDefault(call => call is not null);
    }

    /// <summary>One repetition cannot grow, and at once it is how a dead pooled connection is replaced.</summary>
    private static bool IsOnlyRepetition(RetryLoop retry, SemanticModel semantics)
        => retry.Statement is ForStatementSyntax
        {
            Declaration.Variables: [{ Initializer.Value: { } first } counter],
            Condition: BinaryExpressionSyntax { Left: IdentifierNameSyntax tested } condition,
        }
            && tested.Identifier.ValueText == counter.Identifier.ValueText
            && semantics.GetConstantValue(first) is { HasValue: true, Value: int from }
            && semantics.GetConstantValue(condition.Right) is { HasValue: true, Value: int to }
            && to - from + (condition.IsKind(SyntaxKind.LessThanOrEqualExpression) ? 1 : 0) is 1 or 2;

    /// <summary>What is read again at the same distance until its status, or what it says, is good is waited for, not retried.</summary>
    private static bool IsPoller(RetryLoop retry, GatewayCall call) => (retry.RetryingCatches.Count == 0 || retry.RepeatsOnAnswer) && call.Kind == CallKind.Read;

    /// <summary>The part of the loop's own function that runs the invocation: the invocation, or the lambda around it. Null where it runs later.</summary>
    private static SyntaxNode? SiteIn(StatementSyntax loop, InvocationExpressionSyntax invocation)
    {
        SyntaxNode site = invocation;
        foreach (SyntaxNode node in invocation.Ancestors().TakeWhile(node => node != loop))
        {
            if (node is LocalFunctionStatementSyntax || (node is AnonymousFunctionExpressionSyntax lambda && !SyntaxFacts.RunsInPlace(lambda)))
            {
                return null;
            }

            site = node is AnonymousFunctionExpressionSyntax ? node : site;
        }

        return site;
    }

    private static bool RepeatsAfterTransportFailure(RetryLoop retry)
        => retry.RetryingCatches.Count == 0 || retry.RetryingCatches.Any(IsTransport);

    public static bool IsTransport(CatchClauseSyntax clause)
    {
        string? type = HandledFailures.NameOf(clause);
        bool asksForRepair = clause.Filter?.FilterExpression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Any(name => name.Identifier.ValueText is "Unauthorized" or "BadRequest" or "JsonException") == true;
        return type is not null && IsTransportException(type) && !asksForRepair;
    }

    /// <summary>Whether an exception of this name speaks of the gateway's health.</summary>
    public static bool IsTransportException(string name) => TransportExceptions.Contains(name);
}
