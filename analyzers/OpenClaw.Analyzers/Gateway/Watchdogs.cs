using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"May this code run because a time has passed": behind a wait, in the callback of a timer, or when a token with a limit ends.</summary>
internal sealed class Watchdogs(GatewayModel model, TokenTracer tokens)
{
    private static readonly HashSet<string> Waits = new(StringComparer.Ordinal) { "Delay", "WaitForNextTickAsync", "Sleep" };

    /// <param name="code">The code.</param>
    /// <param name="sources">What is known of cancellation sources on the way here.</param>
    /// <param name="cancellationToken">Ends the analysis.</param>
    public bool Reach(SyntaxNode code, Dictionary<object, TokenLimit> sources, CancellationToken cancellationToken)
        => code.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is { } function
            && (WaitsBefore(function, code) || DelegatesOf(function, cancellationToken).Any(callback => IsCalledByTimer(callback, sources, cancellationToken)));

    /// <summary>Also in the round of a loop before. A wait that only follows, such as a pause after an old session was cancelled, limits nothing.</summary>
    private static bool WaitsBefore(SyntaxNode function, SyntaxNode code)
        => function.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(node => Waits.Contains(SourceIndex.NameOf(node)))
            .Any(wait => wait.SpanStart < code.SpanStart || ShareLoop(wait, code));

    private static bool ShareLoop(SyntaxNode wait, SyntaxNode code)
        => code.Ancestors().TakeWhile(static node => !SyntaxFacts.IsFunctionBoundary(node)).Any(node => RetryLoop.BodyOf(node) is not null && node.Span.Contains(wait.Span));

    /// <summary>The lambda itself, or the places that make a delegate of the method.</summary>
    private IEnumerable<SyntaxNode> DelegatesOf(SyntaxNode function, CancellationToken cancellationToken) => function switch
    {
        AnonymousFunctionExpressionSyntax lambda => [lambda],
        MethodDeclarationSyntax or LocalFunctionStatementSyntax when model.DeclaredAt(function, cancellationToken) is IMethodSymbol method
            => model.Callers.ReferencesTo(method, cancellationToken).Select(reference => reference.Syntax),
        _ => [],
    };

    private bool IsCalledByTimer(SyntaxNode callback, Dictionary<object, TokenLimit> sources, CancellationToken cancellationToken) => callback.Parent switch
    {
        // A command runs when somebody presses a button; what another object does with a callback is out of sight.
        ArgumentSyntax { Parent.Parent: BaseObjectCreationExpressionSyntax creation }
            => model.OperationAt(creation, cancellationToken)?.Type?.Name.EndsWith("Command", StringComparison.Ordinal) != true,
        ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation } => IsScheduled(invocation, sources, cancellationToken),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression, Left: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Elapsed" or "Tick" } } => true,
        _ => false,
    };

    private bool IsScheduled(InvocationExpressionSyntax invocation, Dictionary<object, TokenLimit> sources, CancellationToken cancellationToken)
        => SourceIndex.NameOf(invocation) is "ContinueWith" or "CreateTimer"
            || (model.OperationAt(invocation, cancellationToken) is IInvocationOperation { TargetMethod: var method } operation
                && (method.Parameters.Any(parameter => parameter.Type.HasFullName("System", "TimeSpan"))
                    || (operation.Instance is { } token && token.Type.HasFullName("System.Threading", "CancellationToken")
                        && tokens.LimitOf(token, sources, cancellationToken) != TokenLimit.None)));
}
