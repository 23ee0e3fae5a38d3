using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>
/// What a fix will change, planned from the original code and applied later, alone or together with others. Edits name original nodes; each
/// finds its node in the code as the edits before it left it, so that nested edits compose.
/// </summary>
internal sealed class FixPlan(string title)
{
    private readonly List<Edit> _edits = [];

    public string Title { get; } = title;

    /// <summary>Adds an edit.</summary>
    /// <param name="nodes">The original nodes that the edit will ask for.</param>
    /// <param name="apply">Carries it out.</param>
    /// <param name="key">Edits of the same key on the same node are made once, however many plans ask for them.</param>
    public void Add(IReadOnlyList<SyntaxNode> nodes, Action<DocumentRewriter> apply, string? key = null)
        => _edits.Add(new Edit(nodes, apply, key));

    /// <summary>Applies plans to a solution: in each document the innermost edits first. Projects that need the runtime for it get its package.</summary>
    public static async Task<Solution> ApplyAsync(IReadOnlyList<FixPlan> plans, Solution solution, CancellationToken cancellationToken)
    {
        Solution original = solution;
        foreach (IGrouping<SyntaxTree, Edit> ofTree in plans.SelectMany(plan => plan._edits).GroupBy(edit => edit.Nodes[0].SyntaxTree))
        {
            if (solution.GetDocumentId(ofTree.Key) is not { } id || solution.GetDocument(id) is not { } document)
            {
                continue;
            }

            SyntaxNode root = await ofTree.Key.GetRootAsync(cancellationToken).ConfigureAwait(false);
            var rewriter = new DocumentRewriter(root, ofTree.SelectMany(edit => edit.Nodes));
            foreach (Edit edit in ofTree.Distinct().OrderBy(edit => edit.Nodes[0].Span.Length).ThenBy(edit => edit.Nodes[0].SpanStart))
            {
                edit.Apply(rewriter);
            }

            Document edited = document.WithSyntaxRoot(await rewriter.FinishAsync(document, cancellationToken).ConfigureAwait(false));
            solution = (await LineEnds.FormatAsync(edited, document, cancellationToken).ConfigureAwait(false)).Project.Solution;
        }

        return await RuntimeReference.AddWhereMissingAsync(original, solution, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Edit(IReadOnlyList<SyntaxNode> nodes, Action<DocumentRewriter> apply, string? key) : IEquatable<Edit>
    {
        public IReadOnlyList<SyntaxNode> Nodes { get; } = nodes;

        public Action<DocumentRewriter> Apply { get; } = apply;

        private string? Key { get; } = key;

        public bool Equals(Edit? other)
            => ReferenceEquals(this, other) || (other is not null && Key is not null && Key == other.Key && Nodes[0] == other.Nodes[0]);

        public override bool Equals(object? obj) => Equals(obj as Edit);

        public override int GetHashCode() => Key is null ? base.GetHashCode() : Nodes[0].GetHashCode();
    }
}
