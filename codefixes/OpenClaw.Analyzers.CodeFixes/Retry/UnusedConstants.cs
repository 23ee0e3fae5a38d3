using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>The private constants that nothing reads but what a fix takes away: left behind, they would be a warning in many projects.</summary>
internal static class UnusedConstants
{
    /// <summary>Their declarations; null where one of them cannot be taken away without loss.</summary>
    /// <param name="removed">What goes.</param>
    /// <param name="kept">The part of it that stays.</param>
    /// <param name="site">Where the fix acts.</param>
    public static IReadOnlyList<FieldDeclarationSyntax>? Of(StatementSyntax removed, SyntaxNode kept, FixSite site)
    {
        List<FieldDeclarationSyntax> unused = [];
        foreach (ISymbol constant in removed.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => !kept.Span.Contains(name.Span))
            .Select(name => site.Semantics.GetSymbolInfo(name, site.CancellationToken).Symbol)
            .Where(symbol => symbol is IFieldSymbol { IsConst: true, DeclaredAccessibility: Accessibility.Private })
            .Select(symbol => symbol!)
            .Distinct(SymbolEqualityComparer.Default)
            .OfType<ISymbol>())
        {
            if (constant.DeclaringSyntaxReferences is not [var reference] || IsReadElsewhere(constant, removed, kept, site))
            {
                continue;
            }

            if (reference.GetSyntax(site.CancellationToken) is not VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax { Declaration.Variables.Count: 1 } field }
                || field.SyntaxTree != removed.SyntaxTree
                || field.DescendantTrivia(descendIntoTrivia: true).Any(trivia => trivia.Kind() is not (SyntaxKind.WhitespaceTrivia or SyntaxKind.EndOfLineTrivia)))
            {
                return null;
            }

            unused.Add(field);
        }

        return unused;
    }

    private static bool IsReadElsewhere(ISymbol constant, StatementSyntax removed, SyntaxNode kept, FixSite site)
        => constant.ContainingType.DeclaringSyntaxReferences
            .SelectMany(reference => reference.GetSyntax(site.CancellationToken).DescendantNodes().OfType<IdentifierNameSyntax>())
            .Any(name => name.Identifier.ValueText == constant.Name
                && (name.SyntaxTree != removed.SyntaxTree || !removed.Span.Contains(name.Span) || kept.Span.Contains(name.Span)));
}
