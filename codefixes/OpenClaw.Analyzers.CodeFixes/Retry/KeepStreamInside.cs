using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1113: runs a stream by the method of our pipeline that stays around it while it is read.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepStreamInside))]
public sealed class KeepStreamInside() : GatewayCodeFix(Descriptors.StreamEscapesPipeline)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || site.Model.CallAt(invocation, site.CancellationToken) is not { Shape: CallShape.AsyncStream or CallShape.Stream } call
            || ExecutedLambda.Around(invocation, site.Model, site.CancellationToken) is not { IsOfGatewayPipeline: true, Lambda: LambdaExpressionSyntax { ExpressionBody: { } body } lambda } execution
            || execution.Call.Syntax is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } } executed
            || ChainLink.HasComment(body)
            || !IsOnlyEnumerated(executed, call.Shape == CallShape.AsyncStream))
        {
            return null;
        }

        string method = call.Shape == CallShape.AsyncStream ? "ExecuteStreamingAsync" : "ExecuteStreaming";
        ExpressionSyntax whole = executed.Parent is AwaitExpressionSyntax awaited ? awaited : executed;
        var plan = new FixPlan("Keep the stream in the pipeline while it is read");
        plan.Add([whole, executed, lambda, name], rewriter =>
        {
            rewriter.Replace(name, current => SyntaxFactory.IdentifierName(method).WithTriviaFrom(current));
            rewriter.Replace(lambda, current => WithoutAsync(current).WithExpressionBody(invocation.WithoutTrivia().WithTrailingTrivia(current.ExpressionBody!.GetTrailingTrivia())));
            rewriter.Replace(whole, current => current is AwaitExpressionSyntax wait ? wait.Expression.WithTriviaFrom(current) : current);
        });
        return plan;
    }

    private static LambdaExpressionSyntax WithoutAsync(LambdaExpressionSyntax lambda)
        => lambda.AsyncKeyword.RawKind == 0 ? lambda
            : (LambdaExpressionSyntax)lambda.WithAsyncKeyword(default).WithLeadingTrivia(lambda.GetLeadingTrivia());

    /// <summary>The pipeline hands out the interface: who only enumerates does not notice. At once, or by a <c>var</c> all of whose uses do.</summary>
    private static bool IsOnlyEnumerated(InvocationExpressionSyntax executed, bool isAsync)
    {
        ExpressionSyntax value = executed;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax)
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return IsEnumerated(value, isAsync)
            || (value.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true, Parent: LocalDeclarationStatementSyntax { Parent: { } scope } } } variable }
                && scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == variable.Identifier.ValueText).All(use => IsEnumerated(use, isAsync)));
    }

    private static bool IsEnumerated(ExpressionSyntax value, bool isAsync)
    {
        while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "WithCancellation" or "ConfigureAwait", Parent: InvocationExpressionSyntax chained })
        {
            value = chained;
        }

        return value.Parent is CommonForEachStatementSyntax each && each.Expression == value && each.AwaitKeyword.RawKind != 0 == isAsync;
    }
}
