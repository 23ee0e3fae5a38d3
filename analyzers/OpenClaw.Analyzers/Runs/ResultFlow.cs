using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Does the result of a turn feed what follows": it reaches a variable that outlives the pass.</summary>
internal static class ResultFlow
{
    private static readonly HashSet<string> Collecting = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "AddLast", "AddFirst", "Append", "AppendLine", "AppendFormat", "Enqueue", "Push", "Insert", "TryAdd", "AddMessage", "AddMessages",
        "AddAssistantMessage", "AddUserMessage", "AddToolMessage", "Set", "SetValue",
    };

    public static bool FeedsWhatFollows(
        StatementSyntax loop,
        IReadOnlyList<InvocationExpressionSyntax> turns,
        GatewayModel model,
        CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(loop.SyntaxTree);
        return Reached(loop, turns).Any(root => OutlivesPass(root, loop, semantics, cancellationToken)
                && semantics.GetTypeInfo(root, cancellationToken).Type?.SpecialType != SpecialType.System_Boolean
                && !IsOverwritten(root, loop, turns, semantics, cancellationToken))
            || turns.Any(turn => IsKeptInArgument(turn, loop, semantics, model, cancellationToken));
    }

    /// <summary>
    /// Whether each pass puts another answer in the place of the last and asks nothing that depends on it: the loop keeps one answer, as a retry does.
    /// </summary>
    private static bool IsOverwritten(
        SimpleNameSyntax root,
        StatementSyntax loop,
        IReadOnlyList<InvocationExpressionSyntax> turns,
        SemanticModel semantics,
        CancellationToken cancellationToken)
    {
        return root.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax { Parent: var place } } assignment
            && assignment.Left == root
            && place == RetryLoop.BodyOf(loop)
            && semantics.GetSymbolInfo(root, cancellationToken).Symbol is ILocalSymbol
            && !Mentions(assignment.Right)
            && !turns.Any(turn => Asks(turn, []));

        bool Mentions(SyntaxNode node) => node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == root.Identifier.ValueText);

        bool Asks(SyntaxNode question, HashSet<string> seen)
            => Mentions(question)
                || question.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => seen.Add(name.Identifier.ValueText)
                    && SyntaxFacts.DescendantsInSameFunction(loop).Any(node =>
                        (Declared(node) is (var declared, { } initial) && declared == name.Identifier.ValueText && Asks(initial, seen))
                        || (Target(node) is (var target, { } value) && RootOf(target)?.Identifier.ValueText == name.Identifier.ValueText && Asks(value, seen))));
    }

    /// <summary>
    /// Whether the method behind the turn writes the answer into an object that it is given and that outlives the pass: the state of the run, handed from
    /// turn to turn.
    /// </summary>
    private static bool IsKeptInArgument(InvocationExpressionSyntax turn, StatementSyntax loop, SemanticModel semantics, GatewayModel model, CancellationToken cancellationToken)
    {
        if (semantics.GetSymbolInfo(turn, cancellationToken).Symbol is not IMethodSymbol method)
        {
            return false;
        }

        HashSet<string> written = new(
            model.DeclarationsOf(method.OriginalDefinition, cancellationToken)
                .SelectMany(declaration => Reached(declaration, [.. Turns.TakenIn(declaration, model, cancellationToken)]))
                .Where(root => root.Parent is not AssignmentExpressionSyntax assignment || assignment.Left != root)
                .Select(root => root.Identifier.ValueText),
            StringComparer.Ordinal);
        return turn.ArgumentList.Arguments
            .Where((argument, position) => written.Contains(argument.NameColon?.Name.Identifier.ValueText ?? method.Parameters.ElementAtOrDefault(position)?.Name ?? ""))
            .Any(argument => RootOf(argument.Expression) is { } state && OutlivesPass(state, loop, semantics, cancellationToken));
    }

    /// <summary>What the answers are written to, directly or through other variables: the name of each variable once.</summary>
    private static IEnumerable<SimpleNameSyntax> Reached(SyntaxNode code, IReadOnlyList<InvocationExpressionSyntax> turns)
    {
        HashSet<string> carriers = new(StringComparer.Ordinal);
        bool grew = turns.Count > 0;
        while (grew)
        {
            grew = false;
            foreach (SyntaxNode node in SyntaxFacts.DescendantsInSameFunction(code))
            {
                if (Target(node) is (var target, { } value) && Carries(value, turns, carriers) && RootOf(target) is { } root && carriers.Add(root.Identifier.ValueText))
                {
                    yield return root;
                    grew = true;
                }
                else if (Declared(node) is (var name, { } initial) && Carries(initial, turns, carriers) && carriers.Add(name))
                {
                    grew = true;
                }
            }
        }
    }

    /// <summary>Whether a statement of a sequence uses what a turn of an earlier one has answered.</summary>
    public static bool FeedsWhatFollows(IReadOnlyList<StatementSyntax> statements, IReadOnlyList<InvocationExpressionSyntax> turns)
    {
        HashSet<string> carriers = new(StringComparer.Ordinal);
        foreach (StatementSyntax statement in statements)
        {
            if (statement.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => carriers.Contains(name.Identifier.ValueText)))
            {
                return true;
            }

            foreach (SyntaxNode node in SyntaxFacts.DescendantsInSameFunction(statement))
            {
                string? carrier = Target(node) is (var target, { } value) && Carries(value, turns, carriers) ? RootOf(target)?.Identifier.ValueText
                    : Declared(node) is (var name, { } initial) && Carries(initial, turns, carriers) ? name
                    : null;
                _ = carrier is not null && carriers.Add(carrier);
            }
        }

        return false;
    }

    /// <summary>Whether the node is a call that adds to a collection.</summary>
    public static bool Collects(SyntaxNode node) => Collected(node) is not null;

    /// <summary>The collection that the node adds to; null where it is no such call.</summary>
    public static SimpleNameSyntax? Collected(SyntaxNode node) => node is InvocationExpressionSyntax && Target(node) is (var target, _) ? RootOf(target) : null;

    /// <summary>The variable that the node changes, by an assignment or by adding to it; null where it changes none.</summary>
    public static SimpleNameSyntax? ChangedBy(SyntaxNode node) => Target(node) is (var target, _) ? RootOf(target) : null;

    /// <summary>What the node writes to, and what it writes: an assignment, or a call that collects its arguments.</summary>
    private static (ExpressionSyntax Target, SyntaxNode Value)? Target(SyntaxNode node) => node switch
    {
        // In an initializer the name is a member of what is being made there, which its own variable carries.
        AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment => (assignment.Left, assignment.Right),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } invocation when Collecting.Contains(access.Name.Identifier.ValueText)
            => (access.Expression, invocation.ArgumentList),
        _ => null,
    };

    private static (string Name, SyntaxNode Value)? Declared(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax { Initializer.Value: { } value } variable => (variable.Identifier.ValueText, value),
        ForEachStatementSyntax each => (each.Identifier.ValueText, each.Expression),
        SingleVariableDesignationSyntax designation when designation.Ancestors().OfType<AssignmentExpressionSyntax>().FirstOrDefault() is { } assignment && assignment.Left.Span.Contains(designation.Span)
            => (designation.Identifier.ValueText, assignment.Right),
        SingleVariableDesignationSyntax { Parent: PatternSyntax { Parent: IsPatternExpressionSyntax test } } pattern
            => (pattern.Identifier.ValueText, test.Expression),
        _ => null,
    };

    private static bool Carries(SyntaxNode value, IReadOnlyList<InvocationExpressionSyntax> turns, HashSet<string> carriers)
        => turns.Any(turn => value.Span.Contains(turn.Span))
            || value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => carriers.Contains(name.Identifier.ValueText));

    private static SimpleNameSyntax? RootOf(ExpressionSyntax expression) => expression switch
    {
        SimpleNameSyntax name => name,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name,
        MemberAccessExpressionSyntax access => RootOf(access.Expression),
        ElementAccessExpressionSyntax access => RootOf(access.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } access => RootOf(access.Operand),
        _ => null,
    };

    private static bool OutlivesPass(SimpleNameSyntax root, StatementSyntax loop, SemanticModel semantics, CancellationToken cancellationToken)
    {
        switch (semantics.GetSymbolInfo(root, cancellationToken).Symbol)
        {
            case ILocalSymbol local:
                return local.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration && !loop.Span.Contains(declaration.Span);
            case IParameterSymbol or IFieldSymbol or IPropertySymbol:
                return true;
            default:
                return false;
        }
    }
}
