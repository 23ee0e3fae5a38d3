using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Runs.Results;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// OCG1308: a step that returns a value in a wrapper, such as <c>ClientResult&lt;ChatCompletion&gt;</c>, returns the value: where nothing else of the wrapper is used.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnwrapResult))]
public sealed class UnwrapResult() : GatewayCodeFix(Descriptors.UnrestorableResult)
{
    private const string Value = "Value";

    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax } } step
            || site.Model.OperationAt(step, site.CancellationToken) is not IInvocationOperation { TargetMethod.TypeArguments: [INamedTypeSymbol wrapper] }
            || !HoldsOneValue(wrapper)
            || WorkOf(step) is not { } work
            || UsesOf(step, wrapper, site) is not { } uses)
        {
            return null;
        }

        var plan = new FixPlan("Return the value from the step");
        plan.Add([work], rewriter => rewriter.Replace(work, current => Unwrapped((LambdaExpressionSyntax)current)));
        foreach (ExpressionSyntax use in uses.Values)
        {
            plan.Add([use], rewriter => rewriter.Replace(use, current => Inner(((MemberAccessExpressionSyntax)current).Expression).WithTriviaFrom(current)));
        }

        if (uses.Type is { } type)
        {
            plan.Add([type], rewriter => rewriter.Replace(type, current => ((GenericNameSyntax)current.DescendantNodesAndSelf().First(node => node is GenericNameSyntax)).TypeArgumentList.Arguments[0].WithTriviaFrom(current)));
        }

        return plan;
    }

    /// <summary>Whether the type has a property for its type argument, and that comes back from a checkpoint.</summary>
    private static bool HoldsOneValue(INamedTypeSymbol wrapper)
        => wrapper is { TypeArguments: [var value] }
            && !wrapper.Locations.Any(location => location.IsInSource)
            && wrapper.SelfAndBases().SelectMany(type => type.GetMembers(Value)).OfType<IPropertySymbol>()
                .Any(property => property is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } && property.Type.Equals(value, SymbolEqualityComparer.Default))
            && LostResults.ComesBack(value);

    /// <summary>The lambda of the step, where it is one expression.</summary>
    private static LambdaExpressionSyntax? WorkOf(InvocationExpressionSyntax step)
        => step.ArgumentList.Arguments.Select(argument => argument.Expression).OfType<LambdaExpressionSyntax>().ToArray() is [{ ExpressionBody: AwaitExpressionSyntax or InvocationExpressionSyntax } only]
            && (only.ExpressionBody is AwaitExpressionSyntax == only.AsyncKeyword.RawKind is not 0)
                ? only
                : null;

    private static LambdaExpressionSyntax Unwrapped(LambdaExpressionSyntax work)
    {
        ExpressionSyntax body = work.ExpressionBody!;
        ExpressionSyntax awaited = body is AwaitExpressionSyntax ? body.WithoutTrivia() : SyntaxFactory.ParseExpression($"await {body.WithoutTrivia()}");
        LambdaExpressionSyntax lambda = (LambdaExpressionSyntax)work.WithBody(SyntaxFactory.ParseExpression($"({awaited}).{Value}").WithTriviaFrom(body));
        return work.AsyncKeyword.RawKind != 0 ? lambda
            : (LambdaExpressionSyntax)lambda.WithoutLeadingTrivia().WithAsyncKeyword(SyntaxFactory.Token(SyntaxKind.AsyncKeyword).WithTrailingTrivia(SyntaxFactory.Space)).WithLeadingTrivia(work.GetLeadingTrivia());
    }

    /// <summary>Where the value is taken from the wrapper, and the type of the variable that holds it; null where more than the value is used.</summary>
    private static (IReadOnlyList<ExpressionSyntax> Values, TypeSyntax? Type)? UsesOf(InvocationExpressionSyntax step, INamedTypeSymbol wrapper, FixSite site)
    {
        SyntaxNode result = step;
        while (result.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax configured })
        {
            result = configured;
        }

        if (result.Parent is not AwaitExpressionSyntax awaited)
        {
            return null;
        }

        switch (awaited.Parent)
        {
            case ExpressionStatementSyntax:
                return ([], null);
            case ParenthesizedExpressionSyntax { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: Value } value }:
                return ([value], null);
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } declaration } variable }
                when site.Semantics.GetDeclaredSymbol(variable, site.CancellationToken) is ILocalSymbol local:
                bool isWrapper = local.Type.Equals(wrapper, SymbolEqualityComparer.Default);
                ExpressionSyntax?[] uses = isWrapper ? [.. NamesOf(local, declaration, site).Select(ValueOf)] : [];
                return uses.Contains(null) || (!isWrapper && !local.Type.Equals(wrapper.TypeArguments[0], SymbolEqualityComparer.Default))
                    ? null
                    : (uses!, isWrapper && declaration.Type is GenericNameSyntax or QualifiedNameSyntax { Right: GenericNameSyntax } ? declaration.Type : null);
            default:
                return null;
        }
    }

    private static IEnumerable<IdentifierNameSyntax> NamesOf(ILocalSymbol local, VariableDeclarationSyntax declaration, FixSite site)
        => (declaration.Parent?.Parent ?? declaration).DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == local.Name && local.Equals(site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol, SymbolEqualityComparer.Default));

    private static ExpressionSyntax? ValueOf(IdentifierNameSyntax name)
        => name.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: Value } value && value.Expression == name ? value : null;

    /// <summary>What <c>.Value</c> was taken from; the parentheses around an <c>await</c> go only where nothing follows.</summary>
    private static ExpressionSyntax Inner(ExpressionSyntax expression)
        => expression is ParenthesizedExpressionSyntax { Parent.Parent: not (MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or InvocationExpressionSyntax) } parentheses
            ? parentheses.Expression
            : expression;
}
