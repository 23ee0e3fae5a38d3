using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// "Does the run work on something that its inputs do not decide": a file, a query, the clock, read before it begins. After a restart it may have changed, and
/// stored answers would be those to other questions. The items of a loop may come from outside: each of their steps is named by its item.
/// </summary>
internal static class OutsideData
{
    public static bool Enters(RunRegion region, FixSite site)
    {
        if (site.Semantics.AnalyzeDataFlow(region.First, region.Last) is not { Succeeded: true } flow)
        {
            return true;
        }

        return flow.ReadInside.Any(variable => variable switch
        {
            ILocalSymbol local when !flow.VariablesDeclared.Contains(local, SymbolEqualityComparer.Default)
                => InputKinds.IsData(local.Type) && InputKinds.Of(local.Type, local.Name) != InputKind.Service
                    && !(IsDerived(local, region, site) || IsOnlyEnumerated(local, region, site)),
            // What a local function takes from the method around it; a parameter of a primary constructor is state of the object.
            IParameterSymbol { IsThis: false, ContainingSymbol: IMethodSymbol { MethodKind: not MethodKind.Constructor } } parameter when !IsInside(parameter, region.Function) => InputKinds.Of(parameter.Type, parameter.Name) != InputKind.Service,
            _ => false,
        });
    }

    /// <summary>Whether all that the variable held before the region was computed, without asking anybody, from variables of which that is true as well.</summary>
    private static bool IsDerived(ILocalSymbol local, RunRegion region, FixSite site)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default) { local };
        Queue<ILocalSymbol> open = new([local]);
        while (open.Count > 0)
        {
            ILocalSymbol current = open.Dequeue();
            if (!IsInside(current, region.Function)
                || ValuesOf(current, region, site) is not { } values
                || values.Any(value => Chance.IsIn(value, site.Semantics)))
            {
                return false;
            }

            foreach (SyntaxNode node in values.SelectMany(value => value.DescendantNodesAndSelf()))
            {
                if (!IsComputed(node, site))
                {
                    return false;
                }

                if (node is IdentifierNameSyntax name && site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol is ILocalSymbol source && seen.Add(source))
                {
                    open.Enqueue(source);
                }
            }
        }

        return true;
    }

    /// <summary>What was put into the variable before the region; null where that is out of sight.</summary>
    private static IReadOnlyList<SyntaxNode>? ValuesOf(ILocalSymbol local, RunRegion region, FixSite site)
    {
        SyntaxNode? declaration = local.DeclaringSyntaxReferences is [var reference] ? reference.GetSyntax(site.CancellationToken) : null;
        SyntaxNode? initial = (declaration as VariableDeclaratorSyntax)?.Initializer?.Value ?? (declaration as ForEachStatementSyntax)?.Expression;
        if (declaration is not (VariableDeclaratorSyntax or ForEachStatementSyntax))
        {
            return null;
        }

        List<SyntaxNode> values = initial is null ? [] : [initial];
        foreach (SyntaxNode node in region.Function.DescendantNodes().Where(node => node.SpanStart < region.First.SpanStart))
        {
            if (ResultFlow.ChangedBy(node) is { } root && IsUse(root))
            {
                values.Add(node is AssignmentExpressionSyntax assignment ? assignment.Right : ((InvocationExpressionSyntax)node).ArgumentList);
            }
            else if (local.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String }
                && node is AwaitExpressionSyntax filling
                && filling.DescendantNodes().OfType<ArgumentSyntax>().Any(argument => IsUse(argument.Expression)))
            {
                return null;
            }
        }

        return values;

        bool IsUse(SyntaxNode name) => local.Equals(site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol, SymbolEqualityComparer.Default);
    }

    private static bool IsComputed(SyntaxNode node, FixSite site) => node switch
    {
        AwaitExpressionSyntax or DeclarationExpressionSyntax => false,
        InvocationExpressionSyntax invocation => site.Semantics.GetSymbolInfo(invocation, site.CancellationToken).Symbol is not IMethodSymbol method
            || IsComputation(method, site),
        _ => true,
    };

    private static bool IsComputation(IMethodSymbol method, FixSite site)
        => (site.Model.IsDeclaredHere(method) && !method.ReturnType.IsWithin("System.Threading.Tasks"))
            || method.ContainingType.IsWithin("System.Linq") || method.ContainingType.IsWithin("System.Collections") || method.ContainingType.IsWithin("System.Text")
            || method.ContainingType.SpecialType != SpecialType.None
            || method.ContainingType.HasFullName("System", "Math") || method.ContainingType.HasFullName("System", "Convert")
            || method.ContainingType.HasFullName("System", "Uri") || method.ContainingType.HasFullName("System", "TimeSpan") || method.ContainingType.HasFullName("System", "Array");

    private static bool IsOnlyEnumerated(ILocalSymbol local, RunRegion region, FixSite site)
        => region.Statements.SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>()
            .Where(name => local.Equals(site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol, SymbolEqualityComparer.Default))
            .All(name => name.Ancestors().OfType<ForEachStatementSyntax>().Any(each => each.Expression.Span.Contains(name.Span)));

    private static bool IsInside(ISymbol symbol, SyntaxNode function)
        => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == function.SyntaxTree && function.Span.Contains(reference.Span));
}
