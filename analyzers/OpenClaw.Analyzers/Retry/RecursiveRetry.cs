using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>A method that calls itself again, with what it was given, when its gateway call fails. Only the form without any end is taken for one.</summary>
internal sealed class RecursiveRetry(InvocationExpressionSyntax again, GatewayCall call) : RetryConstruct(call)
{
    public override Location Head => SyntaxFacts.NameOf(again).GetLocation();

    public override WaitGrowth Growth => WaitGrowth.Unknown;

    public override Location WaitLocation => Head;

    public override bool LacksJitter => false;

    public override bool MayHaveBreaker => true;

    public override Location? RepeatsRejections => null;

    public static RecursiveRetry? Find(CatchClauseSyntax clause, GatewayModel model, CancellationToken cancellationToken)
    {
        if (AgainIn(clause) is not (var again, { } function)
            || clause.Filter is not null
            || !LoopRetries.IsTransport(clause)
            || HasWayOut(function, clause)
            || model.OperationAt(again, cancellationToken) is not IInvocationOperation { TargetMethod: var method } operation
            || !method.OriginalDefinition.Equals(model.DeclaredAt(function, cancellationToken), SymbolEqualityComparer.Default)
            || method.Parameters.Any(parameter => parameter.Type.HasFullName("System.Threading", "CancellationToken"))
            || !operation.Arguments.All(argument => argument.Value is IParameterReferenceOperation given && given.Parameter.Ordinal == argument.Parameter?.Ordinal)
            || clause.Block.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(other => other != again && IsOwn(other, model, cancellationToken)))
        {
            return null;
        }

        GatewayCall? call = ((TryStatementSyntax)clause.Parent!).Block.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(invocation => model.Reach.FromNear(invocation, cancellationToken))
            .FirstOrDefault(found => found is not null);
        return call is { Kind: not (CallKind.Receive or CallKind.Probe or CallKind.Connect), Token: null } ? new RecursiveRetry(again, call) : null;
    }

    /// <summary>The call by which the catch starts its own function again: a cheap look at names, before anything is bound.</summary>
    public static (InvocationExpressionSyntax Again, SyntaxNode Function)? AgainIn(CatchClauseSyntax clause)
    {
        SyntaxNode? function = clause.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);
        string? name = function switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            LocalFunctionStatementSyntax local => local.Identifier.ValueText,
            _ => null,
        };
        return name is not null
            && SyntaxFacts.DescendantsInSameFunction(clause.Block).OfType<InvocationExpressionSyntax>().FirstOrDefault(invocation => SourceIndex.NameOf(invocation) == name) is { } again
                ? (again, function!)
                : null;
    }

    protected override bool FindWhetherEndless() => true;

    protected override (string Failures, Location Place)? FindPermanentFailures() => null;

    /// <summary>Whether a question is asked, or something counted, outside of what is tried: that may end it.</summary>
    private static bool HasWayOut(SyntaxNode function, CatchClauseSyntax clause)
        => function.DescendantNodes().Any(node => node
            is IfStatementSyntax or SwitchStatementSyntax or ConditionalExpressionSyntax or SwitchExpressionSyntax or ThrowStatementSyntax or ThrowExpressionSyntax
                or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax or AssignmentExpressionSyntax
            && !((TryStatementSyntax)clause.Parent!).Block.Span.Contains(node.Span));

    /// <summary>A method of the user's may count, and throw.</summary>
    private static bool IsOwn(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
        => model.OperationAt(invocation, cancellationToken) is not IInvocationOperation { TargetMethod: var method } || model.IsDeclaredHere(method);
}
