using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>Finds the retries of Polly, in its API of version 7 and 8, that run gateway calls.</summary>
internal static class PollyRetries
{
    /// <summary>The method of version 8; all others make policies of version 7.</summary>
    public const string AddRetry = "AddRetry";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        AddRetry, "Retry", "RetryAsync", "RetryForever", "RetryForeverAsync",
        "WaitAndRetry", "WaitAndRetryAsync", "WaitAndRetryForever", "WaitAndRetryForeverAsync",
    };

    public static bool MayRetry(string methodName) => Names.Contains(methodName);

    public static PolicyRetry? Find(InvocationExpressionSyntax invocation, GatewayModel model, CancellationToken cancellationToken)
        => model.OperationAt(invocation, cancellationToken) is IInvocationOperation operation
            && operation.TargetMethod.ContainingType.IsWithin("Polly")
            && !HandlesOtherFailures(invocation, operation, model, cancellationToken)
            && PipelineUses.CallIn(invocation, model, cancellationToken) is var (call, execution)
            && new PolicyRetry(operation, call, execution, model, cancellationToken) is { RepeatsOnce: false } found
                ? found
                : null;

    /// <summary>
    /// The options of a strategy where it is in sight what they are. A type derived from the options has defaults of its own: the one for HTTP
    /// grows and has jitter.
    /// </summary>
    public static IObjectCreationOperation? OptionsOf(IInvocationOperation addRetry, GatewayModel model, CancellationToken cancellationToken)
        => addRetry.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "options")?.Value is { } argument
            && model.Values.OriginsOf(argument, call: null, cancellationToken).Select(origin => origin.Operation).OfType<IObjectCreationOperation>().ToArray()
                is [{ Type: { } type } options]
            && type.HasFullName("Polly.Retry", "RetryStrategyOptions")
                ? options
                : null;

    /// <summary>Whether the retry is for answers that are no good, or for an expired key: asked again at once, and rightly so.</summary>
    private static bool HandlesOtherFailures(InvocationExpressionSyntax invocation, IInvocationOperation retry, GatewayModel model, CancellationToken cancellationToken)
    {
        SyntaxNode[] scopes =
        [
            invocation.Expression,
            .. retry.Arguments.Where(argument => argument.Parameter?.Name == "options")
                .SelectMany(argument => model.Values.OriginsOf(argument.Value, call: null, cancellationToken))
                .Select(origin => origin.Operation.Syntax),
        ];
        SimpleNameSyntax[] names = [.. scopes.SelectMany(scope => scope.DescendantNodes()).OfType<SimpleNameSyntax>()];
        string[] handled =
        [
            .. names.OfType<GenericNameSyntax>()
                .Where(name => name.Identifier.ValueText is "Handle" or "Or" or "HandleInner" or "OrInner")
                .SelectMany(name => name.TypeArgumentList.Arguments)
                .Select(type => type.GetLastToken().ValueText),
        ];
        return names.Any(name => name.Identifier.ValueText == "Unauthorized")
            || (handled.Length > 0
                && !handled.Any(LoopRetries.IsTransportException)
                && !names.Any(name => name.Identifier.ValueText is "HandleResult" or "OrResult"));
    }
}
