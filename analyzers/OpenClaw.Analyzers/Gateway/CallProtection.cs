using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>Whether something retries, breaks or limits a call.</summary>
internal enum ProtectionState
{
    /// <summary>Nothing does, and everything that could is in sight.</summary>
    None,

    /// <summary>Something does.</summary>
    Protected,

    /// <summary>Something out of sight may: rules stay silent.</summary>
    Unknown,
}

/// <summary>What protects a call.</summary>
/// <param name="State">Whether something does.</param>
/// <param name="Evidence">The code that shows it.</param>
/// <param name="Loop">The retry loop, where one is the protection.</param>
/// <param name="IsInjected">Whether the client comes from outside and nothing in this project protects it.</param>
internal sealed record Protection(ProtectionState State, Location? Evidence = null, RetryLoop? Loop = null, bool IsInjected = false)
{
    public static Protection None { get; } = new(ProtectionState.None);

    public static Protection Unknown { get; } = new(ProtectionState.Unknown);
}

/// <summary>"What protects this call": the lambda it is in, a loop, all its callers, the client's creation or registration.</summary>
internal sealed class CallProtection(GatewayModel model)
{
    private const int MaxCallerDepth = 3;

    private readonly ConcurrentDictionary<SyntaxNode, Protection> _known = new();
    private readonly ClientProtection _clients = new(model);

    public Protection Of(GatewayCall call, CancellationToken cancellationToken)
        => _known.GetOrAdd(call.Syntax, _ => Find(call, cancellationToken));

    /// <summary>What protects the client itself, where it is made or registered.</summary>
    public Protection OfClient(GatewayCall call, CancellationToken cancellationToken) => _clients.Of(call, cancellationToken);

    private Protection Find(GatewayCall call, CancellationToken cancellationToken)
    {
        Protection here = AtSite(call.Syntax, cancellationToken);
        if (here.State != ProtectionState.None)
        {
            return here;
        }

        Protection callers = ByCallers(call.Syntax, cancellationToken);
        return callers.State != ProtectionState.None ? callers : _clients.Of(call, cancellationToken);
    }

    /// <summary>What protects a piece of code inside its own function: a lambda given to a pipeline, or a loop.</summary>
    private Protection AtSite(SyntaxNode site, CancellationToken cancellationToken)
    {
        SemanticModel semantics = model.SemanticsOf(site.SyntaxTree);
        for (SyntaxNode? node = site; node is not null; node = node.Parent)
        {
            if (node == site || node is AnonymousFunctionExpressionSyntax)
            {
                if (RetryLoop.Around(node, semantics) is { } loop)
                {
                    return new Protection(ProtectionState.Protected, loop.Statement.GetLocation(), loop);
                }
            }

            if (node == site && SecondAttempt.Involves(node, semantics))
            {
                return Protection.Unknown;
            }

            if (node is AnonymousFunctionExpressionSyntax lambda)
            {
                switch (UseOf(lambda, semantics, cancellationToken))
                {
                    case DelegateUse.Protects when !HandsOutStream(lambda, site):
                        return new Protection(ProtectionState.Protected, lambda.GetLocation());
                    case DelegateUse.MayProtect:
                        return Protection.Unknown;
                }

                if (!SyntaxFacts.RunsInPlace(lambda))
                {
                    break;
                }
            }
            else if (node is MemberDeclarationSyntax and not GlobalStatementSyntax or LocalFunctionStatementSyntax)
            {
                return NamesBreaker(node) ? Protection.Unknown : ByMarks(node, cancellationToken);
            }
        }

        return Protection.None;
    }

    /// <summary>Whether the function asks a breaker that somebody wrote by hand: <c>route.CircuitBreaker.ThrowIfOpen()</c>.</summary>
    private static bool NamesBreaker(SyntaxNode function)
        => function.DescendantNodes().Any(static node => node is SimpleNameSyntax { Identifier.ValueText: var name }
            && (name.IndexOf("Breaker", StringComparison.Ordinal) >= 0 || name.IndexOf("Circuit", StringComparison.Ordinal) >= 0));

    /// <summary>What the user says of the function around: that it protects, or that its callers are to be judged in its place.</summary>
    private Protection ByMarks(SyntaxNode function, CancellationToken cancellationToken)
        => model.DeclaredAt(function, cancellationToken) is not IMethodSymbol method ? Protection.None
            : MarkedMembers.Protects(method) ? new Protection(ProtectionState.Protected, function.GetLocation())
            : model.Marks.IsCall(method, function.SyntaxTree) ? Protection.Unknown
            : Protection.None;

    /// <summary>A stream that the lambda returns is read when the execution is over, unless the execution is one of streams.</summary>
    private bool HandsOutStream(AnonymousFunctionExpressionSyntax lambda, SyntaxNode site)
        => site is InvocationExpressionSyntax call
            && model.CallAt(call, CancellationToken.None) is { Shape: CallShape.AsyncStream or CallShape.Stream }
            && (lambda.ExpressionBody == site || site.Parent is ReturnStatementSyntax)
            && lambda.Parent?.Parent?.Parent is InvocationExpressionSyntax execution
            && !SourceIndex.NameOf(execution).StartsWith("ExecuteStreaming", StringComparison.Ordinal);

    /// <summary>What becomes of a lambda or a method group: an argument, or a variable that is an argument later.</summary>
    private DelegateUse UseOf(ExpressionSyntax function, SemanticModel semantics, CancellationToken cancellationToken)
    {
        switch (function.Parent)
        {
            case ParenthesizedExpressionSyntax or CastExpressionSyntax:
                return UseOf((ExpressionSyntax)function.Parent, semantics, cancellationToken);
            case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation }:
                return UseOf(semantics.GetSymbolInfo(invocation, cancellationToken), cancellationToken);
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable }:
                return UseOfVariable(variable.Identifier.ValueText, variable, semantics, cancellationToken);
            case AssignmentExpressionSyntax { Left: IdentifierNameSyntax target } assignment:
                return UseOfVariable(target.Identifier.ValueText, assignment, semantics, cancellationToken);
            default:
                return DelegateUse.Plain;
        }
    }

    /// <summary>What a method does with a delegate; where the call does not bind, what all that it could mean do.</summary>
    private DelegateUse UseOf(SymbolInfo invoked, CancellationToken cancellationToken)
        => invoked.Symbol is IMethodSymbol method ? model.Resilience.UseOf(method, cancellationToken)
            : invoked.CandidateSymbols is { IsEmpty: false } candidates
                && candidates.All(candidate => candidate is IMethodSymbol possible && model.Resilience.UseOf(possible, cancellationToken) == DelegateUse.Plain)
                ? DelegateUse.Plain
                : DelegateUse.MayProtect;

    private DelegateUse UseOfVariable(string name, SyntaxNode declaration, SemanticModel semantics, CancellationToken cancellationToken)
    {
        foreach (ArgumentSyntax argument in SyntaxFacts.MemberAround(declaration).DescendantNodes().OfType<ArgumentSyntax>())
        {
            if (argument.Expression is IdentifierNameSyntax used
                && used.Identifier.ValueText == name
                && UseOf(used, semantics, cancellationToken) is var use and not DelegateUse.Plain)
            {
                return use;
            }
        }

        return DelegateUse.Plain;
    }

    /// <summary>Protected where every caller in sight is; a method that nobody calls here is judged by its client.</summary>
    private Protection ByCallers(SyntaxNode site, CancellationToken cancellationToken)
    {
        HashSet<ISymbol> visited = new(SymbolEqualityComparer.Default);
        Queue<(IMethodSymbol Method, int Depth)> open = new();
        Enqueue(site, depth: 0);
        Protection? found = null;
        while (open.Count > 0)
        {
            (IMethodSymbol method, int depth) = open.Dequeue();
            List<SyntaxNode> callers =
            [
                .. model.Callers.SitesOf(method, cancellationToken),
                .. model.Callers.ReferencesTo(method, cancellationToken).Select(reference => reference.Syntax),
            ];
            bool areAll = model.Callers.AreAllCallsKnown(method, cancellationToken) && model.Callers.AreAllReferencesKnown(method, cancellationToken);
            if (callers.Count == 0 && areAll)
            {
                return Protection.None;
            }

            found = areAll ? found : Protection.Unknown;

            foreach (SyntaxNode caller in callers)
            {
                Protection protection = AtCaller(caller, cancellationToken);
                if (protection.State != ProtectionState.None)
                {
                    found ??= protection;
                }
                else if (!Enqueue(caller, depth + 1))
                {
                    return Protection.None;
                }
            }
        }

        return found ?? Protection.None;

        // A method that calls itself, directly or not, has its other callers to answer for it.
        bool Enqueue(SyntaxNode from, int depth)
        {
            if (EnclosingMethod(from, cancellationToken) is not { } method || (depth >= MaxCallerDepth && !visited.Contains(method)))
            {
                return false;
            }

            if (visited.Add(method))
            {
                open.Enqueue((method, depth));
            }

            return true;
        }
    }

    private Protection AtCaller(SyntaxNode caller, CancellationToken cancellationToken)
    {
        if (caller is ExpressionSyntax reference and not InvocationExpressionSyntax)
        {
            switch (UseOf(reference, model.SemanticsOf(caller.SyntaxTree), cancellationToken))
            {
                case DelegateUse.Protects:
                    return new Protection(ProtectionState.Protected, caller.GetLocation());
                case DelegateUse.MayProtect:
                    return Protection.Unknown;
            }
        }

        return AtSite(caller, cancellationToken);
    }

    private IMethodSymbol? EnclosingMethod(SyntaxNode node, CancellationToken cancellationToken)
    {
        for (ISymbol? symbol = model.SemanticsOf(node.SyntaxTree).GetEnclosingSymbol(node.SpanStart, cancellationToken); symbol is not null; symbol = symbol.ContainingSymbol)
        {
            if (symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction or MethodKind.ExplicitInterfaceImplementation } method)
            {
                return method;
            }

            if (symbol is INamedTypeSymbol)
            {
                return null;
            }
        }

        return null;
    }
}
