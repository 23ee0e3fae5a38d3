using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Does the next attempt send something else": another model, a fresh token, a shorter history. Such a loop repairs, it does not knock again.</summary>
internal static class LoopRepairs
{
    // What a method is called that hands out the keys, hosts or accounts of a list in turn.
    private static readonly string[] TurnWords = ["Next", "Rotat"];

    public static bool ChangesRequest(RetryLoop retry, SyntaxNode call, SemanticModel semantics)
    {
        HashSet<string> sent = SentBy(retry, call);
        return retry.RetryingCatches.Any(clause => clause.Block.DescendantNodes().Any(node => Changes(node, sent, semantics) || HelperChanges(node, sent, semantics)))
            || PicksByAttempt(retry, semantics)
            || AsksForNext(retry, sent, semantics)
            || ChangesOnTheWayBack(retry, sent, semantics);
    }

    /// <summary>The names that the call mentions, and those that the loop's own locals among them are made of.</summary>
    private static HashSet<string> SentBy(RetryLoop retry, SyntaxNode call)
    {
        HashSet<string> sent = [.. NamesIn(call)];
        foreach (VariableDeclaratorSyntax local in retry.Body.DescendantNodes().OfType<VariableDeclaratorSyntax>().Reverse())
        {
            if (local.Initializer is { } initializer && sent.Contains(local.Identifier.ValueText))
            {
                sent.UnionWith(NamesIn(initializer));
            }
        }

        return sent;
    }

    /// <summary>Whether each pass asks for the next key, host or account: by the name of who gives it, or because it is told what was had before.</summary>
    private static bool AsksForNext(RetryLoop retry, HashSet<string> sent, SemanticModel semantics)
    {
        InvocationExpressionSyntax[] askers =
        [
            .. retry.Body.DescendantNodes().OfType<VariableDeclaratorSyntax>()
                .Where(local => local.Initializer is not null && sent.Contains(local.Identifier.ValueText))
                .SelectMany(local => local.Initializer!.DescendantNodes().OfType<InvocationExpressionSyntax>()),
        ];
        HashSet<string> told = [.. askers.SelectMany(asker => asker.ArgumentList.Arguments).Select(argument => argument.Expression).OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText)];
        return askers.Any(asker => TurnWords.Any(word => SourceIndex.NameOf(asker).IndexOf(word, StringComparison.Ordinal) >= 0)
                && !semantics.GetSymbolInfo(asker).Symbol?.ContainingType.HasFullName("System", "Random") == true)
            || retry.Body.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(node => Changes(node, told, semantics));
    }

    /// <summary>Whether what is sent is changed behind the failure, where the loop goes round.</summary>
    private static bool ChangesOnTheWayBack(RetryLoop retry, HashSet<string> sent, SemanticModel semantics)
        => retry.Try is { } tried
            && retry.Body.DescendantNodes().Where(node => node.SpanStart > tried.Span.End).Any(node => node is not (PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax) && Changes(node, sent, semantics));

    /// <summary>Whether each pass takes another element of a list: the next model, host or key.</summary>
    private static bool PicksByAttempt(RetryLoop retry, SemanticModel semantics)
    {
        HashSet<string> stepped =
        [
            .. retry.Statement.DescendantNodes()
                .Select(node => node switch
                {
                    PostfixUnaryExpressionSyntax step => step.Operand,
                    PrefixUnaryExpressionSyntax step => step.Operand,
                    AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression } step => step.Left,
                    _ => null,
                })
                .OfType<IdentifierNameSyntax>()
                .Select(name => name.Identifier.ValueText),
        ];
        return SyntaxFacts.DescendantsInSameFunction(retry.Body).OfType<ElementAccessExpressionSyntax>()
            .Any(element => stepped.Overlaps(NamesIn(element.ArgumentList)) && !IsOfWaits(element, retry, semantics));
    }

    /// <summary>Whether the list is one of durations: a table of waits picks nothing that is sent.</summary>
    private static bool IsOfWaits(ElementAccessExpressionSyntax element, RetryLoop retry, SemanticModel semantics)
    {
        if (semantics.GetTypeInfo(element).Type.HasFullName("System", "TimeSpan"))
        {
            return true;
        }

        HashSet<string> waited =
        [
            .. retry.Body.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Where(wait => SourceIndex.NameOf(wait) is "Delay" or "Sleep")
                .SelectMany(wait => NamesIn(wait.ArgumentList)),
        ];
        return element.Ancestors().TakeWhile(node => node is not StatementSyntax).Any(node => node
            is InvocationExpressionSyntax invocation && SourceIndex.NameOf(invocation) is "Delay" or "Sleep"
                || (node is VariableDeclaratorSyntax local && waited.Contains(local.Identifier.ValueText)));
    }

    private static IEnumerable<string> NamesIn(SyntaxNode node)
        => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(name => name.Identifier.ValueText);

    private static bool Changes(SyntaxNode node, HashSet<string> sent, SemanticModel semantics) => node switch
    {
        AssignmentExpressionSyntax assignment => RootOf(assignment.Left) is { } root && sent.Contains(root),
        PostfixUnaryExpressionSyntax step when step.IsKind(SyntaxKind.PostIncrementExpression) => RootOf(step.Operand) is { } root && sent.Contains(root),
        PrefixUnaryExpressionSyntax step when step.IsKind(SyntaxKind.PreIncrementExpression) => RootOf(step.Operand) is { } root && sent.Contains(root),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax receiver } } invocation
            => sent.Contains(receiver.Identifier.ValueText) && IsMutation(invocation) && IsVariable(receiver, semantics),
        _ => false,
    };

    /// <summary>Whether a method of the same type, called on the way back, gives another value to something that is sent: the next host, a new key.</summary>
    private static bool HelperChanges(SyntaxNode node, HashSet<string> sent, SemanticModel semantics)
        => node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } } invocation
            && semantics.GetSymbolInfo(invocation).Symbol is IMethodSymbol { DeclaringSyntaxReferences: [var declaration] } helper
            && declaration.GetSyntax().DescendantNodes().OfType<AssignmentExpressionSyntax>()
                .Any(assignment => RootOf(assignment.Left) is { } root && sent.Contains(root) && !helper.ContainingType.GetMembers(root).IsEmpty);

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
