using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>"Does this loop work for the host and not hear it stop": a loop of agent turns in a hosted service's own run.</summary>
internal static class HostedLoops
{
    /// <summary>The name of the token that the loop ought to look at; null where the loop is none of a hosted service or may hear of the shutdown.</summary>
    public static string? TokenIgnoredBy(StatementSyntax loop, GatewayModel model, AnalyzerSettings settings, CancellationToken cancellationToken)
    {
        if (RunOf(loop, model, cancellationToken) is not (var run, { } token)
            || StepLoops.PassesOf(loop, model.SemanticsOf(loop.SyntaxTree), cancellationToken) <= settings.StepThreshold
            || !Turns.TakenIn(RetryLoop.BodyOf(loop)!, model, cancellationToken).Any()
            || IsInsideAnother(loop, run, model, cancellationToken)
            || MayHear(loop, run, token, model, cancellationToken))
        {
            return null;
        }

        return token.Name;
    }

    /// <summary>The method that the host runs, and its token, where the loop stands in it: also in a lambda that it starts, <c>Task.Run(…)</c>.</summary>
    private static (MethodDeclarationSyntax Run, IParameterSymbol? Token) RunOf(StatementSyntax loop, GatewayModel model, CancellationToken cancellationToken)
        => loop.FirstAncestorOrSelf<MethodDeclarationSyntax>() is { Identifier.ValueText: "ExecuteAsync" } run
            && model.DeclaredAt(run, cancellationToken) is IMethodSymbol { IsOverride: true, Parameters: [var token] } method
            && IsOfHost(method)
                ? (run, token)
                : default;

    private static bool IsOfHost(IMethodSymbol method)
    {
        IMethodSymbol root = method;
        while (root.OverriddenMethod is { } overridden)
        {
            root = overridden;
        }

        return root.ContainingType.HasFullName("Microsoft.Extensions.Hosting", "BackgroundService");
    }

    /// <summary>A loop inside another that hears nothing is told with that one.</summary>
    private static bool IsInsideAnother(StatementSyntax loop, MethodDeclarationSyntax run, GatewayModel model, CancellationToken cancellationToken)
        => loop.Ancestors().TakeWhile(node => node != run)
            .Any(node => RetryLoop.BodyOf(node) is { } body && Turns.TakenIn(body, model, cancellationToken).Any());

    /// <summary>
    /// Whether anything in the loop may tell it to stop: a token or a source of tokens, whatever its name, a field that a stop sets, or the token itself,
    /// handed to something before the loop that keeps it.
    /// </summary>
    private static bool MayHear(StatementSyntax loop, MethodDeclarationSyntax run, IParameterSymbol token, GatewayModel model, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(loop.SyntaxTree);
        return loop.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => IsToken(name, loop, semantics, cancellationToken))
            || ReadsState(loop, token.ContainingType, semantics, cancellationToken)
            || run.DescendantNodes().OfType<IdentifierNameSyntax>()
                .Where(name => name.Identifier.ValueText == token.Name && !IsPassedToAwaited(name))
                .Any(name => token.Equals(semantics.GetSymbolInfo(name, cancellationToken).Symbol, SymbolEqualityComparer.Default));
    }

    /// <summary>What a lambda inside the loop is given belongs to whoever calls it, a pipeline for example, and says nothing of the host.</summary>
    private static bool IsToken(IdentifierNameSyntax name, StatementSyntax loop, SemanticModel semantics, CancellationToken cancellationToken)
        => name.Identifier.ValueText is not ("None" or "CancellationToken" or "var")
            && semantics.GetTypeInfo(name, cancellationToken).Type is { } type
            && semantics.GetSymbolInfo(name, cancellationToken).Symbol is { } symbol and not ITypeSymbol
            && !(symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } } && IsDeclaredIn(symbol, loop))
            && (type.HasFullName("System.Threading", "CancellationToken")
                || type.HasFullName("System.Threading", "CancellationTokenSource")
                || type.HasFullName("Microsoft.Extensions.Hosting", "IHostApplicationLifetime"));

    private static bool IsDeclaredIn(ISymbol symbol, StatementSyntax loop)
        => symbol.DeclaringSyntaxReferences.Any(reference => reference.SyntaxTree == loop.SyntaxTree && loop.Span.Contains(reference.Span));

    /// <summary>Whether the loop's condition, or that of a statement which leaves it, reads state of the object, which a stop may set.</summary>
    private static bool ReadsState(StatementSyntax loop, INamedTypeSymbol service, SemanticModel semantics, CancellationToken cancellationToken)
    {
        IEnumerable<ExpressionSyntax?> conditions = loop.DescendantNodesAndSelf().Select(node => node switch
        {
            WhileStatementSyntax @while when node == loop => @while.Condition,
            DoStatementSyntax @do when node == loop => @do.Condition,
            ForStatementSyntax @for when node == loop => @for.Condition,
            IfStatementSyntax @if when @if.Statement.DescendantNodesAndSelf().Any(leave => leave is BreakStatementSyntax or ReturnStatementSyntax or ThrowStatementSyntax) => @if.Condition,
            _ => null,
        });
        return conditions
            .SelectMany(condition => condition?.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>() ?? [])
            .Select(name => semantics.GetSymbolInfo(name, cancellationToken).Symbol)
            .Any(symbol => symbol is IFieldSymbol { IsReadOnly: false, IsConst: false } or IPropertySymbol { SetMethod: not null }
                && service.Equals(symbol.ContainingType, SymbolEqualityComparer.Default));
    }

    /// <summary>A call that is waited for has let go of the token when the loop begins.</summary>
    private static bool IsPassedToAwaited(IdentifierNameSyntax name)
        => name.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }
            && invocation.Ancestors().TakeWhile(static node => node is ExpressionSyntax).OfType<AwaitExpressionSyntax>().Any();
}
