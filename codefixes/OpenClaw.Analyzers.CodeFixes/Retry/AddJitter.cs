using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1102: a random part in waits that grow already. How they grow, and up to where, stays.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddJitter))]
public sealed class AddJitter() : GatewayCodeFix(Descriptors.RetryWithoutJitter)
{
    // At attempt 0 the wait is between half of the duration and all of it.
    private const string NoGrowth = "0";

    private const string Title = "Add jitter to the wait";

    private protected override FixPlan? Plan(FixSite site)
        => site.Find<InvocationExpressionSyntax>() is not { } invocation ? null
            : !PollyRetries.MayRetry(SourceIndex.NameOf(invocation)) ? PlanWait(site, invocation)
            : site.Semantics.GetOperation(invocation, site.CancellationToken) is not IInvocationOperation retry ? null
            : retry.TargetMethod.Name == PollyRetries.AddRetry ? PlanOptions(site, retry)
            : PlanProvider(site, invocation, retry);

    private static FixPlan? PlanWait(FixSite site, InvocationExpressionSyntax wait)
        => LoopWait.CanBeReplaced(wait) && LoopWait.Of(wait, site) is { BaseDelay: not null } parts
            ? Write(site, wait, backoff => parts.Growing(backoff, NoGrowth))
            : null;

    private static FixPlan? PlanProvider(FixSite site, InvocationExpressionSyntax invocation, IInvocationOperation retry)
        => retry.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "sleepDurationProvider") is { Syntax: ArgumentSyntax { Expression: LambdaExpressionSyntax { ExpressionBody: { } duration } } }
            && invocation.Span.Contains(duration.Span)
                ? Write(site, duration, backoff => $"{backoff}.GetDelay({NoGrowth}, {duration.WithoutTrivia()})")
                : null;

    private static FixPlan? PlanOptions(FixSite site, IInvocationOperation retry)
    {
        if (PollyRetries.OptionsOf(retry, site.Model, site.CancellationToken) is not { Syntax: BaseObjectCreationExpressionSyntax creation } options
            || creation.SyntaxTree != retry.Syntax.SyntaxTree
            || creation.ContainsDirectives
            || new ObjectSetup(site.Model).ValuesOf(options, "UseJitter", site.CancellationToken).Any(value => !creation.Span.Contains(value.Syntax.Span)))
        {
            return null;
        }

        var plan = new FixPlan(Title);
        plan.Add([creation], rewriter => rewriter.Replace(creation, current => Initializers.With(current, Jittered(current))), key: "UseJitter");
        return plan;
    }

    private static InitializerExpressionSyntax Jittered(BaseObjectCreationExpressionSyntax creation)
    {
        InitializerExpressionSyntax initializer = creation.Initializer ?? SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression);
        return initializer.Expressions.OfType<AssignmentExpressionSyntax>().FirstOrDefault(assignment => assignment.Left is IdentifierNameSyntax { Identifier.ValueText: "UseJitter" }) is { } existing
            ? initializer.ReplaceNode(existing.Right, SyntaxFactory.LiteralExpression(SyntaxKind.TrueLiteralExpression).WithTriviaFrom(existing.Right))
            : Initializers.Append(initializer, "UseJitter = true");
    }

    private static FixPlan Write(FixSite site, ExpressionSyntax replaced, Func<string, string> replacement)
    {
        string backoff = Imports.NameFor(Imports.Runtime, "Backoff", site.Semantics, replaced.SpanStart, out bool needsImport);
        var plan = new FixPlan(Title);
        plan.Add([replaced], rewriter =>
        {
            rewriter.Replace(replaced, current => SyntaxFactory.ParseExpression(replacement(backoff)).WithTriviaFrom(current));
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }
}
