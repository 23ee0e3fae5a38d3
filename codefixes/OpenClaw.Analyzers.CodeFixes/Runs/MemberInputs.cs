using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>The state of the object that a run reads, in its own function or in methods of the type that it calls: it decides what the run does as much as a parameter.</summary>
internal static class MemberInputs
{
    /// <summary>The scalars, as expressions; null where the run reads state that has no stable text.</summary>
    public static IReadOnlyList<string>? Of(RunRegion region, IMethodSymbol method, FixSite site)
    {
        List<string> inputs = [];
        Queue<SyntaxNode> open = new([region.Function]);
        HashSet<ISymbol> visited = new(SymbolEqualityComparer.Default) { method };
        while (open.Count > 0)
        {
            SyntaxNode body = open.Dequeue();
            SemanticModel semantics = site.Model.SemanticsOf(body.SyntaxTree);
            foreach (SimpleNameSyntax name in body.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = semantics.GetSymbolInfo(name, site.CancellationToken).Symbol;
                if (symbol is IMethodSymbol called && IsOwn(called.ContainingType, method.ContainingType) && visited.Add(called.OriginalDefinition))
                {
                    foreach (SyntaxNode declaration in site.Model.DeclarationsOf(called.OriginalDefinition, site.CancellationToken))
                    {
                        open.Enqueue(declaration);
                    }
                }
                else if (TypeOf(symbol, method.ContainingType) is { } type && IsOfThis(name) && !IsWritten(name))
                {
                    ExpressionSyntax read = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } self ? self : name;
                    switch (InputKinds.Of(type, symbol!.Name))
                    {
                        case InputKind.Stable:
                            inputs.Add(NameOf(symbol, region));
                            break;
                        case InputKind.Service when SettingOf(read, semantics) is { } path:
                            inputs.Add(NameOf(symbol, region) + path);
                            break;
                        case InputKind.Unstable when symbol is not IFieldSymbol { IsStatic: true, IsReadOnly: true } && InputKinds.IsData(type):
                            return null;
                    }
                }
            }
        }

        return [.. inputs.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The type of a variable of the object; null for anything else.</summary>
    private static ITypeSymbol? TypeOf(ISymbol? symbol, INamedTypeSymbol type) => symbol switch
    {
        IFieldSymbol { IsConst: false } field when IsOwn(field.ContainingType, type) => field.Type,
        IPropertySymbol { IsIndexer: false } property when IsOwn(property.ContainingType, type) => property.Type,
        // A parameter of a primary constructor.
        IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter => parameter.Type,
        _ => null,
    };

    private static bool IsOwn(INamedTypeSymbol? declaring, INamedTypeSymbol type)
        => type.SelfAndBases().Any(candidate => candidate.Equals(declaring, SymbolEqualityComparer.Default));

    private static bool IsOfThis(SimpleNameSyntax name)
        => name.Parent is not MemberAccessExpressionSyntax access || access.Expression == name || access.Expression is ThisExpressionSyntax or BaseExpressionSyntax;

    /// <summary>What the code only writes, or collects in, does not decide what it does.</summary>
    private static bool IsWritten(SimpleNameSyntax name)
    {
        ExpressionSyntax target = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } self ? self : name;
        return (target.Parent is AssignmentExpressionSyntax { RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.SimpleAssignmentExpression } assignment && assignment.Left == target)
            || target.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } && ResultFlow.Collects(call);
    }

    /// <summary>The members behind a name that lead to a scalar of the user's own settings: <c>.Value.Depth</c>.</summary>
    private static string? SettingOf(ExpressionSyntax read, SemanticModel semantics)
    {
        string path = "";
        for (ExpressionSyntax current = read; current.Parent is MemberAccessExpressionSyntax access && access.Expression == current && access.Parent is not InvocationExpressionSyntax; current = access)
        {
            path += "." + access.Name.Identifier.ValueText;
            if (semantics.GetSymbolInfo(access).Symbol is IPropertySymbol or IFieldSymbol
                && semantics.GetTypeInfo(access).Type is { } type
                && InputKinds.Of(type, access.Name.Identifier.ValueText) == InputKind.Stable)
            {
                return semantics.GetSymbolInfo(access).Symbol!.Locations.Any(location => location.IsInSource) ? path : null;
            }
        }

        return null;
    }

    private static string NameOf(ISymbol symbol, RunRegion region)
    {
        bool isHidden = !symbol.IsStatic && symbol is not IParameterSymbol && region.Function.DescendantTokens()
            .Any(token => token.ValueText == symbol.Name && token.Parent is ParameterSyntax or VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax);
        return isHidden ? $"this.{symbol.Name}" : RunInputs.Identifier(symbol.Name);
    }
}
