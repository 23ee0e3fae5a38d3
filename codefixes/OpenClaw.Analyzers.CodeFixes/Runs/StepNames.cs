using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>Names the steps of a run: after the variable that takes the result, else after the method; in a loop over items with the item.</summary>
internal static class StepNames
{
    private static readonly string[] Identities = ["Id", "Key", "Url", "Uri", "Name"];

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

            ForEachStatementSyntax? each = turn.Ancestors().TakeWhile(node => node != region.First.Parent).OfType<ForEachStatementSyntax>().FirstOrDefault();
            if (each is null)
            {
                names.Add(turn, $"\"{unique}\"");
            }
            else if (KeyOf(each, site) is { } key)
            {
                string type = Imports.NameFor(Imports.Runtime, "StepName", site.Semantics, turn.SpanStart, out _);
                names.Add(turn, $"{type}.ForItem(\"{unique}\", {key})");
            }
            else
            {
                return null;
            }
        }

        return names;
    }

    private static string? VariableOf(InvocationExpressionSyntax turn)
    {
        SyntaxNode value = turn;
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

    /// <summary>A scalar that is the item or identifies it; a position would name another item after the list has changed.</summary>
    private static string? KeyOf(ForEachStatementSyntax each, FixSite site)
    {
        if (site.Semantics.GetDeclaredSymbol(each, site.CancellationToken) is not ILocalSymbol item)
        {
            return null;
        }

        if (IsScalar(item.Type))
        {
            return item.Name;
        }

        return Identities
            .FirstOrDefault(name => item.Type.GetMembers(name).OfType<IPropertySymbol>().Any(property => IsScalar(property.Type))) is { } identity
                ? $"{item.Name}.{identity}"
                : null;
    }

    private static bool IsScalar(ITypeSymbol type)
        => type.SpecialType is SpecialType.System_String or SpecialType.System_Int32 or SpecialType.System_Int64
            || type.TypeKind == TypeKind.Enum
            || type.HasFullName("System", "Guid")
            || type.HasFullName("System", "Uri");
}
