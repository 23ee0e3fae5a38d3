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

    /// <summary>Somebody else gets it and may dispose of it: a field, a caller, an object it is passed to.</summary>
    HandedOver,
}

/// <summary>Follows a local client through its method.</summary>
internal sealed class LocalOwnership
{
    private readonly ILocalSymbol _local;
    private readonly SyntaxNode _scope;
    private readonly SemanticModel _semantics;
    private readonly CancellationToken _cancellationToken;

    public LocalOwnership(ILocalSymbol local, SyntaxNode creation, GatewayModel model, CancellationToken cancellationToken)
    {
        _local = local;
        _scope = ClientCreation.ScopeOf(local, creation);
        _semantics = model.SemanticsOf(creation.SyntaxTree);
        _cancellationToken = cancellationToken;
        HandOver = local.IsUsing ? null : FindHandOver();
        Fate = local.IsUsing || creation.FirstAncestorOrSelf<UsingStatementSyntax>()?.Declaration?.Span.Contains(creation.Span) == true || Disposals.Of(local.Name, _scope).Any()
            ? LocalFate.Disposed
            : HandOver is not null ? LocalFate.HandedOver : LocalFate.Lost;
    }

    public LocalFate Fate { get; }

    /// <summary>The first place that hands the client to somebody else.</summary>
    public SyntaxNode? HandOver { get; }

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
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } => ReturnsSomethingAlive(call),
            MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or BinaryExpressionSyntax or IsPatternExpressionSyntax => false,
            _ => true,
        };
    }

    /// <summary>A method of the framework that only reads its argument, such as a null check, takes nothing over.</summary>
    private bool IsRead(ArgumentSyntax argument)
        => argument.Parent?.Parent is InvocationExpressionSyntax call
            && _semantics.GetSymbolInfo(call, _cancellationToken).Symbol is IMethodSymbol { ContainingType: var type, Name: var name }
            && (name is "ThrowIfNull" or "ReferenceEquals" or "KeepAlive" || type.HasFullName("System", "Console"));

    /// <summary>An extension method that wraps the client keeps it alive in what it returns.</summary>
    private bool ReturnsSomethingAlive(InvocationExpressionSyntax call)
        => _semantics.GetSymbolInfo(call, _cancellationToken).Symbol is IMethodSymbol { ReducedFrom: not null } extension
            && !extension.ContainingType.IsWithin("System.Net.Http")
            && extension.Name.StartsWith("As", StringComparison.Ordinal);
}
