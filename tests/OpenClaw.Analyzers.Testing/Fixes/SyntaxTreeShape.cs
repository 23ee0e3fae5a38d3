using System.Text;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Testing;

/// <summary>The shape of a syntax tree: its nodes and tokens, and on demand its trivia.</summary>
internal static class SyntaxTreeShape
{
    public static bool AreEqual(SyntaxNode x, SyntaxNode y, bool withTrivia)
    {
        using IEnumerator<SyntaxNodeOrToken> first = x.DescendantNodesAndTokensAndSelf(descendIntoTrivia: withTrivia).GetEnumerator();
        using IEnumerator<SyntaxNodeOrToken> second = y.DescendantNodesAndTokensAndSelf(descendIntoTrivia: withTrivia).GetEnumerator();
        while (first.MoveNext())
        {
            if (!second.MoveNext() || !AreEqual(first.Current, second.Current, withTrivia))
            {
                return false;
            }
        }

        return !second.MoveNext();
    }

    /// <summary>One line for each node, token and trivia.</summary>
    public static string Render(SyntaxNode root, Type kinds, bool withTrivia)
    {
        var text = new StringBuilder();
        foreach (SyntaxNodeOrToken item in root.DescendantNodesAndTokensAndSelf(descendIntoTrivia: withTrivia))
        {
            text.Append(' ', 2 * Depth(item)).Append(Enum.ToObject(kinds, item.RawKind));
            if (item.IsToken)
            {
                SyntaxToken token = item.AsToken();
                text.Append(' ').Append(Escape(token.Text));
                if (token.Value is { } value && (value is not string || token.ValueText != token.Text))
                {
                    text.Append(" = ").Append(value.GetType().Name).Append(' ').Append(Escape(token.ValueText));
                }

                if (withTrivia)
                {
                    Append(text, token.LeadingTrivia, " before:", kinds);
                    Append(text, token.TrailingTrivia, " after:", kinds);
                }
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    private static bool AreEqual(SyntaxNodeOrToken x, SyntaxNodeOrToken y, bool withTrivia)
        => x.RawKind == y.RawKind
            && x.IsToken == y.IsToken
            && (x.IsToken
                ? AreEqual(x.AsToken(), y.AsToken(), withTrivia)
                : x.ChildNodesAndTokens().Count == y.ChildNodesAndTokens().Count);

    private static bool AreEqual(SyntaxToken x, SyntaxToken y, bool withTrivia)
        => x.Text == y.Text
            && x.ValueText == y.ValueText
            && Equals(x.Value, y.Value)
            && (!withTrivia || (AreEqual(x.LeadingTrivia, y.LeadingTrivia) && AreEqual(x.TrailingTrivia, y.TrailingTrivia)));

    private static bool AreEqual(SyntaxTriviaList x, SyntaxTriviaList y)
        => x.Count == y.Count
            && x.Zip(y).All(pair => pair.First.RawKind == pair.Second.RawKind && pair.First.ToFullString() == pair.Second.ToFullString());

    private static int Depth(SyntaxNodeOrToken item)
    {
        int depth = 0;
        for (SyntaxNode? node = item.Parent; node is not null; node = node.Parent ?? node.ParentTrivia.Token.Parent)
        {
            depth++;
        }

        return depth;
    }

    private static void Append(StringBuilder text, SyntaxTriviaList trivia, string heading, Type kinds)
    {
        if (trivia.Count > 0)
        {
            IEnumerable<string> items = trivia.Select(item => $" {Enum.ToObject(kinds, item.RawKind)} {Escape(item.ToFullString())}");
            text.Append(heading).AppendJoin(',', items);
        }
    }

    private static string Escape(string text)
        => "\"" + text
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
}
