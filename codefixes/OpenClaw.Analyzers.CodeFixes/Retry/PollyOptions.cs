using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>Gives the retry options of Polly 8 what they leave out: growth, jitter and a cap.</summary>
internal static class PollyOptions
{
    private static readonly string[] Written = ["BackoffType", "UseJitter", "Delay", "MaxDelay"];

    public static FixPlan? Plan(FixSite site, InvocationExpressionSyntax invocation)
    {
        IObjectCreationOperation[] created = site.Semantics.GetOperation(invocation, site.CancellationToken) is IInvocationOperation operation
            && operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "options")?.Value is { } options
                ? [.. site.Model.Values.OriginsOf(options, call: null, site.CancellationToken).Select(origin => origin.Operation).OfType<IObjectCreationOperation>()]
                : [];
        if (created is not [{ Syntax: BaseObjectCreationExpressionSyntax creation } setup]
            || creation.SyntaxTree != invocation.SyntaxTree
            || creation.ContainsDirectives
            || IsSetLater(setup, site))
        {
            return null;
        }

        string kind = Imports.NameFor("Polly", "DelayBackoffType", site.Semantics, creation.SpanStart, out bool needsImport);
        string timeSpan = Imports.NameFor("System", "TimeSpan", site.Semantics, creation.SpanStart, out bool needsSystem);
        (string Name, string Value, bool Replaces)[] wanted = Wanted(setup, kind, timeSpan, site);
        var plan = new FixPlan("Wait exponentially, with jitter");
        plan.Add([creation], rewriter =>
        {
            rewriter.Replace(creation, current => With(current, wanted));
            if (needsImport)
            {
                rewriter.Import("Polly");
            }

            if (needsSystem)
            {
                rewriter.Import("System");
            }
        });
        return plan;
    }

    /// <summary>An assignment behind the creation would win over the initializer.</summary>
    private static bool IsSetLater(IObjectCreationOperation creation, FixSite site)
    {
        var setup = new ObjectSetup(site.Model);
        return Written.SelectMany(name => setup.ValuesOf(creation, name, site.CancellationToken)).Any(value => !creation.Syntax.Span.Contains(value.Syntax.Span));
    }

    private static (string Name, string Value, bool Replaces)[] Wanted(IObjectCreationOperation creation, string kind, string timeSpan, FixSite site)
    {
        IOperation? delay = new ObjectSetup(site.Model).ValuesOf(creation, "Delay", site.CancellationToken).FirstOrDefault();
        bool isZero = delay is not null && DurationFacts.IsZero(delay);
        bool isShort = delay is null || isZero || (delay.Syntax is ExpressionSyntax written && Durations.IsSpelledOut(written, delay));
        List<(string, string, bool)> wanted = [("BackoffType", $"{kind}.Exponential", true), ("UseJitter", "true", true)];
        if (isZero)
        {
            wanted.Add(("Delay", $"{timeSpan}.FromSeconds(1)", true));
        }

        // A wait that the sources do not spell out may be longer than the usual cap, which must not shorten it.
        wanted.Add(("MaxDelay", isShort ? $"{timeSpan}.FromSeconds(30)" : $"{timeSpan}.FromMinutes(5)", false));
        return [.. wanted];
    }

    private static BaseObjectCreationExpressionSyntax With(BaseObjectCreationExpressionSyntax creation, IEnumerable<(string Name, string Value, bool Replaces)> wanted)
    {
        InitializerExpressionSyntax initializer = creation.Initializer ?? SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression);
        foreach ((string name, string value, bool replaces) in wanted)
        {
            AssignmentExpressionSyntax? existing = initializer.Expressions.OfType<AssignmentExpressionSyntax>()
                .FirstOrDefault(assignment => assignment.Left is IdentifierNameSyntax left && left.Identifier.ValueText == name);
            initializer = existing is null ? Initializers.Append(initializer, $"{name} = {value}")
                : replaces ? initializer.ReplaceNode(existing.Right, SyntaxFactory.ParseExpression(value).WithTriviaFrom(existing.Right))
                : initializer;
        }

        return Initializers.With(creation, initializer);
    }
}
