using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What a wrapper of the user's own brings along: retries and pipelines in its body, time limits on the reply it waits for.</summary>
internal sealed class OwnProtection(GatewayModel model)
{
    private const int MaxDepth = 2;

    public Protection Of(GatewayCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<IMethodSymbol> bodies = model.Callers.BodiesOf(call.Method);
        if (bodies.Count == 0)
        {
            return CompilationFacts.MayProtectElsewhere(model.Compilation) || UsedLibraries.MayProtect(call.Method.ContainingAssembly, model.Compilation)
                ? Protection.Unknown
                : new Protection(ProtectionState.None, IsInjected: true);
        }

        // One implementation that repeats its calls is enough to leave the decision to its author.
        return bodies.Any(body => ProtectsInside(body, cancellationToken)) ? new Protection(ProtectionState.Protected) : Protection.None;
    }

    /// <summary>Whether the body waits for a reply that only the token ends: a frame sent, and a completion source awaited.</summary>
    public DeadlineFact LimitOf(GatewayCall call, CancellationToken cancellationToken)
    {
        IReadOnlyList<SyntaxNode> bodies = [.. model.Callers.BodiesOf(call.Method).SelectMany(body => model.DeclarationsOf(body, cancellationToken))];
        bool waitsForReply = bodies.Count > 0 && bodies.All(body => AwaitsReply(body, cancellationToken));
        return waitsForReply && !bodies.Any(MayLimit)
            ? DeadlineFact.Unbounded("the reply is awaited without a time limit and the token carries none")
            : DeadlineFact.Unknown;
    }

    private bool ProtectsInside(IMethodSymbol wrapper, CancellationToken cancellationToken)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default) { wrapper };
        Queue<(IMethodSymbol Method, int Depth)> open = new([(wrapper, 0)]);
        while (open.Count > 0)
        {
            (IMethodSymbol method, int depth) = open.Dequeue();
            foreach (InvocationExpressionSyntax inner in model.InvocationsIn(method, cancellationToken))
            {
                if (MayExecute(inner, cancellationToken) || RetryLoop.Around(inner, model.SemanticsOf(inner.SyntaxTree)) is { Purpose: not LoopPurpose.Daemon })
                {
                    return true;
                }

                IMethodSymbol? target = model.TargetOf(inner, cancellationToken)?.OriginalDefinition;
                if (target is not null && depth < MaxDepth && seen.Add(target) && model.IsDeclaredHere(target))
                {
                    open.Enqueue((target, depth + 1));
                }
            }
        }

        return false;
    }

    /// <summary>Whether the invocation runs a delegate in a way that protects; one that does not bind and is given a lambda may.</summary>
    private bool MayExecute(InvocationExpressionSyntax invocation, CancellationToken cancellationToken)
        => model.OperationAt(invocation, cancellationToken) is IInvocationOperation inner
            ? MarkedMembers.Protects(inner.TargetMethod)
                || (inner.Arguments.Any(argument => argument.Parameter?.Type.TypeKind == TypeKind.Delegate)
                    && model.Resilience.UseOf(inner.TargetMethod, cancellationToken) != DelegateUse.Plain)
            : invocation.ArgumentList.Arguments.Any(argument => argument.Expression is AnonymousFunctionExpressionSyntax);

    private bool AwaitsReply(SyntaxNode body, CancellationToken cancellationToken)
        => body.DescendantNodes().OfType<AwaitExpressionSyntax>()
            .Select(wait => WithoutConfiguration(wait.Expression))
            .OfType<MemberAccessExpressionSyntax>()
            .Any(access => access.Name.Identifier.ValueText == "Task"
                && model.OperationAt(access, cancellationToken) is IPropertyReferenceOperation { Property.ContainingType: { } type }
                && type.HasFullName("System.Threading.Tasks", "TaskCompletionSource"));

    private static ExpressionSyntax WithoutConfiguration(ExpressionSyntax awaited)
        => awaited is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var task } } ? task : awaited;

    /// <summary>Whether the body limits the wait, or the type around has a timer that may fail replies which are overdue.</summary>
    private static bool MayLimit(SyntaxNode body)
        => body.DescendantNodes().Any(IsLimit)
            || body.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault()?.DescendantNodes().Any(IsTimer) == true;

    private static bool IsLimit(SyntaxNode node)
        => node is InvocationExpressionSyntax call && SourceIndex.NameOf(call) is "WaitAsync" or "WhenAny" or "CancelAfter" or "Delay"
            || node is BaseObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } creation && TypeName(creation) is "CancellationTokenSource" or "";

    private static bool IsTimer(SyntaxNode node)
        => node is InvocationExpressionSyntax call && SourceIndex.NameOf(call) is "CancelAfter" or "CreateTimer"
            || node is ObjectCreationExpressionSyntax creation && TypeName(creation) is "Timer" or "PeriodicTimer";

    private static string TypeName(SyntaxNode creation) => creation is ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type } ? type.Identifier.ValueText : "none";
}
