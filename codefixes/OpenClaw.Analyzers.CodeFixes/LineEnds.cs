using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Options;
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

    /// <summary>Formats what was edited: left to the workspace, it would end lines as the machine does.</summary>
    public static async Task<Document> FormatAsync(Document edited, Document original, CancellationToken cancellationToken)
    {
        OptionSet options = await edited.GetOptionsAsync(cancellationToken).ConfigureAwait(false);
        string? lineEnd = LineEndOf(await original.GetTextAsync(cancellationToken).ConfigureAwait(false), out bool isUniform);
        return lineEnd is null || !isUniform
            ? edited
            : await Formatter.FormatAsync(edited, Formatter.Annotation, options.WithChangedOption(FormattingOptions.NewLine, LanguageNames.CSharp, lineEnd), cancellationToken).ConfigureAwait(false);
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
