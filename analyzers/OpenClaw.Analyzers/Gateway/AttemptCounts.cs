using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"How many attempts does this retry make": only where the sources spell it out; null everywhere else.</summary>
internal sealed class AttemptCounts(GatewayModel model)
{
    // The default of Polly 8, of its options for HTTP and of the policy of System.ClientModel: three retries.
    private const int Default = 4;

    /// <summary>The attempts of a loop that counts upwards.</summary>
    /// <param name="retry">The loop.</param>
    /// <param name="given">The call whose arguments the parameters of the loop's method stand for.</param>
    /// <param name="cancellationToken">The token of the analysis.</param>
    public int? OfLoop(RetryLoop retry, IInvocationOperation? given, CancellationToken cancellationToken)
    {
        if (retry.Statement is ForEachStatementSyntax { Expression: InvocationExpressionSyntax { ArgumentList.Arguments: [_, { Expression: var count }] } range })
        {
            return SourceIndex.NameOf(range) == "Range" ? NumberAt(count, given, cancellationToken) : null;
        }

        int? least = null;
        foreach ((BinaryExpressionSyntax test, bool leaves) in TestsOf(retry))
        {
            if (PassesBy(retry.Statement, test, leaves, given, cancellationToken) is { } passes && passes < (least ?? int.MaxValue))
            {
                least = Math.Max(1, passes);
            }
        }

        return least;
    }

    /// <summary>The attempts of a retry of Polly.</summary>
    public int? OfStrategy(PipelineStrategy retry, CancellationToken cancellationToken)
    {
        if (retry.IsVersion8)
        {
            return StrategyOptions.Of(retry, model, cancellationToken) is { } options
                ? new ObjectSetup(model).ValuesOf(options, "MaxRetryAttempts", cancellationToken).ToArray() switch
                {
                    [] => options.Type?.Name is "RetryStrategyOptions" or "HttpRetryStrategyOptions" ? Default : null,
                    [var retries] => NumberOf(retries, given: null, cancellationToken) + 1,
                    _ => null,
                }
                : null;
        }

        if (retry.Added.TargetMethod.Name.Contains("Forever"))
        {
            return null;
        }

        if (retry.Added.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "retryCount") is { } count)
        {
            return NumberOf(count.Value, given: null, cancellationToken) + 1;
        }

        return retry.Added.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "sleepDurations") is { } waits
            ? OfWaits(waits.Value, cancellationToken)
            : 2;
    }

    /// <summary>The attempts of the SDK's own policy.</summary>
    public int? OfSdkPolicy(IOperation policy, CancellationToken cancellationToken)
        => model.Values.OriginsOf(policy, call: null, cancellationToken) is [{ Operation: IObjectCreationOperation { Type: { } type } creation }]
            && type.HasFullName("System.ClientModel.Primitives", "ClientRetryPolicy")
                ? creation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "maxRetries") is { } retries ? NumberOf(retries.Value, given: null, cancellationToken) + 1 : Default
                : null;

    /// <summary>A list of waits, or a generator of one that says how many it makes.</summary>
    private int? OfWaits(IOperation waits, CancellationToken cancellationToken)
        => model.Values.OriginsOf(waits, call: null, cancellationToken) is not [{ Operation: var made }] ? null : made switch
        {
            IArrayCreationOperation { Initializer.ElementValues.Length: var length } => length + 1,
            IInvocationOperation generator when generator.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "retryCount") is { } count
                => NumberOf(count.Value, given: null, cancellationToken) + 1,
            _ => null,
        };

    private int? NumberAt(ExpressionSyntax expression, IInvocationOperation? given, CancellationToken cancellationToken)
        => model.OperationAt(expression, cancellationToken) is { } value ? NumberOf(value, given, cancellationToken) : null;

    /// <summary>The one whole number that the value can be. A property that can be set may come from a configuration: unknown.</summary>
    private int? NumberOf(IOperation value, IInvocationOperation? given, CancellationToken cancellationToken) => value switch
    {
        { ConstantValue: { HasValue: true, Value: int constant } } => constant,
        IConversionOperation conversion => NumberOf(conversion.Operand, given, cancellationToken),
        IParenthesizedOperation inner => NumberOf(inner.Operand, given, cancellationToken),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum => NumberOf(sum.LeftOperand, given, cancellationToken) + NumberOf(sum.RightOperand, given, cancellationToken),
        IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } difference
            => NumberOf(difference.LeftOperand, given, cancellationToken) - NumberOf(difference.RightOperand, given, cancellationToken),
        _ => model.Values.OriginsOf(value, given, cancellationToken) is [{ Operation: { ConstantValue: { HasValue: true, Value: int traced } } origin }] && !IsSetting(origin.Syntax) ? traced : null,
    };

    private static bool IsSetting(SyntaxNode value)
        => value.Parent is EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax { AccessorList: { } accessors } }
            && accessors.Accessors.Any(accessor => !accessor.IsKind(SyntaxKind.GetAccessorDeclaration));

    /// <summary>The comparisons that decide on another pass: in the loop's condition, in the filters of its catches, and before what leaves it.</summary>
    private static IEnumerable<(BinaryExpressionSyntax Test, bool Leaves)> TestsOf(RetryLoop retry)
    {
        IEnumerable<ExpressionSyntax?> conditions = retry.RetryingCatches.Count > 0 && retry.RetryingCatches.All(clause => clause.Filter is not null)
            ? retry.RetryingCatches.Select(clause => (ExpressionSyntax?)clause.Filter!.FilterExpression)
            : [];
        foreach (BinaryExpressionSyntax test in conditions.Prepend(RetryLoop.ConditionOf(retry.Statement)).SelectMany(condition => TermsOf(condition, SyntaxKind.LogicalAndExpression)))
        {
            yield return (test, false);
        }

        foreach (IfStatementSyntax branch in SyntaxFacts.DescendantsInSameFunction(retry.Body).OfType<IfStatementSyntax>())
        {
            StatementSyntax last = branch.Statement is BlockSyntax { Statements: [.., var end] } ? end : branch.Statement;
            if (last is ThrowStatementSyntax or ReturnStatementSyntax or BreakStatementSyntax)
            {
                foreach (BinaryExpressionSyntax test in TermsOf(branch.Condition, SyntaxKind.LogicalOrExpression))
                {
                    yield return (test, true);
                }
            }
        }
    }

    private static IEnumerable<BinaryExpressionSyntax> TermsOf(ExpressionSyntax? condition, SyntaxKind joint) => condition switch
    {
        ParenthesizedExpressionSyntax inner => TermsOf(inner.Expression, joint),
        BinaryExpressionSyntax both when both.IsKind(joint) => TermsOf(both.Left, joint).Concat(TermsOf(both.Right, joint)),
        BinaryExpressionSyntax test => [test],
        _ => [],
    };

    /// <summary>How many passes the loop makes when nothing but this test ends it.</summary>
    private int? PassesBy(StatementSyntax loop, BinaryExpressionSyntax test, bool leaves, IInvocationOperation? given, CancellationToken cancellationToken)
    {
        if (CounterOf(test.Left) is not { } name
            || NumberAt(test.Right, given, cancellationToken) is not { } bound
            || LimitOf(test.Kind(), bound, leaves) is not { } limit
            || OnlyStepOf(name.Identifier.ValueText, loop) is not { } step
            || StartOf(name, cancellationToken) is not { } start)
        {
            return null;
        }

        bool isStepped = step.SpanStart <= test.SpanStart
            && (loop as ForStatementSyntax)?.Incrementors.Contains(step) != true
            && (test.Left != step || step is PrefixUnaryExpressionSyntax);
        bool isBeforePass = RetryLoop.ConditionOf(loop)?.Span.Contains(test.Span) == true && loop is not DoStatementSyntax;

        // The test sees start + (passes so far) where it stands before a pass, one less where it stands in the pass and the step comes later.
        return isBeforePass ? limit - start - (isStepped ? 1 : 0) : limit - start + (isStepped ? 0 : 1);
    }

    private static IdentifierNameSyntax? CounterOf(ExpressionSyntax tested) => tested switch
    {
        IdentifierNameSyntax name => name,
        PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } step when step.IsKind(SyntaxKind.PreIncrementExpression) => name,
        PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax name } step when step.IsKind(SyntaxKind.PostIncrementExpression) => name,
        _ => null,
    };

    /// <summary>The value at which no further pass begins.</summary>
    private static int? LimitOf(SyntaxKind comparison, int bound, bool leaves) => (comparison, leaves) switch
    {
        (SyntaxKind.LessThanExpression or SyntaxKind.NotEqualsExpression, false) => bound,
        (SyntaxKind.LessThanOrEqualExpression, false) => bound + 1,
        (SyntaxKind.GreaterThanOrEqualExpression or SyntaxKind.EqualsExpression, true) => bound,
        (SyntaxKind.GreaterThanExpression, true) => bound + 1,
        _ => null,
    };

    private static ExpressionSyntax? OnlyStepOf(string name, StatementSyntax loop)
    {
        ExpressionSyntax[] writes =
        [
            .. loop.DescendantNodes().OfType<ExpressionSyntax>().Where(node => node switch
            {
                PrefixUnaryExpressionSyntax { Operand: IdentifierNameSyntax operand } => operand.Identifier.ValueText == name,
                PostfixUnaryExpressionSyntax { Operand: IdentifierNameSyntax operand } => operand.Identifier.ValueText == name,
                AssignmentExpressionSyntax { Left: IdentifierNameSyntax operand } => operand.Identifier.ValueText == name,
                _ => false,
            }),
        ];
        return writes is [var only] && (only.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PostIncrementExpression
            || only is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression, Right: LiteralExpressionSyntax { Token.Value: 1 } })
                ? only
                : null;
    }

    private int? StartOf(IdentifierNameSyntax counter, CancellationToken cancellationToken)
        => model.OperationAt(counter, cancellationToken) is ILocalReferenceOperation { Local: var local }
            && model.DeclarationsOf(local, cancellationToken).FirstOrDefault() is VariableDeclaratorSyntax { Initializer.Value: { } first }
            && model.SemanticsOf(first.SyntaxTree).GetConstantValue(first, cancellationToken) is { HasValue: true, Value: int start }
                ? start
                : null;
}
