using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>What becomes of a local client.</summary>
internal enum LocalFate
{
    /// <summary>Nobody disposes of it, and nobody else gets it.</summary>
    Lost,

    /// <summary>The method disposes of it.</summary>
    Disposed,

    /// <summary>The method disposes of it, but only when nothing throws before.</summary>
    DisposedAtEnd,

    /// <summary>Somebody else gets it and may dispose of it: a field, a caller, an object it is passed to.</summary>
    HandedOver,
}

/// <summary>Follows a local client through its method.</summary>
internal sealed class LocalOwnership
{
    private readonly ILocalSymbol _local;
    private readonly SyntaxNode _creation;
    private readonly SyntaxNode _scope;

    public LocalOwnership(ILocalSymbol local, SyntaxNode creation, GatewayModel model, CancellationToken cancellationToken)
    {
        _local = local;
        _creation = creation;
        _scope = SyntaxFacts.ScopeOf(local, creation);
        IReadOnlyList<SyntaxNode> disposals = [.. Disposals.Of(local.Name, _scope)];
        if (local.IsUsing || creation.FirstAncestorOrSelf<UsingStatementSyntax>()?.Declaration?.Span.Contains(creation.Span) == true || !disposals.All(IsAtEnd))
        {
            Fate = LocalFate.Disposed;
        }
        else
        {
            End = new HandOver(model, cancellationToken).FirstOf(local, _scope) ?? (disposals.Count > 0 ? disposals[0] : null);
            Fate = End is null ? LocalFate.Lost : disposals.Contains(End) ? LocalFate.DisposedAtEnd : LocalFate.HandedOver;
        }
    }

    public LocalFate Fate { get; }

    /// <summary>The first place that hands the client to somebody else or, where none does, that disposes of it; null where the client is lost or safe.</summary>
    public SyntaxNode? End { get; }

    /// <summary>Whether a failure of the call does not lose the client: a handler around knows it, or the code goes on behind a catch.</summary>
    public bool IsGuarded(SyntaxNode call)
        => call.Ancestors().OfType<TryStatementSyntax>().Any(statement =>
            (!statement.Span.Contains(_creation.Span) && statement.Catches.Count > 0)
            || statement.Catches.Cast<SyntaxNode>().Append(statement.Finally).Any(handler => handler is not null && Mentions(handler)));

    private bool Mentions(SyntaxNode node)
        => node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == _local.Name);

    /// <summary>A disposal that runs only when the code gets there: no handler, no other function, no condition of its own.</summary>
    private bool IsAtEnd(SyntaxNode disposal)
        => disposal is InvocationExpressionSyntax
            && disposal.Ancestors().TakeWhile(node => node != _scope && !node.Span.Contains(_creation.Span)).All(node => node is ExpressionSyntax or ExpressionStatementSyntax);
}
