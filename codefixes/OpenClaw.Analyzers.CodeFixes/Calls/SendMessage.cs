using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>Sends a request message through the pipeline's own method: a message cannot be sent twice, so the pipeline builds a new one for each attempt.</summary>
internal static class SendMessage
{
    public static bool Applies(GatewayCall call)
        => call.Method.Name is "SendAsync" or "Send" && call.Method.Parameters.Any(parameter => RequestMessages.IsMessage(parameter.Type));

    public static FixPlan? Plan(FixSite site, GatewayCall call)
    {
        InvocationExpressionSyntax invocation = call.Syntax;
        if (call.Method.Name != "SendAsync"
            || call.Receiver?.Type.HasFullName("System.Net.Http", "HttpClient") != true
            || invocation.ArgumentList.Arguments.Any(argument => argument.NameColon is not null)
            || TokenArgument.Plan(site, call) is not { } token
            || HasDefault(invocation, token)
            || PipelineName.For(site, call) is not { } pipeline)
        {
            return null;
        }

        var plan = new FixPlan(ProtectCall.TitleFor("Send the message through the gateway's pipeline", invocation));
        plan.Add([invocation], rewriter =>
        {
            rewriter.Replace(invocation, current => Rewrite(current, token, pipeline).WithTriviaFrom(current));
            pipeline.Import(rewriter);
        });
        return plan;
    }

    /// <summary>A <c>default</c> for something else than the token would fit several overloads of the pipeline's method.</summary>
    private static bool HasDefault(InvocationExpressionSyntax call, TokenArgument token)
        => call.ArgumentList.Arguments.Where((_, index) => index != token.Index).Any(argument => argument.Expression.IsKind(SyntaxKind.DefaultLiteralExpression));

    /// <summary><c>client.SendAsync(message, …)</c> becomes <c>pipeline.SendAsync(client, message, …)</c>; the token stays the last argument.</summary>
    private static InvocationExpressionSyntax Rewrite(InvocationExpressionSyntax call, TokenArgument token, PipelineName pipeline)
    {
        ExpressionSyntax? client = (call.Expression as MemberAccessExpressionSyntax)?.Expression;
        SeparatedSyntaxList<ArgumentSyntax> arguments = call.ArgumentList.Arguments;

        // "default" and "None" say nothing that the pipeline's own default does not say, and the first would fit two overloads.
        arguments = token.Index >= 0 && token.Outer is null ? arguments.RemoveAt(token.Index) : arguments;
        SeparatedSyntaxList<ArgumentSyntax> sent = arguments.Insert(0, SyntaxFactory.Argument((client ?? SyntaxFactory.ThisExpression()).WithoutTrivia()));
        sent = token.Index < 0 && token.Outer is not null ? sent.Add(SyntaxFactory.Argument(token.Outer)) : sent;
        ArgumentListSyntax list = call.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
            sent,
            Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), sent.Count - 1)));
        return SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, pipeline.Expression, SyntaxFactory.IdentifierName("SendAsync")),
            list);
    }
}
