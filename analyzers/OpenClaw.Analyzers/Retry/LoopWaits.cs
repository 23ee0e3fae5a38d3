using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>The waits of a retry loop, resolved through locals, tables and helpers.</summary>
internal sealed class LoopWaits(RetryLoop loop, SyntaxNode call, GatewayModel model, CancellationToken cancellationToken)
{
    private const int MaxDepth = 8;

    private static readonly string[] WaitWords = ["Delay", "Sleep", "Wait", "Backoff", "BackOff", "Pause", "Acquire", "Throttle"];

    // What a catch may await on its way back without pausing for the gateway.
    private static readonly string[] QuickWords = ["Log", "Write", "Flush", "Dispose", "Close"];

    /// <summary>How the waits develop, and the wait that shows it.</summary>
    public (WaitGrowth Growth, SyntaxNode? Wait) Judge()
    {
        (WaitGrowth Growth, SyntaxNode? Wait) result = (WaitGrowth.None, null);
        foreach (SyntaxNode node in SyntaxFacts.DescendantsInSameFunction(loop.Statement))
        {
            if (node is AwaitExpressionSyntax awaited && IsUnknownPause(awaited))
            {
                return (WaitGrowth.Unknown, awaited);
            }

            if (node is InvocationExpressionSyntax invocation && !invocation.Span.Contains(call.Span) && GrowthOf(invocation) is { } growth)
            {
                if (growth is WaitGrowth.Changing or WaitGrowth.Unknown)
                {
                    return (growth, invocation);
                }

                result = (growth, invocation);
            }
        }

        return result;
    }

    /// <summary>Whether every wait is as long for each caller: there is one, and nothing random in any.</summary>
    public bool LackJitter()
    {
        IInvocationOperation?[] waits =
        [
            .. SyntaxFacts.DescendantsInSameFunction(loop.Statement).OfType<InvocationExpressionSyntax>()
                .Where(invocation => !invocation.Span.Contains(call.Span) && (IsNamedLikeWait(invocation) || IsPausingHelper(invocation)))
                .Select(invocation => model.OperationAt(invocation, cancellationToken) as IInvocationOperation),
        ];
        return waits.Length > 0 && waits.All(wait => wait is not null
            && IsPlainWait(wait.TargetMethod)
            && wait.Arguments.FirstOrDefault()?.Value is { } duration
            && FixedDurations.Is(duration, model, cancellationToken));
    }

    /// <summary>Whether a catch that comes back waits for something out of sight: a signal, a new connection, another service.</summary>
    private bool IsUnknownPause(AwaitExpressionSyntax awaited)
    {
        if (!loop.RetryingCatches.Any(clause => clause.Block.Span.Contains(awaited.Span)))
        {
            return false;
        }

        ExpressionSyntax task = awaited.Expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } chained }
            ? chained.Expression
            : awaited.Expression;
        return task is not InvocationExpressionSyntax invocation
            || (model.OperationAt(invocation, cancellationToken) is IInvocationOperation { TargetMethod: var method }
                && !IsPlainWait(method)
                && (method.IsAbstract || !model.IsDeclaredHere(method))
                && !QuickWords.Any(word => method.Name.StartsWith(word, StringComparison.Ordinal)));
    }

    private static bool IsPlainWait(IMethodSymbol method)
        => method is { Name: "Delay", ContainingType.Name: "Task" } or { Name: "Sleep", ContainingType.Name: "Thread" }
            || (method is { Name: "WaitOne", ContainingType.Name: "WaitHandle" } or { Name: "Wait", ContainingType.Name: "ManualResetEventSlim" }
                && method.Parameters is [{ Type: { SpecialType: SpecialType.System_Int32 } or { Name: "TimeSpan" } }, ..]);

    private static bool IsNamedLikeWait(InvocationExpressionSyntax invocation)
    {
        string name = SourceIndex.NameOf(invocation).TrimStart('_');
        return WaitWords.Any(word => name.IndexOf(word, StringComparison.Ordinal) >= 0 || name.StartsWith(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Null where the invocation is no wait.</summary>
    private WaitGrowth? GrowthOf(InvocationExpressionSyntax invocation)
    {
        if (!IsNamedLikeWait(invocation))
        {
            return IsPausingHelper(invocation) ? WaitGrowth.Unknown : null;
        }

        if (model.OperationAt(invocation, cancellationToken) is not IInvocationOperation wait)
        {
            return WaitGrowth.Unknown;
        }

        if (IsPlainWait(wait.TargetMethod))
        {
            return wait.Arguments.FirstOrDefault()?.Value is { } duration ? GrowthOfDuration(duration) : WaitGrowth.Unknown;
        }

        // The wait of a semaphore, of a task or of a socket is no pause between attempts.
        if (wait.TargetMethod.Name is "WaitAsync" or "Wait" or "WaitAll" or "WaitAny" or "WaitOne" && !model.IsDeclaredHere(wait.TargetMethod))
        {
            return null;
        }

        return wait.TargetMethod.Name == "WaitForNextTickAsync" ? WaitGrowth.Constant : WaitGrowth.Unknown;
    }

    /// <summary>Whether the invocation runs a method of these sources that pauses: how long is its own affair.</summary>
    private bool IsPausingHelper(InvocationExpressionSyntax invocation)
        => model.SemanticsOf(invocation.SyntaxTree).GetSymbolInfo(invocation, cancellationToken).Symbol is IMethodSymbol method
            && model.DeclarationsOf(method.OriginalDefinition, cancellationToken)
                .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Any(inner => SourceIndex.NameOf(inner) is "Delay" or "Sleep" or "DelayAsync");

    private WaitGrowth GrowthOfDuration(IOperation duration)
    {
        if (DurationFacts.IsZero(duration))
        {
            return WaitGrowth.None;
        }

        Queue<(IOperation Operation, int Depth)> open = new([(duration, 0)]);
        while (open.Count > 0)
        {
            (IOperation operation, int depth) = open.Dequeue();
            foreach (IOperation part in operation.DescendantsAndSelf())
            {
                switch (part)
                {
                    case IInvocationOperation call when !IsPure(call.TargetMethod):
                    case IPropertyReferenceOperation { Property.Name: "RetryAfter" or "Current" }:
                    case IFieldReferenceOperation { Field: { IsReadOnly: false, IsConst: false } written } when !IsSteppedInLoop(written) && IsWrittenByMethods(written):
                    case IPropertyReferenceOperation { Property: { IsReadOnly: false } settable } when !IsSteppedInLoop(settable) && IsWrittenByMethods(settable):
                        return WaitGrowth.Unknown;
                    case ILocalReferenceOperation local when IsSteppedInLoop(local.Local):
                    case IParameterReferenceOperation parameter when IsSteppedInLoop(parameter.Parameter):
                    case IFieldReferenceOperation field when IsSteppedInLoop(field.Field):
                    case IPropertyReferenceOperation property when IsSteppedInLoop(property.Property):
                        return WaitGrowth.Changing;
                    case ILocalReferenceOperation local when IsFilledByCall(local.Local) || model.Values.AssignedTo(local.Local, cancellationToken).Count == 0:
                        return WaitGrowth.Unknown;
                    case ILocalReferenceOperation local when depth < MaxDepth:
                        foreach (IOperation value in model.Values.AssignedTo(local.Local, cancellationToken))
                        {
                            open.Enqueue((value, depth + 1));
                        }

                        break;
                    case IPropertyReferenceOperation property when depth < MaxDepth:
                        foreach (IOperation value in model.Values.ReturnedBy(property.Property, cancellationToken))
                        {
                            open.Enqueue((value, depth + 1));
                        }

                        break;
                }
            }
        }

        return WaitGrowth.Constant;
    }

    /// <summary>Whether a method, other than a constructor, gives the variable another value: the loop may call it.</summary>
    private bool IsWrittenByMethods(ISymbol variable)
        => model.Values.AssignedTo(variable, cancellationToken).Any(value => value.Syntax.FirstAncestorOrSelf<BaseMethodDeclarationSyntax>() is MethodDeclarationSyntax);

    /// <summary>Whether a call in the loop hands the value out: the wait that a reply names, for one.</summary>
    private bool IsFilledByCall(ILocalSymbol local)
        => loop.Statement.DescendantNodes().Any(node => node is ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument && NameOf(argument.Expression) == local.Name);

    private static bool IsPure(IMethodSymbol method)
        => method.ContainingType?.Name is "TimeSpan" or "Math" or "Convert" && method.ContainingType.ContainingNamespace.Name == "System";

    /// <summary>Whether each pass may find another value in the variable: it is the loop's own, or it is written in the loop and lives longer than a pass.</summary>
    private bool IsSteppedInLoop(ISymbol variable)
    {
        SyntaxNode? declaration = variable.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
        if (declaration is not null && declaration.SyntaxTree == loop.Statement.SyntaxTree && loop.Body.Span.Contains(declaration.Span))
        {
            return false;
        }

        if (loop.Statement is CommonForEachStatementSyntax each && declaration == each)
        {
            return true;
        }

        return loop.Statement.DescendantNodes().Any(node => Writes(node, variable.Name));
    }

    private static bool Writes(SyntaxNode node, string name) => node switch
    {
        AssignmentExpressionSyntax { Left: TupleExpressionSyntax several } => several.Arguments.Any(argument => NameOf(argument.Expression) == name),
        AssignmentExpressionSyntax assignment => NameOf(assignment.Left) == name,
        PostfixUnaryExpressionSyntax step => step.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression && NameOf(step.Operand) == name,
        PrefixUnaryExpressionSyntax step => step.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression && NameOf(step.Operand) == name,
        ArgumentSyntax { RefKindKeyword.RawKind: not 0 } argument => NameOf(argument.Expression) == name,
        _ => false,
    };

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax identifier => identifier.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
