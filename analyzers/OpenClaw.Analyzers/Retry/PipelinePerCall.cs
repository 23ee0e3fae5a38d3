using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>A pipeline that a method builds, uses once and forgets.</summary>
/// <param name="Built">The expression that builds it.</param>
/// <param name="Declaration">The local that holds it; null where it is executed on the spot.</param>
/// <param name="Use">Where it is executed: the reference to the local, or the expression itself.</param>
internal sealed record PipelinePerCall(InvocationExpressionSyntax Built, LocalDeclarationStatementSyntax? Declaration, ExpressionSyntax Use)
{
    public static PipelinePerCall? Of(InvocationExpressionSyntax part)
    {
        InvocationExpressionSyntax built = part;
        while (built.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next })
        {
            if (IsExecution(next))
            {
                return IsRunPerCall(part, built) ? new PipelinePerCall(built, Declaration: null, built) : null;
            }

            built = next;
        }

        // An argument of a wrap, version 7: the wrap is what is executed.
        if (WrapAround(built) is { } outer)
        {
            return Of(outer);
        }

        if (built.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1 } declaration } variable }
            || declaration.Parent is not { } scope
            || UsesOf(variable.Identifier.ValueText, scope) is not [var use])
        {
            return null;
        }

        if (use.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax execution } && IsExecution(execution))
        {
            return IsRunPerCall(part, execution) ? new PipelinePerCall(built, declaration, use) : null;
        }

        return WrapAround(use) is { } wrap ? Of(wrap) : null;
    }

    private static InvocationExpressionSyntax? WrapAround(ExpressionSyntax policy)
    {
        var wrap = (policy.Parent is ArgumentSyntax argument ? argument.Parent?.Parent : policy.Parent?.Parent) as InvocationExpressionSyntax;
        return wrap is not null && SourceIndex.NameOf(wrap) is "Wrap" or "WrapAsync" ? wrap : null;
    }

    private static bool IsExecution(InvocationExpressionSyntax invocation) => SourceIndex.NameOf(invocation).StartsWith("Execute", StringComparison.Ordinal);

    private static IReadOnlyList<IdentifierNameSyntax> UsesOf(string name, SyntaxNode scope)
        => [.. scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(use => use.Identifier.ValueText == name)];

    /// <summary>
    /// Whether building and executing happen equally often, in a function that is called for each call: not in a program's entry point, which runs once,
    /// and not where a loop or a lambda executes what was built outside of it.
    /// </summary>
    private static bool IsRunPerCall(SyntaxNode built, SyntaxNode executed)
        => FunctionAround(built) is var function && function == FunctionAround(executed)
            && LoopAround(built) == LoopAround(executed)
            && (LoopAround(built) is not null || function is LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or MethodDeclarationSyntax { Identifier.ValueText: not "Main" });

    private static SyntaxNode? FunctionAround(SyntaxNode node) => node.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);

    private static SyntaxNode? LoopAround(SyntaxNode node)
        => node.Ancestors().TakeWhile(ancestor => !SyntaxFacts.IsFunctionBoundary(ancestor)).FirstOrDefault(ancestor => RetryLoop.BodyOf(ancestor) is not null);
}
