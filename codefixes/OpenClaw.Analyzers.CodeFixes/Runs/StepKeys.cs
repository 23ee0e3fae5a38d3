using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// What identifies the items that the loops around a step work on. A position would name another item after the list has changed; a loop that only
/// counts has no items.
/// </summary>
internal static class StepKeys
{
    private static readonly string[] Identities = ["Id", "Key", "Url", "Uri", "Name"];

    /// <summary>The keys, outermost first; null where an item has none.</summary>
    public static IReadOnlyList<string>? Of(InvocationExpressionSyntax turn, RunRegion region, FixSite site)
    {
        List<string> keys = [];
        foreach (StatementSyntax loop in turn.Ancestors().TakeWhile(node => node != region.First.Parent).OfType<StatementSyntax>().Where(node => RetryLoop.BodyOf(node) is not null).Reverse())
        {
            if (RetryLoop.Around(turn, site.Semantics) is { Purpose: LoopPurpose.Retry } retry && retry.Statement == loop)
            {
                continue;
            }

            switch (loop)
            {
                case ForEachStatementSyntax each when site.Semantics.GetDeclaredSymbol(each, site.CancellationToken) is ILocalSymbol item && KeyOf(item.Type, item.Name) is { } key:
                    keys.Add(key);
                    break;
                case CommonForEachStatementSyntax:
                    return null;
                default:
                    if (ItemsTakenIn(loop, site).Select(item => KeyOf(item.Type, item.Text)).ToList() is { Count: > 0 } taken)
                    {
                        if (taken.Contains(null))
                        {
                            return null;
                        }

                        keys.AddRange(taken.Distinct()!);
                    }

                    break;
            }
        }

        return keys;
    }

    /// <summary>What a loop takes from a list by its counter, or from a queue or stack until that is empty.</summary>
    private static IEnumerable<(ITypeSymbol Type, string Text)> ItemsTakenIn(StatementSyntax loop, FixSite site)
    {
        string[] counters = loop is ForStatementSyntax { Declaration: { } declaration } ? [.. declaration.Variables.Select(variable => variable.Identifier.ValueText)] : [];
        foreach (SyntaxNode node in SyntaxFacts.DescendantsInSameFunction(loop))
        {
            if (node is ElementAccessExpressionSyntax { ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax index }] } element
                && counters.Contains(index.Identifier.ValueText)
                && !(element.Parent is AssignmentExpressionSyntax assignment && assignment.Left == element)
                && site.Semantics.GetTypeInfo(element, site.CancellationToken).Type is { } type)
            {
                yield return (type, element.ToString());
            }
            else if (node is InvocationExpressionSyntax taking && SourceIndex.NameOf(taking) is "Dequeue" or "Pop" or "TryDequeue" or "TryPop")
            {
                SyntaxNode? variable = taking.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } ? declarator
                    : taking.DescendantNodes().OfType<SingleVariableDesignationSyntax>().FirstOrDefault();
                yield return variable is not null && site.Semantics.GetDeclaredSymbol(variable, site.CancellationToken) is ILocalSymbol local
                    ? (local.Type, local.Name)
                    : (site.Semantics.Compilation.ObjectType, "");
            }
        }
    }

    private static string? KeyOf(ITypeSymbol type, string text)
    {
        if (IsScalar(type))
        {
            return text;
        }

        return Identities
            .FirstOrDefault(name => type.GetMembers(name).OfType<IPropertySymbol>().Any(property => IsScalar(property.Type))) is { } identity
                ? $"{text}.{identity}"
                : null;
    }

    private static bool IsScalar(ITypeSymbol type)
        => type.SpecialType is SpecialType.System_String or SpecialType.System_Int32 or SpecialType.System_Int64
            || type.TypeKind == TypeKind.Enum
            || type.HasFullName("System", "Guid")
            || type.HasFullName("System", "Uri");
}
