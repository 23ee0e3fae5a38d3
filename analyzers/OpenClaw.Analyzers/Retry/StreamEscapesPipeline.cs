using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>OCG1113: a stream leaves the pipeline, or the retry loop, before it is read.</summary>
internal sealed class StreamEscapesPipeline : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.StreamEscapesPipeline;

    public override void Check(CallContext context)
    {
        if (Of(context.Call, context.Model, context.CancellationToken) is { } escape)
        {
            context.ReportWith([escape.From.GetLocation()], Descriptor, context.Call.Name, escape.Place, escape.Consequence);
        }
    }

    /// <summary>What the stream of a call leaves before it is read, and what follows; null where it does not, or where nothing is lost.</summary>
    public static (SyntaxNode From, string Place, string Consequence)? Of(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
    {
        bool isUnsent = call.Shape is CallShape.AsyncStream or CallShape.Stream;
        if (!isUnsent && !CallDeadline.LeavesBodyUnread(call))
        {
            return null;
        }

        if (ExecutedLambda.Around(call.Syntax, model, cancellationToken) is { } execution)
        {
            return !execution.Call.TargetMethod.Name.StartsWith("ExecuteStreaming", StringComparison.Ordinal)
                && Leaves(call.Syntax, execution.Lambda)
                && ConsequenceOf(execution, isUnsent) is { } consequence
                    ? (execution.Call.Syntax, "pipeline", consequence)
                    : null;
        }

        return isUnsent
            && RetryLoop.Around(call.Syntax, model.SemanticsOf(call.Syntax.SyntaxTree)) is { Try: { } attempt, Purpose: LoopPurpose.Retry or LoopPurpose.Failover } loop
            && Leaves(call.Syntax, attempt.Block)
                ? (loop.Statement, "retry", "nothing is sent before the first element is asked for, and no failure comes back to the loop")
                : null;
    }

    /// <summary>
    /// A response whose headers have come is retried rightly: what was read cannot be read again. But a time limit that ends there is none for the body,
    /// and cancels the token that the body is read with. Our own pipeline guards what leaves it.
    /// </summary>
    private static string? ConsequenceOf(ExecutedLambda execution, bool isUnsent)
        => isUnsent ? "nothing is sent before the first element is asked for, and neither retries nor time limits see a failure"
            : execution.Has(StrategyKind.Timeout) ? "its time limit ends with the headers, and a body that stalls has none"
            : null;

    /// <summary>Whether the stream itself is what the code hands out, at once or by a variable that is not read inside.</summary>
    private static bool Leaves(InvocationExpressionSyntax stream, SyntaxNode scope)
    {
        SyntaxNode value = stream;
        while (value.Parent is AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or ConditionalExpressionSyntax || IsWrapped(value))
        {
            value = value.Parent is ArgumentSyntax { Parent.Parent: { } wrapper } ? wrapper : value.Parent!;
        }

        string? variable = value.Parent switch
        {
            ReturnStatementSyntax => "",
            LambdaExpressionSyntax lambda when lambda == scope => "",
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax target, Parent: ExpressionStatementSyntax } => target.Identifier.ValueText,
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax local } => local.Identifier.ValueText,
            _ => null,
        };
        if (variable is null or "")
        {
            return variable is not null;
        }

        IdentifierNameSyntax[] uses = [.. scope.DescendantNodes().OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == variable)];
        bool isHandedOut = uses.Any(use => use.Parent is ReturnStatementSyntax) || value.Parent is AssignmentExpressionSyntax && scope is BlockSyntax;
        return isHandedOut && uses.All(use => use.Parent is ReturnStatementSyntax or AssignmentExpressionSyntax or MemberAccessExpressionSyntax
        {
            Name.Identifier.ValueText: "EnsureSuccessStatusCode" or "IsSuccessStatusCode" or "StatusCode"
        });
    }

    /// <summary>Made a task, or configured: <c>Task.FromResult(stream)</c>, <c>new ValueTask&lt;…&gt;(stream)</c>, <c>.ConfigureAwait(false)</c>.</summary>
    private static bool IsWrapped(SyntaxNode value) => value.Parent switch
    {
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax made } => SourceIndex.NameOf(made) == "FromResult",
        ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax made } => made is ImplicitObjectCreationExpressionSyntax or ObjectCreationExpressionSyntax { Type: GenericNameSyntax { Identifier.ValueText: "ValueTask" } },
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } => true,
        InvocationExpressionSyntax configured => SourceIndex.NameOf(configured) == "ConfigureAwait",
        _ => false,
    };
}
