using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Gives a Polly retry exponential waits with jitter: by its options in version 8, by a sleep provider in version 7.</summary>
internal static class PollyBackoff
{
    public static FixPlan? Plan(FixSite site, InvocationExpressionSyntax invocation)
        => SyntaxFacts.NameOf(invocation).ValueText == "AddRetry" ? PollyOptions.Plan(site, invocation) : PlanPolicy(site, invocation);

    /// <summary>A policy without waits becomes one that waits; a constant provider becomes a growing one. A callback for the retries has another signature then.</summary>
    private static FixPlan? PlanPolicy(FixSite site, InvocationExpressionSyntax invocation)
    {
        if (invocation.Expression is not MemberAccessExpressionSyntax { Name: IdentifierNameSyntax methodName }
            || site.Semantics.GetOperation(invocation, site.CancellationToken) is not IInvocationOperation operation)
        {
            return null;
        }

        string backoff = Imports.NameFor(Imports.Runtime, "Backoff", site.Semantics, invocation.SpanStart, out bool needsImport);
        ArgumentListSyntax? arguments = methodName.Identifier.ValueText.StartsWith("Wait", StringComparison.Ordinal)
            ? WithGrowingProvider(invocation, operation, backoff)
            : WithProvider(invocation, operation, backoff);
        if (arguments is null)
        {
            return null;
        }

        string name = methodName.Identifier.ValueText.StartsWith("Wait", StringComparison.Ordinal) ? methodName.Identifier.ValueText : "WaitAnd" + methodName.Identifier.ValueText;
        var plan = new FixPlan("Wait exponentially, with jitter");
        plan.Add([invocation], rewriter =>
        {
            rewriter.Replace(invocation, current => current
                .WithExpression(((MemberAccessExpressionSyntax)current.Expression).WithName(SyntaxFactory.IdentifierName(name).WithTriviaFrom(((MemberAccessExpressionSyntax)current.Expression).Name)))
                .WithArgumentList(arguments));
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>A constant provider grows from the wait it had, where that is somebody's setting; a list of equal waits becomes a count and a provider.</summary>
    private static ArgumentListSyntax? WithGrowingProvider(InvocationExpressionSyntax invocation, IInvocationOperation operation, string backoff)
        => operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "sleepDurationProvider") is { Syntax: ArgumentSyntax { Expression: LambdaExpressionSyntax lambda } }
            ? WithGrowingProvider(invocation, lambda, operation, backoff)
            : WithProviderForList(invocation, operation, backoff);

    private static ArgumentListSyntax? WithGrowingProvider(InvocationExpressionSyntax invocation, LambdaExpressionSyntax lambda, IInvocationOperation operation, string backoff)
    {
        if (ParametersOf(lambda) is not [var first, ..] || lambda.ExpressionBody is not { } wait || operation.SemanticModel?.GetOperation(wait) is not { } value)
        {
            return null;
        }

        string name = first.Identifier.ValueText;
        string attempt = name.Trim('_').Length == 0 ? FreeName(invocation, operation) : name;
        ParameterSyntax renamed = first.WithIdentifier(SyntaxFactory.Identifier(attempt).WithTriviaFrom(first.Identifier));
        string growing = Durations.IsSpelledOut(wait, value) ? $"{backoff}.GetDelay({attempt})" : $"{backoff}.GetDelay({attempt}, {wait.WithoutTrivia()})";
        LambdaExpressionSyntax replaced = lambda.ReplaceNodes([first, (SyntaxNode)wait], (original, _) => original == first ? renamed : SyntaxFactory.ParseExpression(growing).WithTriviaFrom(wait));
        return invocation.ArgumentList.ReplaceNode(lambda, replaced);
    }

    private static ArgumentListSyntax? WithProviderForList(InvocationExpressionSyntax invocation, IInvocationOperation operation, string backoff)
    {
        if (invocation.ArgumentList.Arguments is not [{ Expression: ImplicitArrayCreationExpressionSyntax or ArrayCreationExpressionSyntax, NameColon: null } list]
            || operation.SemanticModel?.GetOperation(list.Expression) is not IArrayCreationOperation { Initializer.ElementValues: [var first, ..] waits }
            || first.Syntax is not ExpressionSyntax wait)
        {
            return null;
        }

        string attempt = FreeName(invocation, operation);
        string baseDelay = Durations.IsSpelledOut(wait, first) ? "" : ", " + wait.WithoutTrivia();
        return SyntaxFactory.ParseArgumentList($"({waits.Length}, {attempt} => {backoff}.GetDelay({attempt}{baseDelay}))").WithTriviaFrom(invocation.ArgumentList);
    }

    private static IReadOnlyList<ParameterSyntax>? ParametersOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => [simple.Parameter],
        ParenthesizedLambdaExpressionSyntax full => full.ParameterList.Parameters,
        _ => null,
    };

    private static ArgumentListSyntax? WithProvider(InvocationExpressionSyntax invocation, IInvocationOperation operation, string backoff)
    {
        SeparatedSyntaxList<ArgumentSyntax> arguments = invocation.ArgumentList.Arguments;
        bool isForever = operation.TargetMethod.Name.Contains("Forever");
        int counted = isForever ? 0 : 1;
        if (arguments.Count != counted || arguments.Any(argument => argument.NameColon is not null))
        {
            // A callback (exception, count) would have to take the wait as well.
            return null;
        }

        string attempt = FreeName(invocation, operation);
        ArgumentSyntax provider = SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"{attempt} => {backoff}.GetDelay({attempt})"));
        return invocation.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
            arguments.Append(provider),
            arguments.Count > 0 ? [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)] : []));
    }

    /// <summary>A name for the parameter that is none of what the code around can see; the lambdas beside it do not matter.</summary>
    private static string FreeName(InvocationExpressionSyntax invocation, IInvocationOperation operation)
    {
        string name = "attempt";
        for (int number = 2; operation.SemanticModel?.LookupSymbols(invocation.SpanStart, name: name).IsEmpty == false; number++)
        {
            name = "attempt" + number.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }
}
