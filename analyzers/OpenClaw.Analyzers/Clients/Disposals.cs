using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>"Where is this variable disposed": by a call on it, by a using statement, or by a method of the type that does it.</summary>
internal static class Disposals
{
    /// <summary>The places in the code that dispose of the variable.</summary>
    public static IEnumerable<SyntaxNode> Of(string name, SyntaxNode scope)
    {
        foreach (SyntaxNode node in scope.DescendantNodesAndSelf())
        {
            if ((node is InvocationExpressionSyntax invocation && ReceiverOf(invocation) == name
                    && EndsIt(invocation))
                || (node is UsingStatementSyntax { Expression: IdentifierNameSyntax used } && used.Identifier.ValueText == name)
                || (node is InvocationExpressionSyntax other && SourceIndex.NameOf(other).StartsWith("Dispose", StringComparison.Ordinal) && PassesIt(other, name)))
            {
                yield return node;
            }
        }
    }

    /// <summary>Whether a field is disposed of before it is overwritten: in the member itself, through a copy, or by a method that it calls first.</summary>
    public static bool IsDisposedBefore(string field, SyntaxNode overwrite, MemberDeclarationSyntax member, GatewayModel model, CancellationToken cancellationToken)
    {
        foreach (SyntaxNode node in member.DescendantNodes(child => child.SpanStart < overwrite.SpanStart))
        {
            if (node.SpanStart >= overwrite.SpanStart)
            {
                break;
            }

            if (node is not InvocationExpressionSyntax invocation)
            {
                continue;
            }

            if (Of(field, invocation).Any() || DisposesCopy(invocation, field, member))
            {
                return true;
            }

            if (model.OperationAt(invocation, cancellationToken) is IInvocationOperation { TargetMethod: { } method }
                && model.DeclarationsOf(method, cancellationToken).Any(declaration => Of(field, declaration).Any() || DisposesAnyCopy(declaration, field)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether another method than the type's own disposal does it: then the methods of the type follow each other by an order that the code does not tell.</summary>
    public static bool IsDisposedElsewhere(string field, MemberDeclarationSyntax overwriting)
        => overwriting.FirstAncestorOrSelf<TypeDeclarationSyntax>()?.Members.Any(member =>
            member != overwriting
            && member is not (DestructorDeclarationSyntax or MethodDeclarationSyntax { Identifier.ValueText: "Dispose" or "DisposeAsync" or "DisposeAsyncCore" })
            && (Of(field, member).Any() || DisposesAnyCopy(member, field))) == true;

    private static bool DisposesCopy(InvocationExpressionSyntax invocation, string field, SyntaxNode scope)
        => EndsIt(invocation)
            && ReceiverOf(invocation) is { } copy
            && CopiesOf(field, scope).Contains(copy);

    private static bool DisposesAnyCopy(SyntaxNode scope, string field)
        => CopiesOf(field, scope).Any(copy => Of(copy, scope).Any());

    /// <summary>The locals that take the field's value: <c>var old = _socket;</c>, <c>Interlocked.Exchange(ref _socket, null)</c>.</summary>
    private static IEnumerable<string> CopiesOf(string field, SyntaxNode scope)
    {
        foreach (SyntaxNode node in scope.DescendantNodes())
        {
            (string? copy, ExpressionSyntax? value) = node switch
            {
                VariableDeclaratorSyntax { Initializer.Value: { } initial } variable => (variable.Identifier.ValueText, initial),
                AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } assignment => (target.Identifier.ValueText, assignment.Right),
                _ => (null, null),
            };
            if (copy is not null && value!.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == field))
            {
                yield return copy;
            }
        }
    }

    /// <summary>What is closed or aborted has no connection left to lose, though somebody might have disposed of the rest.</summary>
    private static bool EndsIt(InvocationExpressionSyntax invocation)
        => SourceIndex.NameOf(invocation) is "Dispose" or "DisposeAsync" or "Abort" or "Close" or "CloseAsync";

    private static bool PassesIt(InvocationExpressionSyntax invocation, string name)
        => invocation.ArgumentList.Arguments.Any(argument => argument.Expression is IdentifierNameSyntax passed && passed.Identifier.ValueText == name);

    private static string? ReceiverOf(InvocationExpressionSyntax invocation)
    {
        ExpressionSyntax? receiver = invocation.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            MemberBindingExpressionSyntax => invocation.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            _ => null,
        };
        while (receiver is ParenthesizedExpressionSyntax or CastExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AsExpression })
        {
            receiver = receiver switch
            {
                ParenthesizedExpressionSyntax parenthesized => parenthesized.Expression,
                CastExpressionSyntax cast => cast.Expression,
                var conversion => ((BinaryExpressionSyntax)conversion).Left,
            };
        }

        return receiver switch
        {
            IdentifierNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
            PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } => name.Identifier.ValueText,
            _ => null,
        };
    }
}
