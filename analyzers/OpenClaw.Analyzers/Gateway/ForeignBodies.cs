using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>How much code of other documents is bound to answer one question about a method: after an edit each body of them costs an editor milliseconds.</summary>
/// <remarks>
/// The limit is one for each question, not for each analysed document: answers are shared by all documents of a compilation, and what is left of a
/// document's budget would depend on which of them is analysed first. Which bodies count is decided by syntax, in the order of the sources.
/// </remarks>
internal static class ForeignBodies
{
    /// <summary>Of so many members in documents that do not declare the method its uses are looked at; where there are more, the others are unknown.</summary>
    public const int Limit = 8;

    /// <summary>The places that are looked at.</summary>
    /// <param name="places">Where the method may be used, in the order of the sources.</param>
    /// <param name="method">The method that is asked about.</param>
    /// <param name="areAll">Whether no place was left out.</param>
    public static IReadOnlyList<TNode> Within<TNode>(IEnumerable<TNode> places, IMethodSymbol method, out bool areAll)
        where TNode : SyntaxNode
    {
        List<TNode> within = [];
        HashSet<SyntaxNode> bodies = [];
        areAll = true;
        foreach (TNode place in places)
        {
            if (method.DeclaringSyntaxReferences.Any(declaration => declaration.SyntaxTree == place.SyntaxTree)
                || bodies.Contains(SyntaxFacts.MemberAround(place))
                || (bodies.Count < Limit && bodies.Add(SyntaxFacts.MemberAround(place))))
            {
                within.Add(place);
            }
            else
            {
                areAll = false;
            }
        }

        return within;
    }
}
