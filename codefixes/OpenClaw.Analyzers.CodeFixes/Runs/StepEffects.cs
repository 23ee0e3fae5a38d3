using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>"What would a skipped step lose besides its result": changes of its arguments, of fields, and effects of its argument expressions.</summary>
internal static class StepEffects
{
    private static readonly HashSet<string> Mutators = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "Insert", "InsertRange", "Remove", "RemoveAt", "RemoveRange", "RemoveAll", "Clear", "Enqueue", "Dequeue", "Push", "Pop", "Append", "AppendLine",
        "TryAdd", "Set", "AddMessage", "AddUserMessage", "AddAssistantMessage", "AddSystemMessage", "TrimExcess", "Sort", "Reverse",
    };

    public static bool WouldBeLost(InvocationExpressionSyntax turn, FixSite site)
    {
        foreach (ArgumentSyntax argument in turn.ArgumentList.Arguments)
        {
            if (argument.Expression is not AnonymousFunctionExpressionSyntax
                && (Capture.IsImpossible(argument.Expression, site) || Capture.MustBeEvaluatedOnce(argument.Expression, site)))
            {
                return true;
            }
        }

        if (site.Model.CallAt(turn, site.CancellationToken) is not null
            || site.Semantics.GetSymbolInfo(turn, site.CancellationToken).Symbol is not IMethodSymbol method)
        {
            return false;
        }

        return site.Model.IsDeclaredHere(method)
            ? site.Model.DeclarationsOf(method.OriginalDefinition, site.CancellationToken).Any(declaration => Mutates(declaration, method, site))
            : method.Parameters.Any(parameter => MayMutate(parameter.Type));
    }

    /// <summary>Whether a method of these sources changes what its caller or its object holds.</summary>
    private static bool Mutates(SyntaxNode declaration, IMethodSymbol method, FixSite site)
    {
        SemanticModel semantics = site.Model.SemanticsOf(declaration.SyntaxTree);
        foreach (SyntaxNode node in declaration.DescendantNodes())
        {
            ExpressionSyntax? changed = node switch
            {
                AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment => assignment.Left,
                PostfixUnaryExpressionSyntax step when step.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression => step.Operand,
                PrefixUnaryExpressionSyntax step when step.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression => step.Operand,
                InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } when Mutators.Contains(access.Name.Identifier.ValueText) => access.Expression,
                _ => null,
            };
            if (changed is not null && LivesOutside(changed, method, semantics, site.CancellationToken))
            {
                return true;
            }
        }

        // Handed on to a method out of sight, a collection may be changed there.
        return method.Parameters.Any(parameter => MayMutate(parameter.Type) && IsHandedOn(declaration, parameter, site));
    }

    private static bool LivesOutside(ExpressionSyntax expression, IMethodSymbol method, SemanticModel semantics, CancellationToken cancellationToken)
    {
        ExpressionSyntax root = expression;
        while (root is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } or ElementAccessExpressionSyntax)
        {
            root = root is MemberAccessExpressionSyntax access ? access.Expression : ((ElementAccessExpressionSyntax)root).Expression;
        }

        return semantics.GetSymbolInfo(root, cancellationToken).Symbol switch
        {
            IFieldSymbol or IPropertySymbol or IEventSymbol => true,
            IParameterSymbol parameter => root != expression || expression is not IdentifierNameSyntax || parameter.RefKind != RefKind.None || IsMutatedObject(expression),
            ILocalSymbol local => !local.DeclaringSyntaxReferences.Any(reference => method.DeclaringSyntaxReferences.Any(declaration =>
                declaration.SyntaxTree == reference.SyntaxTree && declaration.Span.Contains(reference.Span))),
            _ => false,
        };
    }

    /// <summary><c>messages.Add(…)</c> changes the caller's list; <c>messages = …</c> only the parameter.</summary>
    private static bool IsMutatedObject(ExpressionSyntax expression) => expression.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax };

    private static bool IsHandedOn(SyntaxNode declaration, IParameterSymbol parameter, FixSite site)
        => declaration.DescendantNodes().OfType<ArgumentSyntax>()
            .Any(argument => argument.Expression is IdentifierNameSyntax name
                && name.Identifier.ValueText == parameter.Name
                && argument.Parent?.Parent is InvocationExpressionSyntax invocation
                && site.Model.CallAt(invocation, site.CancellationToken) is null
                && !ReadsOnly(invocation));

    private static bool ReadsOnly(InvocationExpressionSyntax invocation)
        => SyntaxFacts.NameOf(invocation).ValueText is "ToArray" or "ToList" or "Serialize" or "Join" or "Concat" or "Any" or "Count" or "Last" or "First" or "Select" or "Where" or "Add" or "AddRange";

    private static bool MayMutate(ITypeSymbol type)
        => type.Name is "List" or "IList" or "ICollection" or "Dictionary" or "IDictionary" or "ChatHistory" or "AgentThread" or "AgentSession" or "Queue" or "Stack" or "StringBuilder" or "HashSet"
            || (type.TypeKind == TypeKind.Class && type.Name.EndsWith("State", StringComparison.Ordinal));
}
