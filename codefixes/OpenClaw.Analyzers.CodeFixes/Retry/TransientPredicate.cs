using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Lets a Polly retry handle only what may heal.</summary>
internal static class TransientPredicate
{
    /// <summary><c>Handle&lt;Exception&gt;()</c> gets a predicate: it handled cancellations before as well.</summary>
    public static FixPlan? PlanHandle(FixSite site, InvocationExpressionSyntax handle)
    {
        if (SyntaxFacts.NameOf(handle).ValueText is not ("Handle" or "Or") || handle.ArgumentList.Arguments.Count > 0)
        {
            return null;
        }

        string failure = Imports.NameFor(Imports.Runtime, "GatewayFailure", site.Semantics, handle.SpanStart, out bool needsImport);
        var plan = new FixPlan(RepeatOnlyTransient.Title);
        plan.Add([handle], rewriter =>
        {
            rewriter.Replace(handle, current => current.WithArgumentList(SyntaxFactory.ParseArgumentList($"({failure}.IsTransient)").WithTriviaFrom(current.ArgumentList)));
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>Options without a predicate get one. By default they do not handle cancellations, a client's time-outs among them; so they go on.</summary>
    public static FixPlan? PlanOptions(FixSite site, InvocationExpressionSyntax invocation)
    {
        if (site.Semantics.GetOperation(invocation, site.CancellationToken) is not IInvocationOperation addRetry
            || PollyRetries.OptionsOf(addRetry, site.Model, site.CancellationToken) is not { Syntax: BaseObjectCreationExpressionSyntax creation, Type: INamedTypeSymbol type }
            || creation.SyntaxTree != invocation.SyntaxTree
            || creation.ContainsDirectives)
        {
            return null;
        }

        string failure = Imports.NameFor(Imports.Runtime, "GatewayFailure", site.Semantics, creation.SpanStart, out bool needsImport);
        string builder = Imports.NameFor("Polly", "PredicateBuilder", site.Semantics, creation.SpanStart, out bool needsPolly);
        string result = type.TypeArguments is [var argument] ? $"<{argument.ToMinimalDisplayString(site.Semantics, creation.SpanStart)}>" : "";
        string exception = Imports.NameFor("System", "Exception", site.Semantics, creation.SpanStart, out bool needsSystem);
        string cancelled = Imports.NameFor("System", "OperationCanceledException", site.Semantics, creation.SpanStart, out _);
        string isCancelled = site.LanguageVersion >= LanguageVersion.CSharp9 ? $"exception is not {cancelled}" : $"!(exception is {cancelled})";
        var plan = new FixPlan(RepeatOnlyTransient.Title);
        plan.Add([creation], rewriter =>
        {
            rewriter.Replace(creation, current => Initializers.With(current, Initializers.Append(
                current.Initializer ?? SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression),
                $"ShouldHandle = new {builder}{result}().Handle<{exception}>(exception => {isCancelled} && {failure}.IsTransient(exception))")));
            foreach ((bool isNeeded, string import) in new[] { (needsImport, Imports.Runtime), (needsPolly, "Polly"), (needsSystem, "System") })
            {
                if (isNeeded)
                {
                    rewriter.Import(import);
                }
            }
        }, key: "ShouldHandle");
        return plan;
    }
}
