using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"What limits the reading of a body that is left unread by the call": the reads that follow in the same function and in what it hands the body to.</summary>
internal sealed class BodyReads(GatewayModel model, TokenTracer tokens)
{
    public DeadlineFact After(GatewayCall call, CancellationToken cancellationToken)
    {
        SyntaxNode? function = call.Syntax.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) ?? call.Syntax.SyntaxTree.GetRoot(cancellationToken);
        if (IsReturned(call.Syntax))
        {
            return DeadlineFact.Unknown;
        }

        if (call.Syntax.FirstAncestorOrSelf<EqualsValueClauseSyntax>()?.Parent is VariableDeclaratorSyntax variable
            && call.Syntax.Ancestors().First(node => node is StatementSyntax) is LocalDeclarationStatementSyntax or UsingStatementSyntax)
        {
            IReadOnlyList<IdentifierNameSyntax> uses =
            [
                .. function.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == variable.Identifier.ValueText),
            ];
            if (uses.Any(IsReturned))
            {
                return DeadlineFact.Unknown;
            }

            if (HoldsResponse(call) && !uses.Any(use => use.Parent is ArgumentSyntax || use.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Content" }))
            {
                return DeadlineFact.Bounded;
            }
        }

        return function.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(node => node.SpanStart > call.Syntax.Span.End)
            .Any(node => MayLimit(node, followCallee: true, cancellationToken))
                ? DeadlineFact.Unknown
                : DeadlineFact.Unbounded("HttpClient.Timeout ends at the response headers, and the token carries no time limit for the body");
    }

    private static bool HoldsResponse(GatewayCall call)
        => call.Method.ReturnType is INamedTypeSymbol { TypeArguments: [var result] } && result.HasFullName("System.Net.Http", "HttpResponseMessage");

    /// <summary>Whether the value itself, or the task of it, leaves the function: who reads it then is out of sight.</summary>
    private static bool IsReturned(ExpressionSyntax value)
    {
        SyntaxNode current = value;
        while (current.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax
            or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" }
            or InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } })
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
