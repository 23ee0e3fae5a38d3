using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What ends the wait for a task.</summary>
internal enum WaitEnd
{
    /// <summary>The end of the task.</summary>
    OfTask,

    /// <summary>The end of the task, or a time before.</summary>
    OfTime,

    /// <summary>Code out of sight decides.</summary>
    Unknown,
}

/// <summary>
/// "How long does anybody wait for this task": <c>WaitAsync(timeout)</c> and <c>WhenAny(task, Task.Delay(…))</c> on the call, on the variable that
/// takes its task, or around every call in sight of the method that makes it.
/// </summary>
internal sealed class TaskWait(GatewayModel model, TokenTracer tokens)
{
    private const int MaxCallerDepth = 3;

    public WaitEnd Of(GatewayCall call, CancellationToken cancellationToken)
    {
        WaitEnd end = WaitEnd.OfTime;
        List<SyntaxNode> waits = [call.Syntax];
        for (int depth = 0; waits.Count > 0; depth++)
        {
            List<SyntaxNode> around = [];
            foreach (SyntaxNode wait in waits)
            {
                WaitEnd here = At((ExpressionSyntax)wait, followVariable: true, cancellationToken);
                IReadOnlyList<SyntaxNode> callers = [];
                if (here == WaitEnd.OfTask && depth < MaxCallerDepth)
                {
                    here = Around(wait, out callers, cancellationToken);
                    around.AddRange(callers);
                }

                end = callers.Count == 0 || here == WaitEnd.Unknown ? Weaker(end, here) : end;
            }

            waits = around;
        }

        return end;
    }

    /// <summary>One way to wait for the task alone is enough.</summary>
    private static WaitEnd Weaker(WaitEnd left, WaitEnd right)
        => left == WaitEnd.OfTask || right == WaitEnd.OfTask ? WaitEnd.OfTask
            : left == WaitEnd.Unknown || right == WaitEnd.Unknown ? WaitEnd.Unknown
            : WaitEnd.OfTime;

    /// <summary>Who waits for the function in which the task is waited for: its callers, or whoever runs the lambda.</summary>
    private WaitEnd Around(SyntaxNode wait, out IReadOnlyList<SyntaxNode> callers, CancellationToken cancellationToken)
    {
        callers = [];
        if (wait.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is AnonymousFunctionExpressionSyntax lambda)
        {
            if (RequestHandlers.IsMapped(lambda, model, cancellationToken))
            {
                return tokens.LimitOfRequest(cancellationToken) == TokenLimit.None ? WaitEnd.OfTask : WaitEnd.Unknown;
            }

            if (lambda.Parent is ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax runner } && !MayLimit(runner, cancellationToken))
            {
                callers = [runner];
            }

            return callers.Count == 0 && lambda.Parent is ArgumentSyntax or EqualsValueClauseSyntax ? WaitEnd.Unknown : WaitEnd.OfTask;
        }

        if (model.SemanticsOf(wait.SyntaxTree).GetEnclosingSymbol(wait.SpanStart, cancellationToken) is IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method)
        {
            callers = [.. model.Callers.SitesOf(method, cancellationToken)];
            return model.Callers.AreAllCallsKnown(method, cancellationToken) ? WaitEnd.OfTask : WaitEnd.Unknown;
        }

        return WaitEnd.OfTask;
    }

    /// <summary>Whether the method that is given a lambda may wait for it only so long: seen in its body, or a method of a library that is not the framework's.</summary>
    private bool MayLimit(InvocationExpressionSyntax runner, CancellationToken cancellationToken)
    {
        if (model.OperationAt(runner, cancellationToken) is not IInvocationOperation { TargetMethod: var method })
        {
            return true;
        }

        return model.IsDeclaredHere(method)
            ? model.DeclarationsOf(method, cancellationToken).SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Any(node => SourceIndex.NameOf(node) is "WaitAsync" or "WhenAny" or "CancelAfter" or "Wait")
            : !method.ContainingType.IsWithin("System") && !ResilienceSymbols.IsExecution(method);
    }

    private WaitEnd At(ExpressionSyntax task, bool followVariable, CancellationToken cancellationToken)
    {
        SyntaxNode value = task;
        while (true)
        {
            switch (value.Parent)
            {
                case ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax or ConditionalAccessExpressionSyntax or BinaryExpressionSyntax:
                    value = value.Parent;
                    continue;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next } access when access.Expression == value:
                    switch (access.Name.Identifier.ValueText)
                    {
                        case "ConfigureAwait" or "GetAwaiter" or "AsTask" or "GetResult":
                            value = next;
                            continue;
                        case "WaitAsync" or "Wait" or "WithCancellation":
                            WaitEnd end = ByArguments(next, cancellationToken);
                            if (end != WaitEnd.OfTask)
                            {
                                return end;
                            }

                            value = next;
                            continue;
                        default:
                            return ReturnsTask(task, cancellationToken) ? WaitEnd.Unknown : WaitEnd.OfTask;
                    }

                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax combined } when SourceIndex.NameOf(combined) == "WhenAll":
                    value = combined;
                    continue;
                case ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax combined } argument when SourceIndex.NameOf(combined) == "WhenAny":
                    return combined.ArgumentList.Arguments.Any(other => other != argument && IsDelay(other.Expression, cancellationToken)) ? WaitEnd.OfTime : WaitEnd.Unknown;
                case ArgumentSyntax or InitializerExpressionSyntax or YieldStatementSyntax:
                    return WaitEnd.Unknown;
                case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } when ReturnsTask(task, cancellationToken):
                    return followVariable ? AtUses(variable, cancellationToken) : WaitEnd.Unknown;
                case AssignmentExpressionSyntax { Left: not IdentifierNameSyntax { Identifier.ValueText: "_" } } when ReturnsTask(task, cancellationToken):
                    return WaitEnd.Unknown;
                default:
                    return WaitEnd.OfTask;
            }
        }
    }

    private WaitEnd AtUses(VariableDeclaratorSyntax variable, CancellationToken cancellationToken)
    {
        SyntaxNode scope = variable.Ancestors().FirstOrDefault(node => node is BlockSyntax or SwitchSectionSyntax or CompilationUnitSyntax) ?? variable;
        IEnumerable<WaitEnd> uses = scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(use => use.Identifier.ValueText == variable.Identifier.ValueText && use.SpanStart > variable.Span.End)
            .Select(use => At(use, followVariable: false, cancellationToken));

        // After a limited wait the same task is often awaited again, for its result: it has ended by then.
        return uses.Select(end => (WaitEnd?)end).FirstOrDefault(end => end != WaitEnd.OfTask) ?? WaitEnd.OfTask;
    }

    private WaitEnd ByArguments(InvocationExpressionSyntax wait, CancellationToken cancellationToken)
    {
        WaitEnd end = WaitEnd.OfTask;
        foreach (ArgumentSyntax argument in wait.ArgumentList.Arguments)
        {
            if (model.OperationAt(argument.Expression, cancellationToken) is not { Type: { } type } operation)
            {
                return WaitEnd.Unknown;
            }

            TokenLimit limit = type.HasFullName("System.Threading", "CancellationToken") ? tokens.LimitOf(operation, cancellationToken)
                : DurationFacts.IsInfinite(operation, model, cancellationToken) ? TokenLimit.None
                : TokenLimit.Timed;
            if (limit != TokenLimit.None)
            {
                end = limit == TokenLimit.Timed ? WaitEnd.OfTime : end == WaitEnd.OfTime ? end : WaitEnd.Unknown;
            }
        }

        return end;
    }

    private bool IsDelay(ExpressionSyntax other, CancellationToken cancellationToken)
        => model.OperationAt(other, cancellationToken) is { } operation
            && model.Values.OriginsOf(operation, call: null, cancellationToken).Any(origin => origin.Operation
                is IInvocationOperation { TargetMethod: { Name: "Delay", ContainingType.Name: "Task" }, Arguments: [{ Value: var time }, ..] }
                && !DurationFacts.IsInfinite(time, model, cancellationToken));

    private bool ReturnsTask(ExpressionSyntax expression, CancellationToken cancellationToken)
        => model.SemanticsOf(expression.SyntaxTree).GetTypeInfo(expression, cancellationToken).Type.IsWithin("System.Threading.Tasks");
}
