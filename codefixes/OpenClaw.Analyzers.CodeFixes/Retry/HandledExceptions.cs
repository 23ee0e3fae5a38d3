using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Lets a Polly retry handle less: what may heal, and no refusals of a breaker inside of it. Whichever is asked for, both are written, for one predicate holds them.</summary>
internal static class HandledExceptions
{
    /// <summary>Plans the predicate of the options, or of the <c>Handle&lt;Exception&gt;()</c>, that a rule has reported.</summary>
    public static FixPlan? Plan(FixSite site, InvocationExpressionSyntax invocation, string title)
    {
        if (SourceIndex.NameOf(invocation) == PollyRetries.AddRetry)
        {
            return PlanOptions(site, invocation, title);
        }

        // What is handled without a predicate holds cancellations as well: they stay.
        InvocationExpressionSyntax? addRetry = invocation.Ancestors().OfType<InvocationExpressionSyntax>().FirstOrDefault(around => SourceIndex.NameOf(around) == PollyRetries.AddRetry);
        return SourceIndex.NameOf(invocation) is "Handle" or "Or" && invocation.ArgumentList.Arguments.Count == 0
            ? PlanHandle(new Predicate(site, invocation, keepsCancellations: true, addRetry is null ? null : PollyRetries.Find(addRetry, site.Model, site.CancellationToken)), invocation, title)
            : null;
    }

    private static FixPlan PlanHandle(Predicate predicate, InvocationExpressionSyntax handle, string title)
    {
        var plan = new FixPlan(title);
        plan.Add([handle], rewriter =>
        {
            rewriter.Replace(handle, current => current.WithArgumentList(SyntaxFactory.ParseArgumentList($"({predicate.Text})").WithTriviaFrom(current.ArgumentList)));
            predicate.Import(rewriter);
        }, key: "ShouldHandle");
        return plan;
    }

    /// <summary>Options without a predicate get one. By default they do not handle cancellations, a client's time-outs among them; so they go on.</summary>
    private static FixPlan? PlanOptions(FixSite site, InvocationExpressionSyntax invocation, string title)
    {
        if (site.Semantics.GetOperation(invocation, site.CancellationToken) is not IInvocationOperation addRetry
            || PollyRetries.Find(invocation, site.Model, site.CancellationToken) is not { } retry
            || PollyRetries.OptionsOf(addRetry, site.Model, site.CancellationToken) is not { Syntax: BaseObjectCreationExpressionSyntax creation, Type: INamedTypeSymbol type }
            || creation.SyntaxTree != invocation.SyntaxTree
            || creation.ContainsDirectives)
        {
            return null;
        }

        var predicate = new Predicate(site, creation, keepsCancellations: false, retry);
        string builder = Imports.NameFor("Polly", "PredicateBuilder", site.Semantics, creation.SpanStart, out bool needsPolly);
        string result = type.TypeArguments is [var argument] ? $"<{argument.ToMinimalDisplayString(site.Semantics, creation.SpanStart)}>" : "";
        string exception = Imports.NameFor("System", "Exception", site.Semantics, creation.SpanStart, out bool needsSystem);
        var plan = new FixPlan(title);
        plan.Add([creation], rewriter =>
        {
            rewriter.Replace(creation, current => Initializers.With(current, Initializers.Append(
                current.Initializer ?? SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression),
                $"ShouldHandle = new {builder}{result}().Handle<{exception}>({predicate.Text})")));
            predicate.Import(rewriter);
            if (needsPolly)
            {
                rewriter.Import("Polly");
            }

            if (needsSystem)
            {
                rewriter.Import("System");
            }
        }, key: "ShouldHandle");
        return plan;
    }

    /// <summary>The predicate as code, with the namespaces it needs.</summary>
    private sealed class Predicate
    {
        private readonly List<string> _imports = [];

        public Predicate(FixSite site, SyntaxNode place, bool keepsCancellations, PolicyRetry? retry)
        {
            bool leavesRejections = retry?.RepeatsRejections is not null;
            List<string> left = [];
            if (!keepsCancellations)
            {
                left.Add(Name("System", "OperationCanceledException"));
            }

            if (leavesRejections)
            {
                left.Add(Name("Polly.CircuitBreaker", "BrokenCircuitException"));
            }

            List<string> terms = site.LanguageVersion < LanguageVersion.CSharp9 ? [.. left.Select(type => $"!(exception is {type})")]
                : left.Count == 0 ? []
                : [left.Count == 1 ? $"exception is not {left[0]}" : $"exception is not ({string.Join(" or ", left)})"];
            if (retry is null or { PermanentFailures: not null })
            {
                string isTransient = Name(Imports.Runtime, "GatewayFailure") + ".IsTransient";
                terms.Add(terms.Count == 0 ? isTransient : $"{isTransient}(exception)");
            }

            Text = left.Count == 0 ? terms[0] : $"exception => {string.Join(" && ", terms)}";

            string Name(string containingNamespace, string type)
            {
                string name = Imports.NameFor(containingNamespace, type, site.Semantics, place.SpanStart, out bool needsImport);
                if (needsImport)
                {
                    _imports.Add(containingNamespace);
                }

                return name;
            }
        }

        public string Text { get; }

        public void Import(DocumentRewriter rewriter)
        {
            foreach (string import in _imports)
            {
                rewriter.Import(import);
            }
        }
    }
}
