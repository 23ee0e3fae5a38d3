using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1006: awaits the call, in a function that is asynchronous or in one that becomes so together with its callers.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitCall))]
public sealed class AwaitCall() : GatewayCodeFix(Descriptors.BlockingCall)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<MemberAccessExpressionSyntax>()?.Expression.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>()
                .FirstOrDefault(invocation => BlockingWait.Of(invocation)?.Name.Span == site.Diagnostic.Location.SourceSpan) is not { } call
            || BlockingWait.Of(call) is not { } wait
            || wait is { Name.Identifier.ValueText: "Wait", Wait: InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } }
            || AwaitPlace.LosesText(wait.Task, wait.Wait)
            || (wait.Aggregates && AwaitPlace.ExpectsAggregate(wait.Wait))
            || AwaitPlace.FunctionAround(wait.Wait, site.Semantics) is not { } function)
        {
            return null;
        }

        var plan = new FixPlan(function.IsAsync ? "Await the call" : "Await the call and make the method async");
        plan.Add([wait.Wait, wait.Task], rewriter =>
        {
            if (rewriter.Current(wait.Task) is { } task)
            {
                rewriter.Replace(wait.Wait, current => AwaitPlace.Await(task, current));
            }
        });
        if (function.IsAsync)
        {
            return plan;
        }

        return BecomeAsync.Plan(site, function, plan) ? plan : null;
    }
}
