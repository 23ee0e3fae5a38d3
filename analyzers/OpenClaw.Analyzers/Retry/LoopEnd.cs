using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Does anything but success end this loop": its condition, a count, a deadline, a cancellation. What may end it out of sight counts as an end.</summary>
internal sealed class LoopEnd(RetryLoop loop, SyntaxNode site, GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
{
    // What is awaited on the way back without being able to end the loop.
    private static readonly string[] HarmlessWords = ["Delay", "Sleep", "Log", "Write", "Flush", "Dispose", "Close"];

    private readonly SemanticModel _semantics = model.SemanticsOf(loop.Statement.SyntaxTree);

    public bool IsMissing()
        // A socket is connected for as long as it takes; who reads the same state until it is good, polls.
        => call.Kind != CallKind.Connect
            && (call.Kind != CallKind.Read || loop.RetryingCatches.Count > 0)
            && GoesOnForEver()
            && !CanBeCancelled()
            && !Nodes().Any(MayEnd);

    private IEnumerable<SyntaxNode> Nodes() => SyntaxFacts.DescendantsInSameFunction(loop.Statement);

    private bool GoesOnForEver() => loop.Statement is not CommonForEachStatementSyntax && RetryLoop.ConditionOf(loop.Statement) switch
    {
        null => true,
        LiteralExpressionSyntax literal => literal.IsKind(SyntaxKind.TrueLiteralExpression),
        PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax flag } not when not.IsKind(SyntaxKind.LogicalNotExpression) => IsSetBySuccessOnly(flag),
        BinaryExpressionSyntax { Left: IdentifierNameSyntax } count => _semantics.GetConstantValue(count.Right, cancellationToken) is { HasValue: true, Value: int.MaxValue },
        _ => false,
    };

    private bool IsSetBySuccessOnly(IdentifierNameSyntax flag)
        => loop.Try is { } tried
            && _semantics.GetSymbolInfo(flag, cancellationToken).Symbol is ILocalSymbol
            && Nodes().OfType<AssignmentExpressionSyntax>()
                .Where(assignment => assignment.Left is IdentifierNameSyntax left && left.Identifier.ValueText == flag.Identifier.ValueText)
                .All(assignment => tried.Block.Span.Contains(assignment.Span));

    /// <summary>Whether a cancellation from outside leaves the loop: not where it reaches the call alone and is caught like any failure.</summary>
    private bool CanBeCancelled()
    {
        bool isPassedToCall = call.Token is { Syntax: ArgumentSyntax token }
            && Tokens.IsFromOutside(token.Expression, loop.Body, model.SemanticsOf(token.SyntaxTree), cancellationToken);
        foreach (ExpressionSyntax expression in loop.Statement.DescendantNodes().OfType<ExpressionSyntax>())
        {
            if (Tokens.IsFromOutside(expression, loop.Body, _semantics, cancellationToken))
            {
                if (loop.Try?.Block.Span.Contains(expression.Span) != true)
                {
                    return true;
                }

                isPassedToCall = true;
            }
        }

        return isPassedToCall && !SwallowsCancellation();
    }

    private bool SwallowsCancellation()
        => loop.Try?.Catches.FirstOrDefault(HandledFailures.MayCatchCancellation) is { Filter: null } first && loop.RetryingCatches.Contains(first);

    /// <summary>Whether the node leaves the loop for another reason than success or the kind of the failure.</summary>
    private bool MayEnd(SyntaxNode node) => node switch
    {
        CatchFilterClauseSyntax filter when loop.RetryingCatches.Contains(filter.Parent) => AsksForMore(filter.FilterExpression),
        ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or GotoStatementSyntax or YieldStatementSyntax { ReturnOrBreakKeyword.RawKind: (int)SyntaxKind.BreakKeyword }
            => IsConditioned(node),
        BreakStatementSyntax => LoopOf(node) == loop.Statement && IsConditioned(node),
        InvocationExpressionSyntax invocation => !IsTried(node) && MayThrow(invocation),
        _ => false,
    };

    /// <summary>Whether an exit depends on something that outlives the pass: on the way to it, or, behind the call, in what stands before it.</summary>
    private bool IsConditioned(SyntaxNode exit)
    {
        SyntaxNode region = exit.Ancestors().FirstOrDefault(node => node == loop.Body || node == loop.Try?.Block || node is CatchClauseSyntax) ?? loop.Body;
        IEnumerable<SyntaxNode> around = exit.Ancestors().TakeWhile(node => node != loop.Statement);
        IEnumerable<SyntaxNode> before = region.DescendantNodes().Where(node => node.SpanStart < exit.SpanStart && IsTried(node) == IsTried(exit));
        return around.Concat(before).Select(QuestionOf).Any(question => question is not null && AsksForMore(question));
    }

    private static ExpressionSyntax? QuestionOf(SyntaxNode node) => node switch
    {
        IfStatementSyntax branch => branch.Condition,
        SwitchStatementSyntax choice => choice.Expression,
        ConditionalExpressionSyntax choice => choice.Condition,
        WhileStatementSyntax inner => inner.Condition,
        BinaryExpressionSyntax either when either.IsKind(SyntaxKind.CoalesceExpression) => either.Left,
        CatchClauseSyntax { Filter: { } filter } => filter.FilterExpression,
        _ => null,
    };

    private bool IsTried(SyntaxNode node) => loop.Try?.Block.Span.Contains(node.Span) == true;

    private static SyntaxNode? LoopOf(SyntaxNode exit)
        => exit.Ancestors().FirstOrDefault(node => RetryLoop.BodyOf(node) is not null || node is SwitchStatementSyntax);

    /// <summary>Whether a condition asks for more than the pass itself has brought: a count, the time, a setting.</summary>
    private bool AsksForMore(SyntaxNode condition) => AsksForMore(condition, depth: 0);

    private bool AsksForMore(SyntaxNode condition, int depth)
        => condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => _semantics.GetSymbolInfo(name, cancellationToken).Symbol switch
        {
            ILocalSymbol { IsConst: true } => false,
            ILocalSymbol local => !Tokens.IsDeclaredIn(loop.Body, local) || IsMadeOfMore(local, depth),
            IParameterSymbol parameter => !Tokens.IsDeclaredIn(condition, parameter),
            IFieldSymbol field => !field.IsConst && field.ContainingType.TypeKind != TypeKind.Enum && !IsPartOfOther(name),
            IPropertySymbol property => !IsPartOfOther(name) || property.IsStatic,
            IMethodSymbol method => !method.IsStatic && !IsPartOfOther(name),
            null => true,
            _ => false,
        });

    /// <summary>A local of the pass that stands for something else than the reply.</summary>
    private bool IsMadeOfMore(ILocalSymbol local, int depth)
        => depth < 3
            && local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && !value.DescendantNodesAndSelf().Any(node => node == site || node is AwaitExpressionSyntax)
            && AsksForMore(value, depth + 1);

    /// <summary>Whether the name is a member of what stands before the dot, which is judged by itself.</summary>
    private static bool IsPartOfOther(IdentifierNameSyntax name)
        => name.Parent is MemberBindingExpressionSyntax or NameColonSyntax
            || (name.Parent is MemberAccessExpressionSyntax { Expression: not ThisExpressionSyntax } access && access.Name == name);

    /// <summary>Whether what is called on the way back may refuse to go on.</summary>
    private bool MayThrow(InvocationExpressionSyntax invocation)
    {
        if (invocation.Span.Contains(site.Span) || model.OperationAt(invocation, cancellationToken) is not IInvocationOperation { TargetMethod: var method })
        {
            return false;
        }

        if (model.IsDeclaredHere(method) && !method.IsAbstract)
        {
            return model.DeclarationsOf(method.OriginalDefinition, cancellationToken).Any(declaration => declaration.DescendantNodes().Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax));
        }

        return (invocation.Parent is AwaitExpressionSyntax || method.Name.StartsWith("Throw", StringComparison.Ordinal))
            && !HarmlessWords.Any(word => method.Name.IndexOf(word, StringComparison.Ordinal) >= 0);
    }
}
