using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Names for what a fix declares.</summary>
internal static class Names
{
    /// <summary>The name, or the name with the first number that nothing in the member around uses.</summary>
    public static string Unique(string name, SyntaxNode node) => NumberedUntilFree(name, UsedAround(node));

    /// <summary>The same where a member may have the name as well: <c>new { key = key }</c> reads better than another number.</summary>
    public static string UniqueAmongVariables(string name, SyntaxNode node)
    {
        HashSet<string> used = new(
            ScopeOf(node).DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && token.Parent is not IdentifierNameSyntax { Parent: NameEqualsSyntax or NameColonSyntax })
                .Select(token => token.ValueText),
            StringComparer.Ordinal);
        return NumberedUntilFree(name, used);
    }

    /// <summary>
    /// A name for the parameter of a lambda around a node: not one that the node uses, nor one declared by the functions around it, which the
    /// language forbids up to C# 7.3 and readers stumble over. What other lambdas beside it call their parameters does not matter.
    /// </summary>
    /// <param name="name">The name that is wanted.</param>
    /// <param name="place">Where the lambda will stand.</param>
    /// <param name="body">What it will hold: the node at the place, or what becomes of it.</param>
    public static string ForParameter(string name, SyntaxNode place, SyntaxNode body)
    {
        HashSet<string> taken = new(NamesIn(body), StringComparer.Ordinal);
        taken.UnionWith(ScopeOf(place).DescendantTokens(node => node.Contains(place) || !IsFunction(node))
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken) && IsDeclaration(token))
            .Select(token => token.ValueText));
        return NumberedUntilFree(name, taken);
    }

    /// <summary>The name of a parameter, of a lambda around a node, that is not used; inside of it <c>_</c> would no longer discard, nor mean a variable of that name.</summary>
    public static string Discard(LanguageVersion version, SyntaxNode place, SyntaxNode body, string instead = "ct")
        => NamesIn(body).Contains("_") || (version < LanguageVersion.CSharp9 && UsedAround(place).Contains("_")) ? ForParameter(instead, place, body) : "_";

    /// <summary>A name of a local after a parameter or a type: in camel case and no keyword.</summary>
    public static string ForLocal(string name)
    {
        string camel = char.ToLowerInvariant(name[0]) + name.Substring(1);
        return Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(camel) == SyntaxKind.None ? camel : camel + "Value";
    }

    private static string NumberedUntilFree(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int number = 2; taken.Contains(unique); number++)
        {
            unique = name + number;
        }

        return unique;
    }

    private static HashSet<string> UsedAround(SyntaxNode node) => new(NamesIn(ScopeOf(node)), StringComparer.Ordinal);

    private static SyntaxNode ScopeOf(SyntaxNode node)
        => node.FirstAncestorOrSelf<MemberDeclarationSyntax>(static member => member is not (GlobalStatementSyntax or BaseNamespaceDeclarationSyntax))
            ?? node.SyntaxTree.GetRoot();

    private static IEnumerable<string> NamesIn(SyntaxNode node)
        => node.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);

    private static bool IsFunction(SyntaxNode node) => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax;

    private static bool IsDeclaration(SyntaxToken token)
        => token.Parent is ParameterSyntax or VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax
            or CatchDeclarationSyntax or FromClauseSyntax or LetClauseSyntax or JoinClauseSyntax or QueryContinuationSyntax;
}
