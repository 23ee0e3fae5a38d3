using System.Text;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>Names the steps of a run: after the variable that takes the result, else after the method; in a loop over items with the item.</summary>
internal static class StepNames
{
    /// <summary>The expression that names each turn's step; null where a loop's item has no stable key.</summary>
    public static IReadOnlyDictionary<InvocationExpressionSyntax, string>? For(IReadOnlyList<InvocationExpressionSyntax> turns, RunRegion region, FixSite site)
    {
        Dictionary<InvocationExpressionSyntax, string> names = [];
        HashSet<string> used = new(StringComparer.Ordinal);
        foreach (InvocationExpressionSyntax turn in turns)
        {
            string name = Kebab(VariableOf(turn) ?? MethodOf(turn));
            string unique = name;
            for (int number = 2; !used.Add(unique); number++)
            {
                unique = $"{name}-{number}";
            }

            if (StepKeys.Of(turn, region, site) is not { } keys)
            {
                return null;
            }

            string type = Imports.NameFor(Imports.Runtime, "StepName", site.Semantics, turn.SpanStart, out _);
            names.Add(turn, keys.Count == 0 ? $"\"{unique}\"" : $"{type}.ForItem(\"{unique}\", {string.Join(", ", keys)})");
        }

        return names;
    }

    private static string? VariableOf(InvocationExpressionSyntax turn)
    {
        Microsoft.CodeAnalysis.SyntaxNode value = turn;
        while (value.Parent is MemberAccessExpressionSyntax or InvocationExpressionSyntax or AwaitExpressionSyntax or ParenthesizedExpressionSyntax)
        {
            value = value.Parent;
        }

        string? name = value.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => variable.Identifier.ValueText,
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } => target.Identifier.ValueText,
            _ => null,
        };
        return name?.TrimStart('_') is { Length: > 2 } meaningful ? meaningful : null;
    }

    private static string MethodOf(InvocationExpressionSyntax turn)
    {
        string name = SyntaxFacts.NameOf(turn).ValueText;
        return name.EndsWith("Async", StringComparison.Ordinal) && name.Length > "Async".Length ? name.Substring(0, name.Length - "Async".Length) : name;
    }

    private static string Kebab(string name)
    {
        StringBuilder text = new();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
