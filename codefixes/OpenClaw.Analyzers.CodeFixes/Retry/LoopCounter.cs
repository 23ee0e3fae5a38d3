using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>What counts the attempts of a loop upwards: its own variable, one that it steps, or one that a fix has to declare.</summary>
/// <param name="Loop">The loop.</param>
/// <param name="Name">The variable; null where a fix has to declare one before the loop.</param>
internal sealed record LoopCounter(StatementSyntax Loop, string? Name)
{
    private static readonly string[] CounterWords = ["attempt", "retr", "tries", "try", "count"];

    /// <summary>The counter; null where there is none and none can be declared.</summary>
    public static LoopCounter? Of(StatementSyntax loop, FixSite site)
    {
        if (loop is ForEachStatementSyntax { Expression: InvocationExpressionSyntax range } each
            && SyntaxFacts.NameOf(range).ValueText == "Range"
            && site.Semantics.GetDeclaredSymbol(each, site.CancellationToken) is { Type.SpecialType: SpecialType.System_Int32 })
        {
            return new LoopCounter(loop, each.Identifier.ValueText);
        }

        LoopStep[] steps = [.. LoopStep.In(loop)];
        HashSet<string> tested = LoopBound.VariablesIn(loop, steps);
        string? counter = steps
            .Where(step => step.IsUp && step.IsByOne && steps.Count(other => other.Variable == step.Variable) == 1 && IsNumberOf(step, loop, site))
            .OrderByDescending(step => tested.Contains(step.Variable))
            .Select(step => step.Variable)
            .FirstOrDefault(name => tested.Contains(name) || IsOfFor(loop, name) || IsNamedLikeCounter(name));
        bool canDeclare = loop.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax;
        return counter is not null || canDeclare ? new LoopCounter(loop, counter) : null;
    }

    /// <summary>Whether the variable starts with the loop: one from further out would go on where another loop left it.</summary>
    private static bool IsNumberOf(LoopStep step, StatementSyntax loop, FixSite site)
        => site.Semantics.GetSymbolInfo(step.Operand, site.CancellationToken).Symbol is ILocalSymbol { Type.SpecialType: SpecialType.System_Int32 } local
            && local.DeclaringSyntaxReferences is [var reference]
            && reference.GetSyntax(site.CancellationToken) is VariableDeclaratorSyntax { Parent.Parent: { } declaration }
            && (declaration == loop || (declaration.Span.End <= loop.SpanStart && BlockOf(declaration) == BlockOf(loop)));

    private static SyntaxNode? BlockOf(SyntaxNode statement) => statement.Parent is GlobalStatementSyntax global ? global.Parent : statement.Parent;

    private static bool IsOfFor(StatementSyntax loop, string name)
        => loop is ForStatementSyntax { Declaration.Variables: var variables } && variables.Any(variable => variable.Identifier.ValueText == name);

    private static bool IsNamedLikeCounter(string name)
        => name is "i" or "n" || CounterWords.Any(word => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
}
