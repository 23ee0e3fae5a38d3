using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Runs.Results;

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

    /// <summary>What is taken, as it stands at its first use.</summary>
    public ExpressionSyntax Taken => _uses[0];

    /// <summary>Null where the result is used for more than one thing, for something that cannot be stored, or not always.</summary>
    public static ResultExtraction? Find(AwaitExpressionSyntax awaited, FixSite site)
    {
        if (awaited.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0, Parent: BlockSyntax block } declaration } } variable }
            || site.Semantics.GetDeclaredSymbol(variable, site.CancellationToken) is not ILocalSymbol local
            || MustBeDisposed(local.Type))
        {
            return null;
        }

        IdentifierNameSyntax[] names = [.. block.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == local.Name && local.Equals(site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol, SymbolEqualityComparer.Default))];
        ExpressionSyntax?[] uses = [.. names.Select(name => StorableBehind(name, site))];
        if (uses.Any(use => use is null)
            || uses.Select(use => use!.ToString()).Distinct(StringComparer.Ordinal).Count() != 1
            || !uses.Any(use => IsAlwaysReached(use!, block)))
        {
            return null;
        }

        // "ChatCompletion c = await …" converts what the call returns: the conversion moves along.
        TypeSyntax type = declaration.Declaration.Type;
        return new ResultExtraction(declaration, uses!, type.IsVar ? null : type);
    }

    /// <summary>What holds a connection needs its own end; it cannot stay behind in the step.</summary>
    public static bool MustBeDisposed(ITypeSymbol? type)
        => type is null || type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_IDisposable || implemented.Name == "IAsyncDisposable");

    /// <summary>The shortest chain of members behind a value that can be stored and is only read.</summary>
    public static ExpressionSyntax? StorableBehind(ExpressionSyntax value, FixSite site)
    {
        ExpressionSyntax current = value;
        while ((current.Parent is MemberAccessExpressionSyntax access && access.Expression == current && access.Parent is not InvocationExpressionSyntax)
            || (current.Parent is ElementAccessExpressionSyntax element && element.Expression == current && IsConstant(element, site)))
        {
            current = (ExpressionSyntax)current.Parent;
            if (StorableTypes.IsStorable(site.Semantics.GetTypeInfo(current, site.CancellationToken).Type))
            {
                return IsOnlyRead(current) ? current : null;
            }
        }

        return null;
    }

    /// <summary>What the step returns: the extraction applied to the awaited turn.</summary>
    public ExpressionSyntax Apply(ExpressionSyntax awaited)
    {
        string taken = _uses[0].ToString();
        string variable = _declaration.Declaration.Variables[0].Identifier.Text;
        string converted = _resultType is null ? $"({awaited})" : $"(({_resultType})({awaited}))";
        return SyntaxFactory.ParseExpression(converted + taken.Substring(variable.Length));
    }

    public void AddTo(FixPlan plan)
    {
        foreach (ExpressionSyntax use in _uses)
        {
            plan.Add([use], rewriter => rewriter.Replace(
                use,
                current => SyntaxFactory.IdentifierName(_declaration.Declaration.Variables[0].Identifier).WithTriviaFrom(current)));
        }

        if (_resultType is not null)
        {
            plan.Add([_declaration.Declaration.Type], rewriter => rewriter.Replace(
                _declaration.Declaration.Type,
                current => SyntaxFactory.IdentifierName("var").WithTriviaFrom(current)));
        }
    }

    /// <summary>An index that varies may mean another element by the time of the use.</summary>
    private static bool IsConstant(ElementAccessExpressionSyntax element, FixSite site)
        => element.ArgumentList.Arguments.All(argument => site.Semantics.GetConstantValue(argument.Expression, site.CancellationToken).HasValue);

    private static bool IsOnlyRead(ExpressionSyntax value)
        => !(value.Parent is AssignmentExpressionSyntax assignment && assignment.Left == value)
            && value.Parent is not (ArgumentSyntax { RefKindKeyword.RawKind: not 0 } or RefExpressionSyntax)
            && !(value.Parent is PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax
                && value.Parent.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression or SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression);

    /// <summary>Taking it fails where it is not there; code that looks only sometimes must not begin to fail always.</summary>
    private static bool IsAlwaysReached(SyntaxNode use, BlockSyntax block)
    {
        for (SyntaxNode node = use; node != block; node = node.Parent!)
        {
            bool isConditional = node.Parent switch
            {
                IfStatementSyntax branch => branch.Condition != node,
                ConditionalExpressionSyntax choice => choice.Condition != node,
                BinaryExpressionSyntax binary => binary.Right == node && binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
                SwitchSectionSyntax or SwitchExpressionArmSyntax or CatchClauseSyntax or AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or ElseClauseSyntax => true,
                { } loop => RetryLoop.BodyOf(loop) == node,
                null => true,
            };
            if (isConditional)
            {
                return false;
            }
        }

        return true;
    }
}
