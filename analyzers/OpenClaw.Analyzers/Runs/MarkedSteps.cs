using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>Calls of methods that the user has marked as steps, outside of any run: one is enough.</summary>
internal static class MarkedSteps
{
    public static StepGroup? Of(
        SyntaxNode container,
        IReadOnlyList<InvocationExpressionSyntax> turns,
        GatewayModel model,
        CancellationToken cancellationToken)
    {
        InvocationExpressionSyntax[] marked = [.. turns.Where(turn => Turns.IsMarked(turn, model, cancellationToken))];
        return marked.Length > 0 && !IsInStep(container, model, cancellationToken)
            ? new StepGroup(container, marked, $"The results of '{SyntaxFacts.NameOf(marked[0]).ValueText}', which is marked as a step,")
            : null;
    }

    /// <summary>Whether the code is part of a step already: in the delegate of one, in a marked method, or in a method that only steps call.</summary>
    private static bool IsInStep(SyntaxNode code, GatewayModel model, CancellationToken cancellationToken)
    {
        if (code.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Any(IsDelegateOfStep))
        {
            return true;
        }

        ISymbol? around = model.SemanticsOf(code.SyntaxTree).GetEnclosingSymbol(code.SpanStart, cancellationToken);
        while (around is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
        {
            around = around.ContainingSymbol;
        }

        return around is IMethodSymbol method
            && (Turns.IsMarked(method)
                || (model.Callers.CallsOf(method, cancellationToken) is var calls
                    && (calls.Count > 0 || !model.Callers.AreAllCallsKnown(method, cancellationToken))
                    && calls.All(call => call.Syntax.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Any(IsDelegateOfStep))));
    }

    private static bool IsDelegateOfStep(AnonymousFunctionExpressionSyntax lambda)
        => lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } && SourceIndex.NameOf(call) == "StepAsync";
}
