using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// The one thing that the code takes from a result that cannot be stored, such as <c>completion.Content[0].Text</c>: the step stores that, and the
/// variable becomes it.
/// </summary>
internal sealed class ResultExtraction
{
    private readonly LocalDeclarationStatementSyntax _declaration;
    private readonly IReadOnlyList<ExpressionSyntax> _uses;
    private readonly TypeSyntax? _resultType;

    private ResultExtraction(LocalDeclarationStatementSyntax declaration, IReadOnlyList<ExpressionSyntax> uses, TypeSyntax? resultType)
    {
        _declaration = declaration;
        _uses = uses;
        _resultType = resultType;
    }

    /// <summary>Null where the result is used for more than one thing, or for something that cannot be stored.</summary>
    public static ResultExtraction? Find(AwaitExpressionSyntax awaited, FixSite site)
    {
        if (awaited.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { Parent: BlockSyntax block } declaration } } variable }
            || site.Semantics.GetDeclaredSymbol(variable, site.CancellationToken) is not ILocalSymbol local)
        {
            return null;
        }

        IdentifierNameSyntax[] names = [.. block.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == local.Name && local.Equals(site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol, SymbolEqualityComparer.Default))];
        ExpressionSyntax?[] uses = [.. names.Select(name => Chain(name, site))];
        if (uses.Length == 0 || uses.Any(use => use is null) || uses.Select(use => use!.ToString()).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            return null;
        }

        // "ChatCompletion c = await …" converts what the call returns: the conversion moves along.
        TypeSyntax type = declaration.Declaration.Type;
        return new ResultExtraction(declaration, uses!, type.IsVar ? null : type);
    }

    /// <summary>What the step returns: the extraction applied to the awaited turn.</summary>
    public ExpressionSyntax Apply(ExpressionSyntax awaited)
    {
        string taken = _uses[0].ToString();
        string variable = _declaration.Declaration.Variables[0].Identifier.ValueText;
        string converted = _resultType is null ? $"({awaited})" : $"(({_resultType})({awaited}))";
        return SyntaxFactory.ParseExpression(converted + taken.Substring(variable.Length));
    }

    public void AddTo(FixPlan plan)
    {
        foreach (ExpressionSyntax use in _uses)
        {
            plan.Add([use], rewriter => rewriter.Replace(
                use,
                current => SyntaxFactory.IdentifierName(_declaration.Declaration.Variables[0].Identifier.ValueText).WithTriviaFrom(current)));
        }

        if (_resultType is not null)
        {
            plan.Add([_declaration.Declaration.Type], rewriter => rewriter.Replace(
                _declaration.Declaration.Type,
                current => SyntaxFactory.IdentifierName("var").WithTriviaFrom(current)));
        }
    }

    /// <summary>The shortest chain of members behind the name whose value can be stored.</summary>
    private static ExpressionSyntax? Chain(IdentifierNameSyntax name, FixSite site)
    {
        ExpressionSyntax current = name;
        while (current.Parent is MemberAccessExpressionSyntax access && access.Expression == current && access.Parent is not InvocationExpressionSyntax
            || current.Parent is ElementAccessExpressionSyntax element && element.Expression == current)
        {
            current = (ExpressionSyntax)current.Parent;
            if (StorableTypes.IsStorable(site.Semantics.GetTypeInfo(current, site.CancellationToken).Type))
            {
                return current;
            }
        }

        return null;
    }
}
