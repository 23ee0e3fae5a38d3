using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes;

/// <summary>A diagnostic and the code around it, as a fix needs them to plan.</summary>
internal sealed class FixSite(
    Document document,
    Diagnostic diagnostic,
    SyntaxNode root,
    SemanticModel semantics,
    GatewayModel model,
    CancellationToken cancellationToken)
{
    public Document Document { get; } = document;

    public Diagnostic Diagnostic { get; } = diagnostic;

    public SemanticModel Semantics { get; } = semantics;

    public GatewayModel Model { get; } = model;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The language version of the project: decides which syntax a fix may write.</summary>
    public LanguageVersion LanguageVersion { get; } = ((CSharpParseOptions)root.SyntaxTree.Options).LanguageVersion;

    /// <summary>The innermost node of a kind that covers the diagnostic.</summary>
    public TNode? Find<TNode>()
        where TNode : SyntaxNode
        => FindAt<TNode>(Diagnostic.Location);

    /// <summary>The innermost node of a kind that covers a location of this file, such as an additional one of the diagnostic.</summary>
    public TNode? FindAt<TNode>(Location location)
        where TNode : SyntaxNode
        => location.SourceTree?.FilePath == root.SyntaxTree.FilePath && root.FullSpan.Contains(location.SourceSpan)
            ? root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>()
            : null;
}
