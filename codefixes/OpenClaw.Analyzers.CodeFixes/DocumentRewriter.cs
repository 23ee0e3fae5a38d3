using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>A document while several edits are made to it; knows where each original node is now.</summary>
internal sealed class DocumentRewriter
{
    private readonly HashSet<string> _imports = new(StringComparer.Ordinal);
    private SyntaxNode _root;

    public DocumentRewriter(SyntaxNode root, IEnumerable<SyntaxNode> nodes) => _root = root.TrackNodes(nodes.Distinct());

    /// <summary>The original node as the edits so far have left it; null when one of them took it away.</summary>
    public TNode? Current<TNode>(TNode original)
        where TNode : SyntaxNode
        => _root.GetCurrentNode(original);

    public void Replace<TNode>(TNode original, Func<TNode, SyntaxNode> rewrite)
        where TNode : SyntaxNode
    {
        if (Current(original) is { } current)
        {
            SyntaxNode replacement = rewrite(current);
            _root = _root.ReplaceNode(current, replacement.WithAdditionalAnnotations(Formatter.Annotation));
        }
    }

    /// <summary>Puts statements in the place of one of a block; what stands above it stays.</summary>
    public void Replace(StatementSyntax original, IReadOnlyList<StatementSyntax> replacements)
    {
        if (Current(original) is { } current)
        {
            List<StatementSyntax> placed = [.. replacements];
            StatementSyntax first = placed[0];
            placed[0] = first.WithLeadingTrivia(current.GetLeadingTrivia().Concat(first.GetLeadingTrivia().SkipWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia))));
            StatementSyntax last = placed[placed.Count - 1];
            placed[placed.Count - 1] = last.GetTrailingTrivia().All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)) ? last.WithTrailingTrivia(current.GetTrailingTrivia()) : last;
            _root = _root.ReplaceNode(current, placed.Select(statement => statement.WithAdditionalAnnotations(Formatter.Annotation)));
        }
    }

    /// <summary>Inserts a statement before another one of the same block, switch section or file.</summary>
    public void InsertBefore(StatementSyntax original, StatementSyntax added) => Insert(original, added, before: true);

    /// <summary>Inserts a statement after another one of the same block, switch section or file.</summary>
    public void InsertAfter(StatementSyntax original, StatementSyntax added) => Insert(original, added, before: false);

    /// <summary>Adds a field behind the others of the type, or before its first member.</summary>
    public void AddField(TypeDeclarationSyntax original, string declaration)
    {
        if (Current(original) is not { Members: { Count: > 0 } members } type || SyntaxFactory.ParseMemberDeclaration(declaration) is not { } field)
        {
            return;
        }

        MemberDeclarationSyntax? last = members.OfType<FieldDeclarationSyntax>().LastOrDefault();
        MemberDeclarationSyntax beside = last ?? members[0];
        field = field.WithLeadingTrivia(beside.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)).WithTrailingTrivia(LineEndOf(beside));
        MemberDeclarationSyntax next = members[0].WithLeadingTrivia(members[0].GetLeadingTrivia().Prepend(LineEndOf(beside)));
        _root = last is not null ? _root.InsertNodesAfter(last, [field]) : _root.ReplaceNode(type, type.WithMembers(members.Replace(members[0], next).Insert(0, field)));
    }

    /// <summary>Takes the blank lines above a statement away: there is nothing left from which they divide it.</summary>
    public void TrimAbove(StatementSyntax original)
    {
        if (Current(original) is { } current)
        {
            SyntaxTriviaList above = current.GetLeadingTrivia();
            _root = _root.ReplaceNode(current, current.WithLeadingTrivia(above.Skip(LastDirectiveOrBlankLine(above))));
        }
    }

    /// <summary>Takes a statement or a member away; the blank line before it stays with what follows, unless a type begins there.</summary>
    public void Remove(SyntaxNode original)
    {
        if (Current(original) is { } current)
        {
            if (current.Parent is TypeDeclarationSyntax { Members: [var first, var next, ..] } && first == current)
            {
                _root = _root.ReplaceNode(next, next.WithLeadingTrivia(next.GetLeadingTrivia().SkipWhile(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia))));
                current = Current(original)!;
            }

            _root = _root.RemoveNode(current.Parent is GlobalStatementSyntax global ? global : current, SyntaxRemoveOptions.KeepNoTrivia)!;
        }
    }

    /// <summary>Asks for a using directive for a namespace, unless the file can do without.</summary>
    public void Import(string containingNamespace) => _imports.Add(containingNamespace);

    /// <summary>The edited root, with the directives that were asked for.</summary>
    public async Task<SyntaxNode> FinishAsync(Document document, CancellationToken cancellationToken)
    {
        foreach (string import in _imports.OrderBy(import => import, StringComparer.Ordinal))
        {
            _root = Imports.Add((CompilationUnitSyntax)_root, import);
        }

        return LineEnds.AsIn(await document.GetTextAsync(cancellationToken).ConfigureAwait(false), _root);
    }

    private void Insert(StatementSyntax original, StatementSyntax added, bool before)
    {
        if (Current(original) is not { } current)
        {
            return;
        }

        // Comments above a statement belong to it, wherever what is inserted ends up.
        added = added.WithAdditionalAnnotations(Formatter.Annotation).WithTrailingTrivia(LineEndOf(current));
        SyntaxNode place = current.Parent is GlobalStatementSyntax global ? global : current;
        SyntaxNode inserted = place is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(added) : added;
        if (before)
        {
            SyntaxTriviaList leading = place.GetLeadingTrivia();
            int comments = LastDirectiveOrBlankLine(leading);
            inserted = inserted.WithLeadingTrivia(leading.Take(comments).Concat(leading.Skip(comments).Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1)));
            SyntaxNode kept = place.WithLeadingTrivia(leading.Skip(comments));
            _root = _root.ReplaceNode(place, [inserted, kept]);
        }
        else
        {
            _root = _root.InsertNodesAfter(place, [inserted]);
        }
    }

    /// <summary>
    /// The statement's own line end, or the blank where another follows on the line: around an elastic line end the formatter takes blank lines away, and
    /// between the statements of a file it adds them.
    /// </summary>
    private static SyntaxTrivia LineEndOf(SyntaxNode statement)
        => statement.GetTrailingTrivia() is [.., { RawKind: (int)SyntaxKind.EndOfLineTrivia or (int)SyntaxKind.WhitespaceTrivia } end] ? end : SyntaxFactory.ElasticCarriageReturnLineFeed;

    /// <summary>Where the trivia that belongs to the place ends and the statement's own comments begin.</summary>
    private static int LastDirectiveOrBlankLine(SyntaxTriviaList trivia)
    {
        int end = 0;
        bool lineIsEmpty = true;
        for (int i = 0; i < trivia.Count; i++)
        {
            if (trivia[i].IsKind(SyntaxKind.EndOfLineTrivia))
            {
                end = lineIsEmpty ? i + 1 : end;
                lineIsEmpty = true;
            }
            else if (trivia[i].IsDirective)
            {
                end = i + 1;
                lineIsEmpty = true;
            }
            else if (!trivia[i].IsKind(SyntaxKind.WhitespaceTrivia))
            {
                lineIsEmpty = false;
            }
        }

        return end;
    }
}
