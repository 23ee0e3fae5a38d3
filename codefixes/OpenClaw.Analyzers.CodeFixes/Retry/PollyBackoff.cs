using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Gives a Polly retry exponential waits with jitter: by its options in version 8, by a sleep provider in version 7.</summary>
internal static class PollyBackoff
{
    public static FixPlan? Plan(FixSite site, InvocationExpressionSyntax invocation)
        => SyntaxFacts.NameOf(invocation).ValueText == "AddRetry" ? PlanOptions(site, invocation) : PlanPolicy(site, invocation);

    /// <summary>The options get what version 8 leaves out: growth, jitter and a cap.</summary>
    private static FixPlan? PlanOptions(FixSite site, InvocationExpressionSyntax invocation)
    {
        BaseObjectCreationExpressionSyntax[] created = site.Semantics.GetOperation(invocation, site.CancellationToken) is IInvocationOperation operation
            && operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "options")?.Value is { } options
                ? [.. site.Model.Values.OriginsOf(options, call: null, site.CancellationToken).Select(origin => origin.Operation.Syntax).OfType<BaseObjectCreationExpressionSyntax>()]
                : [];
        if (created is not [var creation] || creation.SyntaxTree != invocation.SyntaxTree || creation.Initializer is { RawKind: not (int)SyntaxKind.ObjectInitializerExpression })
        {
            return null;
        }

        string kind = Imports.NameFor("Polly", "DelayBackoffType", site.Semantics, creation.SpanStart, out bool needsImport);
        var plan = new FixPlan("Wait exponentially, with jitter");
        plan.Add([creation], rewriter =>
        {
            rewriter.Replace(creation, current => WithBackoff(current, kind));
            if (needsImport)
            {
                rewriter.Import("Polly");
            }
        });
        return plan;
    }

    private static BaseObjectCreationExpressionSyntax WithBackoff(BaseObjectCreationExpressionSyntax creation, string kind)
    {
        InitializerExpressionSyntax initializer = creation.Initializer ?? SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression);
        (string Name, string Value, bool Keep)[] wanted =
        [
            ("BackoffType", $"{kind}.Exponential", false),
            ("UseJitter", "true", false),
            ("Delay", "TimeSpan.FromSeconds(1)", !IsZeroDelay(initializer)),
            ("MaxDelay", "TimeSpan.FromSeconds(30)", true),
        ];
        foreach ((string name, string value, bool keep) in wanted)
        {
            ExpressionSyntax? existing = initializer.Expressions.FirstOrDefault(expression => expression is AssignmentExpressionSyntax { Left: IdentifierNameSyntax left } && left.Identifier.ValueText == name);
            if (existing is AssignmentExpressionSyntax assignment)
            {
                initializer = keep ? initializer : initializer.ReplaceNode(assignment.Right, SyntaxFactory.ParseExpression(value).WithTriviaFrom(assignment.Right));
            }
            else if (name != "Delay")
            {
                initializer = Initializers.Append(initializer, $"{name} = {value}");
            }
        }

        return Initializers.With(creation, initializer);
    }

    private static bool IsZeroDelay(InitializerExpressionSyntax initializer)
        => initializer.Expressions.OfType<AssignmentExpressionSyntax>()
            .Any(assignment => assignment.Left.ToString() == "Delay" && assignment.Right.ToString() is "TimeSpan.Zero" or "default" or "TimeSpan.FromSeconds(0)" or "TimeSpan.FromMilliseconds(0)");

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

    private static ArgumentListSyntax? WithGrowingProvider(InvocationExpressionSyntax invocation, IInvocationOperation operation, string backoff)
    {
        if (operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "sleepDurationProvider") is not { Syntax: ArgumentSyntax { Expression: LambdaExpressionSyntax lambda } }
            || ParametersOf(lambda) is not { } parameters)
        {
            return null;
        }

        string attempt = parameters[0].Identifier.ValueText.Trim('_').Length == 0 ? "attempt" : parameters[0].Identifier.ValueText;
        ParameterSyntax renamed = parameters[0].WithIdentifier(SyntaxFactory.Identifier(attempt).WithTriviaFrom(parameters[0].Identifier));
        LambdaExpressionSyntax growing = lambda.ReplaceNode(parameters[0], renamed);
        growing = growing switch
        {
            SimpleLambdaExpressionSyntax simple => simple.WithBlock(null).WithExpressionBody(GetDelay(backoff, attempt)),
            ParenthesizedLambdaExpressionSyntax full => full.WithBlock(null).WithExpressionBody(GetDelay(backoff, attempt)),
            _ => growing,
        };
        return invocation.ArgumentList.ReplaceNode(lambda, growing);
    }

    private static IReadOnlyList<ParameterSyntax>? ParametersOf(LambdaExpressionSyntax lambda) => lambda switch
    {
        SimpleLambdaExpressionSyntax simple => [simple.Parameter],
        ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: { Count: > 0 } parameters } => parameters,
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

        ArgumentSyntax provider = SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"attempt => {backoff}.GetDelay(attempt)"));
        return invocation.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
            arguments.Append(provider),
            arguments.Count > 0 ? [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)] : []));
    }

    private static ExpressionSyntax GetDelay(string backoff, string attempt) => SyntaxFactory.ParseExpression($"{backoff}.GetDelay({attempt})");
}
