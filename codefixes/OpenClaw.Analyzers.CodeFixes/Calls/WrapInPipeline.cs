using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>Moves a call into a lambda that a pipeline executes: asynchronous, synchronous or streaming.</summary>
internal static class WrapInPipeline
{
    public static FixPlan? Plan(FixSite site, GatewayCall call)
    {
        InvocationExpressionSyntax invocation = call.Syntax;
        if (MethodFor(call) is not { } method
            || IsInExpressionTree(invocation, site)
            || !RequestContent.IsRepeatable(site, call)
            || TokenArgument.Plan(site, call) is not { } token
            || Hoisting.Plan(site, call, token) is not { } hoisting
            || PipelineName.For(site, call) is not { } pipeline)
        {
            return null;
        }

        OwnRetrySwitch? ownRetry = OwnRetrySwitch.Find(site, call);
        var plan = new FixPlan(ProtectCall.TitleFor(
            ownRetry is null ? "Run the call in the gateway's pipeline" : "Run the call in the gateway's pipeline and switch the SDK's own retry off",
            invocation));
        plan.Add(hoisting.Nodes, rewriter =>
        {
            IReadOnlyDictionary<int, ExpressionSyntax> replaced = hoisting.Apply(rewriter, invocation);
            if (rewriter.Current(invocation) is not { } current)
            {
                return;
            }

            InvocationExpressionSyntax inner = Hoisting.Rewrite(current, replaced);
            string parameter = token.TakesToken ? Names.ForParameter("ct", current, inner) : Names.Discard(site.LanguageVersion, current, inner);
            ExpressionSyntax wrapped = Wrap(pipeline.Expression, method, token.Rewrite(inner, parameter), parameter, token.Outer, call.Shape == CallShape.ValueTask);
            rewriter.Replace(invocation, old => AsValueTaskIfNeeded(wrapped, call, site).WithTriviaFrom(old));
            pipeline.Import(rewriter);
        });
        ownRetry?.AddTo(plan);
        return plan;
    }

    /// <summary>The pipeline's method; null where the call cannot be executed as it stands.</summary>
    public static string? MethodFor(GatewayCall call) => call.Shape switch
    {
        CallShape.Task or CallShape.ValueTask => ReturnsLazyContent(call.Method.ReturnType) ? null : "ExecuteAsync",
        CallShape.Synchronous => ReturnsLazyContent(call.Method.ReturnType) ? null : "Execute",
        CallShape.AsyncStream => IsEnumeratedHere(call.Syntax, isAsync: true) ? "ExecuteStreamingAsync" : null,
        CallShape.Stream => IsEnumeratedHere(call.Syntax, isAsync: false) ? "ExecuteStreaming" : null,
        _ => null,
    };

    /// <summary>A stream that is read after the call has returned would have left the pipeline.</summary>
    private static bool ReturnsLazyContent(ITypeSymbol type)
    {
        ITypeSymbol result = type is INamedTypeSymbol { TypeArguments: [var inner] } && type.IsWithin("System.Threading.Tasks") ? inner : type;
        return result.HasFullName("System.IO", "Stream")
            || result.Name.Contains("Streaming")
            || result.AllInterfaces.Append(result).Any(candidate => candidate.HasFullName("System.Collections.Generic", "IAsyncEnumerable"));
    }

    /// <summary>A stream that is stored or returned is enumerated elsewhere, any number of times.</summary>
    private static bool IsEnumeratedHere(InvocationExpressionSyntax invocation, bool isAsync)
    {
        ExpressionSyntax value = invocation;
        while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithCancellation" or "ConfigureAwait", Parent: InvocationExpressionSyntax chained })
        {
            value = chained;
        }

        return value.Parent is CommonForEachStatementSyntax each && each.Expression == value && each.AwaitKeyword.RawKind != 0 == isAsync;
    }

    private static bool IsInExpressionTree(SyntaxNode node, FixSite site)
        => node.Ancestors().OfType<LambdaExpressionSyntax>()
            .Any(lambda => site.Semantics.GetTypeInfo(lambda, site.CancellationToken).ConvertedType.HasFullName("System.Linq.Expressions", "Expression"));

    /// <summary>The call in a lambda, executed by the pipeline; with its effect, where that is known.</summary>
    public static InvocationExpressionSyntax Wrap(
        ExpressionSyntax pipeline,
        string method,
        InvocationExpressionSyntax call,
        string parameter,
        ExpressionSyntax? outerToken,
        bool awaits,
        string? effect = null)
    {
        ExpressionSyntax body = call.WithoutTrivia();
        SimpleLambdaExpressionSyntax lambda = SyntaxFactory.SimpleLambdaExpression(
            SyntaxFactory.Parameter(SyntaxFactory.Identifier(parameter)),
            awaits ? SyntaxFactory.AwaitExpression(body) : body);
        lambda = awaits ? lambda.WithAsyncKeyword(SyntaxFactory.Token(SyntaxKind.AsyncKeyword)) : lambda;
        List<ArgumentSyntax> arguments = [SyntaxFactory.Argument(lambda)];
        if (effect is not null)
        {
            arguments.Add(SyntaxFactory.Argument(SyntaxFactory.ParseExpression(effect)));
        }

        if (outerToken is not null)
        {
            arguments.Add(SyntaxFactory.Argument(outerToken.WithoutTrivia()));
        }

        return SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, pipeline, SyntaxFactory.IdentifierName(method)),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments))).NormalizeLambda();
    }

    /// <summary>The pipeline returns a task; only code that awaits it on the spot does not notice.</summary>
    private static ExpressionSyntax AsValueTaskIfNeeded(ExpressionSyntax wrapped, GatewayCall call, FixSite site)
    {
        ExpressionSyntax value = call.Syntax;
        while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax chained })
        {
            value = chained;
        }

        if (call.Shape != CallShape.ValueTask || value.Parent is AwaitExpressionSyntax)
        {
            return wrapped;
        }

        string type = call.Method.ReturnType.ToMinimalDisplayString(site.Semantics, call.Syntax.SpanStart);
        return SyntaxFactory.ObjectCreationExpression(SyntaxFactory.ParseTypeName(type))
            .WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(wrapped))));
    }
}
