using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
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
    private readonly GatewayModel _model;
    private readonly SemanticModel _semantics;
    private readonly CancellationToken _cancellationToken;

    public LocalOwnership(ILocalSymbol local, SyntaxNode creation, GatewayModel model, CancellationToken cancellationToken)
    {
        _local = local;
        _creation = creation;
        _scope = ClientCreation.ScopeOf(local, creation);
        _model = model;
        _semantics = model.SemanticsOf(creation.SyntaxTree);
        _cancellationToken = cancellationToken;
        IReadOnlyList<SyntaxNode> disposals = [.. Disposals.Of(local.Name, _scope)];
        if (local.IsUsing || creation.FirstAncestorOrSelf<UsingStatementSyntax>()?.Declaration?.Span.Contains(creation.Span) == true || !disposals.All(IsAtEnd))
        {
            Fate = LocalFate.Disposed;
        }
        else
        {
            End = FindHandOver() ?? (disposals.Count > 0 ? disposals[0] : null);
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

    private SyntaxNode? FindHandOver()
    {
        foreach (IdentifierNameSyntax use in _scope.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            if (use.Identifier.ValueText == _local.Name && IsHandOver(use) && _local.Equals(_semantics.GetSymbolInfo(use, _cancellationToken).Symbol, SymbolEqualityComparer.Default))
            {
                return use;
            }
        }

        return null;
    }

    private bool IsHandOver(IdentifierNameSyntax use)
    {
        // A lambda or local function that uses the client may run, and end it, at any time.
        if (use.Ancestors().TakeWhile(node => node != _scope).Any(SyntaxFacts.IsFunctionBoundary)
            && !_scope.DescendantNodes().OfType<VariableDeclaratorSyntax>().Any(variable => variable.Identifier.ValueText == _local.Name
                && variable.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) == use.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary)))
        {
            return true;
        }

        ExpressionSyntax value = use;
        while (value.Parent is ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax
            || value.Parent is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.AsExpression }
            || (value.Parent is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }))
        {
            value = (ExpressionSyntax)value.Parent;
        }

        // What is not known to leave the client alone takes it over: silent, not wrong.
        return value.Parent switch
        {
            ArgumentSyntax argument => !IsRead(argument),
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } => IsExtension(call),
            ConditionalAccessExpressionSyntax access => access.WhenNotNull.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Any(IsExtension),
            IsPatternExpressionSyntax pattern => pattern.Pattern.DescendantNodesAndSelf().Any(node => node is SingleVariableDesignationSyntax),
            MemberAccessExpressionSyntax or BinaryExpressionSyntax => false,
            _ => true,
        };
    }

    /// <summary>A method of the framework that only reads its argument, such as a null check, takes nothing over.</summary>
    private bool IsRead(ArgumentSyntax argument)
        => argument.Parent?.Parent is InvocationExpressionSyntax call
            && _semantics.GetSymbolInfo(call, _cancellationToken).Symbol is IMethodSymbol { ContainingType: var type, Name: var name }
            && (name is "ThrowIfNull" or "ReferenceEquals" or "KeepAlive" || type.HasFullName("System", "Console"));

    /// <summary>An extension method gets the client like any argument, and may keep or dispose of it; those by which calls are made do not.</summary>
    private bool IsExtension(InvocationExpressionSyntax call)
        => _semantics.GetSymbolInfo(call, _cancellationToken).Symbol is IMethodSymbol { ReducedFrom: not null } extension && !_model.Symbols.TryGetCall(extension, out _, out _);
}
