using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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

    /// <summary>Whether all that the variable held before the region was computed, without asking anybody.</summary>
    private static bool IsDerived(ILocalSymbol local, RunRegion region, FixSite site)
    {
        if (local.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax(site.CancellationToken) is not VariableDeclaratorSyntax declaration
            || !IsInside(local, region.Function))
        {
            return false;
        }

        IEnumerable<ExpressionSyntax> values = region.Function.DescendantNodes().TakeWhile(node => node != region.First)
            .OfType<AssignmentExpressionSyntax>()
            .Where(assignment => local.Equals(site.Semantics.GetSymbolInfo(assignment.Left, site.CancellationToken).Symbol, SymbolEqualityComparer.Default))
            .Select(assignment => assignment.Right);
        return (declaration.Initializer is { Value: var initial } ? values.Append(initial) : values)
            .All(value => !Chance.IsIn(value, site.Semantics) && value.DescendantNodesAndSelf().All(node => IsComputed(node, site)));
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
