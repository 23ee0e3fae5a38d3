using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Gives a Polly retry a number of attempts: in its options in version 8, by the method that takes one in version 7.</summary>
internal static class PolicyBound
{
    public static FixPlan? Plan(FixSite site, InvocationExpressionSyntax invocation)
        => site.Semantics.GetOperation(invocation, site.CancellationToken) is not IInvocationOperation operation ? null
            : operation.TargetMethod.Name == PollyRetries.AddRetry ? PlanOptions(site, operation)
            : PlanPolicy(invocation, operation);

    private static FixPlan? PlanOptions(FixSite site, IInvocationOperation addRetry)
    {
        if (PollyRetries.OptionsOf(addRetry, site.Model, site.CancellationToken) is not { } options
            || new ObjectSetup(site.Model).ValuesOf(options, "MaxRetryAttempts", site.CancellationToken).ToArray() is not [{ Syntax: ExpressionSyntax limit }]
            || limit.SyntaxTree != addRetry.Syntax.SyntaxTree)
        {
            return null;
        }

        var plan = new FixPlan(BoundRetry.Title);
        plan.Add([limit], rewriter => rewriter.Replace(limit, current => SyntaxFactory.ParseExpression(BoundRetry.Attempts).WithTriviaFrom(current)), key: "limit");
        return plan;
    }

    /// <summary><c>RetryForever()</c> and <c>WaitAndRetryForever(provider)</c>: the counted method takes the number first. Other callbacks have another signature there.</summary>
    private static FixPlan? PlanPolicy(InvocationExpressionSyntax invocation, IInvocationOperation operation)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = invocation.ArgumentList.Arguments;
        bool waits = operation.TargetMethod.Name.StartsWith("Wait", StringComparison.Ordinal);
        bool isPlain = waits
            ? arguments.Count == 1 && operation.Arguments.Any(argument => argument.Parameter is { Name: "sleepDurationProvider", Type: INamedTypeSymbol { TypeArguments.Length: 2 } })
            : arguments.Count == 0;
        if (!isPlain || arguments.Any(argument => argument.NameColon is not null) || invocation.Expression is not MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name })
        {
            return null;
        }

        var plan = new FixPlan(BoundRetry.Title);
        plan.Add([invocation], rewriter => rewriter.Replace(invocation, current =>
        {
            var access = (MemberAccessExpressionSyntax)current.Expression;
            string counted = name.Identifier.ValueText.Replace("Forever", "");
            string rest = string.Concat(current.ArgumentList.Arguments.Select(argument => ", " + argument.WithoutTrivia().ToString()));
            return current
                .WithExpression(access.WithName(SyntaxFactory.IdentifierName(counted).WithTriviaFrom(access.Name)))
                .WithArgumentList(SyntaxFactory.ParseArgumentList($"({BoundRetry.Attempts}{rest})").WithTriviaFrom(current.ArgumentList));
        }));
        return plan;
    }
}
