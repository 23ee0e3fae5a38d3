using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>Lines that a fix adds end as the lines of the file do.</summary>
internal static class LineEnds
{
    public static SyntaxNode AsIn(SourceText text, SyntaxNode root)
    {
        string? lineEnd = LineEndOf(text, out bool isUniform);
        return lineEnd is null
            ? root
            : root.ReplaceTrivia(
                root.DescendantTrivia(descendIntoTrivia: true).Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)
                    && trivia.ToString() != lineEnd
                    && (isUniform || trivia.HasAnnotation(SyntaxAnnotation.ElasticAnnotation))),
                (trivia, _) => trivia.HasAnnotation(SyntaxAnnotation.ElasticAnnotation) ? SyntaxFactory.ElasticEndOfLine(lineEnd) : SyntaxFactory.EndOfLine(lineEnd));
    }

    private static string? LineEndOf(SourceText text, out bool isUniform)
    {
        string? lineEnd = null;
        isUniform = true;
        foreach (TextLine line in text.Lines)
        {
            if (line.EndIncludingLineBreak > line.End)
            {
                string end = text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
                isUniform &= lineEnd is null || lineEnd == end;
                lineEnd ??= end;
            }
        }

        return lineEnd;
    }
}
