using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Names for what a fix declares.</summary>
internal static class Names
{
    /// <summary>The name, or the name with the first number that nothing in the member around uses.</summary>
    public static string Unique(string name, SyntaxNode node)
    {
        HashSet<string> used = UsedAround(node);
        string unique = name;
        for (int number = 2; used.Contains(unique); number++)
        {
            unique = name + number;
        }

        return unique;
    }

    /// <summary>The name of a lambda parameter that is not used.</summary>
    public static string Discard(LanguageVersion version, SyntaxNode node)
        => version >= LanguageVersion.CSharp9 || !UsedAround(node).Contains("_") ? "_" : Unique("ct", node);

    /// <summary>A name of a local after a parameter or a type: in camel case and no keyword.</summary>
    public static string ForLocal(string name)
    {
        string camel = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(camel) == SyntaxKind.None ? camel : camel + "Value";
    }

    private static HashSet<string> UsedAround(SyntaxNode node)
    {
        SyntaxNode scope = node.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not (GlobalStatementSyntax or BaseNamespaceDeclarationSyntax))
            ?? node.SyntaxTree.GetRoot();
        return new HashSet<string>(
            scope.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText),
            StringComparer.Ordinal);
    }
}
