using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Is this invocation a turn of a run": an agent turn or a tool, behind it or behind the method it calls.</summary>
internal static class Turns
{
    /// <summary>The invocations of the code's own function that make a turn and take its answer where they stand.</summary>
    /// <param name="isOthers">The code below that is not looked into, because somebody else asks about it; none without it.</param>
    public static IEnumerable<InvocationExpressionSyntax> TakenIn(
        SyntaxNode code,
        GatewayModel model,
        CancellationToken cancellationToken,
        Func<SyntaxNode, bool>? isOthers = null)
        => code.DescendantNodes(node => node == code || (!SyntaxFacts.IsFunctionBoundary(node) && isOthers?.Invoke(node) != true))
            .OfType<InvocationExpressionSyntax>()
            .Where(invocation => (model.Reach.From(invocation, cancellationToken) is { IsTurnOrTool: true } || IsMarked(invocation, model, cancellationToken))
                && IsTaken(invocation, model, cancellationToken));

    /// <summary>Whether the user has marked the method as a step: <c>[AgentStep]</c>.</summary>
    public static bool IsMarked(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
        => model.Index.IsMarkedStep(SourceIndex.NameOf(invocation))
            && model.SemanticsOf(invocation.SyntaxTree).GetSymbolInfo(invocation, cancellationToken).Symbol is IMethodSymbol method
            && IsMarked(method);

    public static bool IsMarked(IMethodSymbol method) => method.HasAttribute("OpenClaw.Resilience", "AgentStepAttribute");

    /// <summary>Whether the code waits for one answer here: tasks that are kept for later, or made for many items at once, belong to a fan-out.</summary>
    private static bool IsTaken(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(invocation.SyntaxTree);
        if (semantics.GetSymbolInfo(invocation, cancellationToken).Symbol?.ContainingType.HasFullName("System.Threading.Tasks", "Parallel") == true)
        {
            return false;
        }

        ExpressionSyntax value = invocation;
        while (value.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax or ParenthesizedExpressionSyntax or ConditionalAccessExpressionSyntax)
        {
            value = (ExpressionSyntax)value.Parent;
        }

        return value.Parent is AwaitExpressionSyntax
            || value.Parent is CommonForEachStatementSyntax
            || (semantics.GetTypeInfo(value, cancellationToken).Type is { } type && !HoldsTasks(type) && !IsOnlyStarted(invocation, model, cancellationToken));
    }

    /// <summary>Whether the method behind the call returns before the turn has an answer: it leaves the turn to a lambda that runs beside it.</summary>
    private static bool IsOnlyStarted(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode[] declarations = model.CallAt(invocation, cancellationToken) is null
            && model.SemanticsOf(invocation.SyntaxTree).GetSymbolInfo(invocation, cancellationToken).Symbol is IMethodSymbol method
            && !HoldsTasks(method.ReturnType)
                ? [.. model.DeclarationsOf(method.OriginalDefinition, cancellationToken)]
                : [];
        return declarations.Length > 0
            && declarations.All(declaration => !SyntaxFacts.DescendantsInSameFunction(declaration).OfType<InvocationExpressionSyntax>()
                .Any(inner => model.Reach.From(inner, cancellationToken) is not null && inner.Parent is not AssignmentExpressionSyntax { Left: IdentifierNameSyntax { Identifier.ValueText: "_" } }));
    }

    private static bool HoldsTasks(ITypeSymbol type)
        => type.IsWithin("System.Threading.Tasks")
            || (type is INamedTypeSymbol { TypeArguments: var arguments } && arguments.Any(HoldsTasks))
            || (type is IArrayTypeSymbol { ElementType: var element } && HoldsTasks(element));
}
