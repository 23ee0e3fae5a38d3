using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Does the next attempt send something else": another model, a fresh token, a shorter history. Such a loop repairs, it does not knock again.</summary>
internal static class LoopRepairs
{
    public static bool ChangesRequest(RetryLoop retry, SyntaxNode call, SemanticModel semantics)
    {
        HashSet<string> sent = new(call.DescendantNodes().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText), StringComparer.Ordinal);
        return retry.RetryingCatches.Any(clause => clause.Block.DescendantNodes().Any(node => Changes(node, sent, semantics)));
    }

    private static bool Changes(SyntaxNode node, HashSet<string> sent, SemanticModel semantics) => node switch
    {
        AssignmentExpressionSyntax assignment => RootOf(assignment.Left) is { } root && sent.Contains(root),
        PostfixUnaryExpressionSyntax step when step.IsKind(SyntaxKind.PostIncrementExpression) => RootOf(step.Operand) is { } root && sent.Contains(root),
        PrefixUnaryExpressionSyntax step when step.IsKind(SyntaxKind.PreIncrementExpression) => RootOf(step.Operand) is { } root && sent.Contains(root),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } } invocation
            => sent.Contains(receiver.Identifier.ValueText) && IsMutation(invocation) && IsVariable(receiver, semantics),
        _ => false,
    };

    private static string? RootOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => RootOf(access.Expression),
        ElementAccessExpressionSyntax access => RootOf(access.Expression),
        _ => null,
    };

    private static bool IsMutation(InvocationExpressionSyntax invocation)
        => SourceIndex.NameOf(invocation) is "Add" or "AddRange" or "Insert" or "Remove" or "RemoveAt" or "RemoveRange" or "Clear" or "Set";

    private static bool IsVariable(IdentifierNameSyntax name, SemanticModel semantics)
        => semantics.GetSymbolInfo(name).Symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol;
}
