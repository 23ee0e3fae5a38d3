using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Puts the gateway's pipeline in the place of a loop that is nothing but the retry of a read: one call, and at most the reading of its result.</summary>
internal static class LoopReplacement
{
    public static FixPlan? Plan(FixSite site, LoopRetry construct, RetryLoop loop)
    {
        GatewayCall call = construct.Call;
        if (call.Kind != CallKind.Read
            || call.Shape is CallShape.AsyncStream or CallShape.Stream
            || SendMessage.Applies(call)
            || IsExecuted(site, loop.Statement)
            || PureRetry.Of(site, loop, call) is not { } retry
            || WrapInPipeline.MethodFor(call) is not { } method
            || !RequestContent.IsRepeatable(site, call)
            || TokenArgument.Plan(site, call) is not { } token
            || Hoisting.Plan(site, call, token) is not { Nodes.Count: 1 }
            || PipelineName.For(site, call) is not { } pipeline)
        {
            return null;
        }

        string effect = Imports.NameFor(Imports.Runtime, "CallEffect", site.Semantics, loop.Statement.SpanStart, out bool needsImport) + ".None";
        SdkRetry? sdkRetry = SdkRetry.Find(site, call);
        var plan = new FixPlan(ProtectCall.TitleFor(
            sdkRetry is null
                ? "Replace the loop by the gateway's pipeline, which repeats only what may heal"
                : "Replace the loop by the gateway's pipeline, which repeats only what may heal, and switch the SDK's own retry off",
            loop.Statement));
        plan.Add([loop.Statement, call.Syntax, loop.Try!.Block, .. retry.Removed], rewriter =>
        {
            rewriter.Replace(call.Syntax, current =>
            {
                string parameter = token.TakesToken ? Names.ForParameter("ct", current, current) : Names.Discard(site.LanguageVersion, current, current);
                return WrapInPipeline.Wrap(pipeline.Expression, method, token.Rewrite(current, parameter), parameter, token.Outer, call.Shape == CallShape.ValueTask, effect).WithTriviaFrom(current);
            });
            if (rewriter.Current(loop.Try!.Block) is { } block)
            {
                rewriter.Replace(loop.Statement, [.. block.Statements.Where(statement => statement is not BreakStatementSyntax)]);
            }

            foreach (SyntaxNode node in retry.Removed)
            {
                rewriter.Remove(node);
            }

            pipeline.Import(rewriter);
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        sdkRetry?.AddTo(plan);
        return plan;
    }

    /// <summary>Whether a pipeline runs the loop already: there is no use in another one inside of it.</summary>
    private static bool IsExecuted(FixSite site, StatementSyntax loop)
        => loop.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Any(lambda => lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }
            && site.Semantics.GetSymbolInfo(invocation, site.CancellationToken).Symbol is IMethodSymbol method
            && site.Model.Resilience.UseOf(method, site.CancellationToken) != DelegateUse.Plain);
}
