using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>"What would a skipped step lose besides its result": changes that the turn makes to what its caller or its object holds.</summary>
internal static class StepEffects
{
    private static readonly HashSet<string> Mutators = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "Insert", "InsertRange", "Remove", "RemoveAt", "RemoveRange", "RemoveAll", "Clear", "Enqueue", "Dequeue", "Push", "Pop", "Append", "AppendLine",
        "TryAdd", "TryRemove", "Set", "AddMessage", "AddUserMessage", "AddAssistantMessage", "AddSystemMessage", "TrimExcess", "Sort", "Reverse", "Increment", "Decrement", "Exchange",
    };

    public static bool WouldBeLost(InvocationExpressionSyntax turn, FixSite site)
    {
        if (turn.ArgumentList.Arguments.Any(argument => argument.Expression is AnonymousFunctionExpressionSyntax lambda && Changes(lambda, site)))
        {
            return true;
        }

        if (site.Model.CallAt(turn, site.CancellationToken) is not null
            || site.Semantics.GetSymbolInfo(turn, site.CancellationToken).Symbol is not IMethodSymbol method)
        {
            return false;
        }

        return site.Model.IsDeclaredHere(method)
            ? site.Model.DeclarationsOf(method.OriginalDefinition, site.CancellationToken).Any(declaration => Changes(declaration, site))
            : method.Parameters.Any(parameter => MayMutate(parameter.Type));
    }

    /// <summary>
    /// Whether the receiver and the arguments of the turn have to be evaluated although the step is skipped. Reading may stay in the step, whatever it costs.
    /// </summary>
    public static bool IsInArguments(InvocationExpressionSyntax turn, FixSite site)
        => HasEffect((turn.Expression as MemberAccessExpressionSyntax)?.Expression, isReceiver: true, site)
            || turn.ArgumentList.Arguments.Any(argument => argument.Expression is not AnonymousFunctionExpressionSyntax && HasEffect(argument.Expression, isReceiver: false, site));

    private static bool HasEffect(ExpressionSyntax? expression, bool isReceiver, FixSite site)
        => expression?.DescendantNodesAndSelf().Any(node => node switch
        {
            AwaitExpressionSyntax => true,
            InvocationExpressionSyntax invocation => !isReceiver && !Reads(invocation, site),
            _ => ChangedBy(node) is not null,
        }) == true;

    private static bool Reads(InvocationExpressionSyntax invocation, FixSite site)
        => !Capture.MustBeEvaluatedOnce(invocation, site)
            || (site.Semantics.GetSymbolInfo(invocation, site.CancellationToken).Symbol is IMethodSymbol method
                && (method.ContainingType.HasFullName("System.Linq", "Enumerable")
                    || (site.Model.IsDeclaredHere(method) && !method.ReturnType.IsWithin("System.Threading.Tasks")
                        && !site.Model.DeclarationsOf(method.OriginalDefinition, site.CancellationToken).Any(declaration => Changes(declaration, site)))));

    /// <summary>Whether a function of these sources changes what lives on after it: itself, or through methods that it calls on what lives on.</summary>
    private static bool Changes(SyntaxNode function, FixSite site)
    {
        HashSet<SyntaxNode> visited = [function];
        Queue<SyntaxNode> open = new([function]);
        while (open.Count > 0)
        {
            SyntaxNode current = open.Dequeue();
            SemanticModel semantics = site.Model.SemanticsOf(current.SyntaxTree);
            foreach (SyntaxNode node in current.DescendantNodes())
            {
                if (ChangedBy(node) is { } changed && LivesOutside(changed, node, current, countsParameters: current == function, semantics))
                {
                    return true;
                }

                if (node is InvocationExpressionSyntax call
                    && semantics.GetSymbolInfo(call, site.CancellationToken).Symbol is IMethodSymbol method
                    && (call.Expression is not MemberAccessExpressionSyntax access || LivesOutside(access.Expression, call, current, countsParameters: true, semantics)))
                {
                    foreach (SyntaxNode declaration in site.Model.DeclarationsOf(method.OriginalDefinition, site.CancellationToken).Where(visited.Add))
                    {
                        open.Enqueue(declaration);
                    }
                }
            }
        }

        // Handed on to a method out of sight, a collection may be changed there.
        return ParametersOf(function).Any(parameter => site.Model.SemanticsOf(function.SyntaxTree).GetDeclaredSymbol(parameter, site.CancellationToken) is IParameterSymbol symbol
            && MayMutate(symbol.Type) && IsHandedOn(function, symbol, site));
    }

    private static ExpressionSyntax? ChangedBy(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment => assignment.Left,
        PostfixUnaryExpressionSyntax step when step.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression => step.Operand,
        PrefixUnaryExpressionSyntax step when step.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression => step.Operand,
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } when Mutators.Contains(access.Name.Identifier.ValueText) => access.Expression,
        ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword, Expression: not DeclarationExpressionSyntax } argument => argument.Expression,
        _ => null,
    };

    private static bool LivesOutside(ExpressionSyntax expression, SyntaxNode change, SyntaxNode function, bool countsParameters, SemanticModel semantics)
    {
        ExpressionSyntax root = expression;
        while (root is MemberAccessExpressionSyntax { Expression: not (ThisExpressionSyntax or BaseExpressionSyntax) } or ElementAccessExpressionSyntax)
        {
            root = root is MemberAccessExpressionSyntax access ? access.Expression : ((ElementAccessExpressionSyntax)root).Expression;
        }

        return semantics.GetSymbolInfo(root).Symbol switch
        {
            IFieldSymbol or IPropertySymbol or IEventSymbol => true,
            // "messages.Add(…)" changes the caller's list; "messages = …" only the parameter.
            IParameterSymbol parameter when IsInside(parameter, function) => countsParameters && (root != expression || change is InvocationExpressionSyntax),
            ILocalSymbol or IParameterSymbol => !IsInside(semantics.GetSymbolInfo(root).Symbol!, function),
            null => root is ThisExpressionSyntax or BaseExpressionSyntax,
            _ => false,
        };
    }

    private static bool IsInside(ISymbol symbol, SyntaxNode function)
        => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == function.SyntaxTree && function.Span.Contains(reference.Span));

    private static IEnumerable<ParameterSyntax> ParametersOf(SyntaxNode function) => function switch
    {
        BaseMethodDeclarationSyntax method => method.ParameterList.Parameters,
        LocalFunctionStatementSyntax local => local.ParameterList.Parameters,
        _ => [],
    };

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
