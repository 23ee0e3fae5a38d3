using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"After which failures does this loop come back, though they will not heal": its catches, their filters, and the ways out of them.</summary>
internal sealed class LoopFailures(RetryLoop loop, GatewayModel model, CancellationToken cancellationToken)
{
    private readonly SemanticModel _semantics = model.SemanticsOf(loop.Statement.SyntaxTree);

    /// <summary>The catches that take what will not heal and come back; empty where none is known to.</summary>
    public IReadOnlyList<(CatchClauseSyntax Clause, IReadOnlyList<int> Statuses)> Catches()
        =>
        [
            .. loop.RetryingCatches
                .Where(clause => HandledFailures.IsForAll(clause) || (clause.Filter is { } filter && LoopRetries.IsTransport(clause) && filter.ToString().Contains("Status")))
                .Select(clause => (clause, (IReadOnlyList<int>)[.. HandledFailures.Permanent.Where(status => ComesBack(clause, status))]))
                .Where(found => found.Item2.Count > 0),
        ];

    /// <summary>The statuses that will not heal and after which a loop over replies asks again.</summary>
    public IReadOnlyList<int> Statuses()
        => [.. HandledFailures.Permanent.Where(ComesBack)];

    /// <summary>Whether a loop over replies asks again after a status.</summary>
    public bool ComesBack(int status) => loop.RepeatsOnStatus && Follow([loop.Body], TestFor(status)) is not Way.Out;

    /// <summary>Whether a catch comes back after an exception that stands for a status.</summary>
    public bool ComesBack(CatchClauseSyntax clause, int status)
    {
        FailureTest test = TestFor(status);
        return loop.Try!.Catches.TakeWhile(before => before != clause).All(before => LetsPass(before, test))
            && (clause.Filter is null || Ask(clause.Filter.FilterExpression, test) is Answer.Yes or Answer.Either)
            && Follow([clause.Block], test) is not Way.Out
            && !IsJudgedLater(clause, test);
    }

    private FailureTest TestFor(int status) => new(status, symbol => Tokens.IsDeclaredIn(loop.Body, symbol), model, cancellationToken);

    /// <summary>Whether a clause above leaves the failure to those below.</summary>
    private bool LetsPass(CatchClauseSyntax clause, FailureTest test)
        => loop.RetryingCatches.Contains(clause)
            || HandledFailures.SaysNothingOfStatus(HandledFailures.NameOf(clause))
            || (clause.Filter is { } filter && Ask(filter.FilterExpression, test) is Answer.No or Answer.Either);

    private Answer Ask(ExpressionSyntax condition, FailureTest test)
        => _semantics.GetOperation(condition, cancellationToken) is { } operation ? test.Ask(operation) : Answer.Unknown;

    /// <summary>Where statements lead for a failure. What cannot be told leads out: then nothing is reported.</summary>
    private Way Follow(IEnumerable<StatementSyntax> statements, FailureTest test)
    {
        foreach (StatementSyntax statement in statements)
        {
            Way way = Follow(statement, test);
            if (way != Way.On)
            {
                return way;
            }
        }

        return Way.On;
    }

    private Way Follow(StatementSyntax statement, FailureTest test) => statement switch
    {
        BlockSyntax block => Follow(block.Statements, test),
        IfStatementSyntax branch => Follow(branch, test),
        TryStatementSyntax tried => Follow(tried.Block, test),
        UsingStatementSyntax used => Follow(used.Statement, test),
        LockStatementSyntax locked => Follow(locked.Statement, test),
        ContinueStatementSyntax => Way.Back,
        ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or GotoStatementSyntax or YieldStatementSyntax => Way.Out,
        _ => MayLeave(statement, test) ? Way.Out : Way.On,
    };

    private Way Follow(IfStatementSyntax branch, FailureTest test)
    {
        Way Then() => Follow(branch.Statement, test);
        Way Else() => branch.Else is { } otherwise ? Follow(otherwise.Statement, test) : Way.On;
        switch (Ask(branch.Condition, test))
        {
            case Answer.Yes:
                return Then();
            case Answer.No:
                return Else();
            case Answer.Either:
                (Way then, Way otherwise) = (Then(), Else());
                return then == Way.Out ? otherwise : otherwise == Way.Out ? then : Way.On;
            default:
                return Then() == Way.On && Else() == Way.On ? Way.On : Way.Out;
        }
    }

    /// <summary>Whether a plain statement, or one that is not followed, may keep the failure from coming back.</summary>
    private bool MayLeave(StatementSyntax statement, FailureTest test)
        => SyntaxFacts.DescendantsInSameFunction(statement).Any(node => node switch
        {
            ThrowExpressionSyntax or ReturnStatementSyntax or ThrowStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax => true,
            InvocationExpressionSyntax invocation => model.OperationAt(invocation, cancellationToken) is IInvocationOperation operation && MayThrow(operation, test),
            _ => false,
        });

    private bool MayThrow(IInvocationOperation call, FailureTest test)
        => call.TargetMethod.Name.StartsWith("Ensure", StringComparison.Ordinal)
            || call.TargetMethod.Name.StartsWith("Throw", StringComparison.Ordinal)
            || (test.IsAbout(call)
                && model.DeclarationsOf(call.TargetMethod.OriginalDefinition, cancellationToken).Any(declaration => declaration.DescendantNodes().Any(node => node is ThrowStatementSyntax or ThrowExpressionSyntax)));

    /// <summary>Whether the failure is kept in a variable that another condition of the loop asks for.</summary>
    private bool IsJudgedLater(CatchClauseSyntax clause, FailureTest test)
    {
        HashSet<string> kept =
        [
            .. clause.Block.DescendantNodes().OfType<AssignmentExpressionSyntax>()
                .Where(assignment => _semantics.GetOperation(assignment.Right, cancellationToken) is { } value && test.IsAbout(value))
                .Select(assignment => assignment.Left.GetLastToken().ValueText),
        ];
        return kept.Count > 0 && loop.Statement.DescendantNodes()
            .Select(node => node switch
            {
                IfStatementSyntax branch => branch.Condition,
                SwitchStatementSyntax choice => choice.Expression,
                StatementSyntax inner => RetryLoop.ConditionOf(inner),
                _ => null,
            })
            .Append(RetryLoop.ConditionOf(loop.Statement))
            .Any(condition => condition?.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => kept.Contains(name.Identifier.ValueText)) == true);
    }

    private enum Way
    {
        On,
        Back,
        Out,
    }
}
