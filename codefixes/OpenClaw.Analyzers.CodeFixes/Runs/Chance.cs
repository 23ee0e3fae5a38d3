using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>"Does this depend on the clock or a die": such code may go another way after a restart.</summary>
internal static class Chance
{
    public static bool IsIn(SyntaxNode code, SemanticModel semantics)
        => code.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => semantics.GetSymbolInfo(name).Symbol switch
        {
            IMethodSymbol { Name: "NewGuid" or "CreateVersion7" } or IPropertySymbol { Name: "TickCount" or "TickCount64" } => true,
            IPropertySymbol { Name: "Now" or "UtcNow" or "Today", ContainingType: var type } => type.IsWithin("System"),
            IMethodSymbol { ContainingType: var type } => IsSource(type),
            IPropertySymbol { ContainingType: var type } => IsSource(type),
            _ => false,
        });

    /// <summary>Whether a condition in the statements, or a value that one is made of, depends on it.</summary>
    public static bool DecidesIn(IEnumerable<StatementSyntax> statements, SemanticModel semantics)
    {
        SyntaxNode[] nodes = [.. statements.SelectMany(statement => statement.DescendantNodesAndSelf())];
        HashSet<ISymbol> drawn = new(
            nodes.OfType<VariableDeclaratorSyntax>()
                .Where(variable => variable.Initializer is { } initializer && IsIn(initializer.Value, semantics))
                .Select(variable => semantics.GetDeclaredSymbol(variable)!),
            SymbolEqualityComparer.Default);
        return nodes.Select(ConditionOf).Any(condition => condition is not null
            && (IsIn(condition, semantics) || (drawn.Count > 0 && condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                .Any(name => semantics.GetSymbolInfo(name).Symbol is { } symbol && drawn.Contains(symbol)))));
    }

    private static ExpressionSyntax? ConditionOf(SyntaxNode node) => node switch
    {
        IfStatementSyntax branch => branch.Condition,
        WhileStatementSyntax loop => loop.Condition,
        ForStatementSyntax loop => loop.Condition,
        DoStatementSyntax loop => loop.Condition,
        ConditionalExpressionSyntax choice => choice.Condition,
        SwitchStatementSyntax choice => choice.Expression,
        SwitchExpressionSyntax choice => choice.GoverningExpression,
        WhenClauseSyntax clause => clause.Condition,
        _ => null,
    };

    private static bool IsSource(ITypeSymbol type)
        => type.HasFullName("System", "Random") || type.HasFullName("System", "TimeProvider") || type.HasFullName("System.Diagnostics", "Stopwatch")
            || type.HasFullName("System.Security.Cryptography", "RandomNumberGenerator");
}
