using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"What limits the reading of a body that is left unread by the call": the reads that follow in the same function and in what it hands the body to.</summary>
internal sealed class BodyReads(GatewayModel model, TokenTracer tokens)
{
    public DeadlineFact After(GatewayCall call, CancellationToken cancellationToken)
    {
        SyntaxNode function = call.Syntax.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) ?? call.Syntax.SyntaxTree.GetRoot(cancellationToken);
        if (LocalOf(call, function, cancellationToken) is { } local)
        {
            if (IsHandedOut(local, function))
            {
                return DeadlineFact.Unknown;
            }

            if (HoldsResponse(call) && !UsesOf(local, function).Any(use => use.Parent is ArgumentSyntax || IsContent(use)))
            {
                return DeadlineFact.Bounded;
            }
        }
        else if (IsReturned(call.Syntax))
        {
            return DeadlineFact.Unknown;
        }

        return function.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(node => node.SpanStart > call.Syntax.Span.End)
            .Any(node => MayLimit(node, followCallee: true, cancellationToken))
                ? DeadlineFact.Unknown
                : DeadlineFact.Unbounded("HttpClient.Timeout ends at the response headers, and the token carries no time limit for the body");
    }

    /// <summary>The local of the same function that takes the response or the body; where it belongs to a function around, its reads are out of sight.</summary>
    private string? LocalOf(GatewayCall call, SyntaxNode function, CancellationToken cancellationToken)
    {
        ExpressionSyntax value = ResponseUses.ValueOf(call.Syntax);
        return ResponseUses.LocalOf(value) is { } name
            && (value.Parent is not AssignmentExpressionSyntax assignment
                || (model.OperationAt(assignment.Left, cancellationToken) is ILocalReferenceOperation { Local: var local }
                    && local.DeclaringSyntaxReferences.All(reference => function.Span.Contains(reference.Span))))
                ? name
                : null;
    }

    private static IEnumerable<IdentifierNameSyntax> UsesOf(string local, SyntaxNode function)
        => function.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use =>
            use.Identifier.ValueText == local && !(use.Parent is AssignmentExpressionSyntax assignment && assignment.Left == use));

    /// <summary>Whether the response, the stream of its body, or an object around one of them leaves the function.</summary>
    private static bool IsHandedOut(string local, SyntaxNode function)
        => UsesOf(local, function).Any(use => IsReturned(use) || (use.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } read
            && SourceIndex.NameOf(read) is "ReadAsStreamAsync" or "ReadAsStream"
            && (IsReturned(read) || (ResponseUses.LocalOf(ResponseUses.ValueOf(read)) is { } stream && UsesOf(stream, function).Any(IsReturned)))));

    /// <summary>Whether the content is asked of the variable, also as <c>response!.Content</c> and <c>response?.Content</c>.</summary>
    private static bool IsContent(ExpressionSyntax use) => use.Parent switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Content" } => true,
        PostfixUnaryExpressionSyntax sure => IsContent(sure),
        ConditionalAccessExpressionSyntax access when access.Expression == use => access.WhenNotNull.DescendantNodesAndSelf().Any(node =>
            node is MemberBindingExpressionSyntax { Name.Identifier.ValueText: "Content" }),
        _ => false,
    };

    private static bool HoldsResponse(GatewayCall call)
        => call.Method.ReturnType is INamedTypeSymbol { TypeArguments: [var result] } && result.HasFullName("System.Net.Http", "HttpResponseMessage");

    /// <summary>Whether the value itself, the task of it or an object around it leaves the function: who reads it then is out of sight.</summary>
    private static bool IsReturned(ExpressionSyntax value)
    {
        SyntaxNode current = value;
        while (current.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax
            or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" }
            or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } }
            or ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax } or ArgumentListSyntax or BaseObjectCreationExpressionSyntax)
        {
            current = current.Parent;
        }

        return current.Parent is ReturnStatementSyntax or ArrowExpressionClauseSyntax or AssignmentExpressionSyntax { Left: not IdentifierNameSyntax { Identifier.ValueText: "_" } } or LambdaExpressionSyntax;
    }

    /// <summary>Whether the invocation passes a token with a limit, waits only so long, or leads to a method that does.</summary>
    private bool MayLimit(InvocationExpressionSyntax invocation, bool followCallee, CancellationToken cancellationToken)
    {
        if (SourceIndex.NameOf(invocation) is "WaitAsync" or "WhenAny" or "CancelAfter")
        {
            return true;
        }

        if (model.OperationAt(invocation, cancellationToken) is not IInvocationOperation operation)
        {
            return false;
        }

        return operation.Arguments.Any(argument =>
                argument.Parameter?.Type.HasFullName("System.Threading", "CancellationToken") == true
                && tokens.LimitOf(argument.Value, cancellationToken) != TokenLimit.None)
            || (followCallee
                && operation.Arguments.Any(argument => IsBody(argument.Parameter?.Type))
                && model.DeclarationsOf(operation.TargetMethod, cancellationToken)
                    .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
                    .Any(inner => MayLimit(inner, followCallee: false, cancellationToken)));
    }

    private static bool IsBody(ITypeSymbol? type)
        => type.IsWithin("System.Net.Http") || type.HasFullName("System.IO", "Stream") || type.HasFullName("System.IO", "TextReader") || type.HasFullName("System.IO", "StreamReader");
}
