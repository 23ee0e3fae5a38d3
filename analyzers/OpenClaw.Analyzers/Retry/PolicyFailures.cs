using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Which failures does this retry of Polly handle, though they will not heal".</summary>
internal sealed class PolicyFailures(IInvocationOperation added, GatewayCall call, InvocationExpressionSyntax execution, GatewayModel model, CancellationToken cancellationToken)
{
    private const string EveryException = "every exception";

    // These read the reply, or throw; other methods of HttpClient hand a bad status over as a result, which nobody handles by default.
    private static readonly HashSet<string> ThrowOnStatus = new(StringComparer.Ordinal)
    {
        "EnsureSuccessStatusCode", "GetStringAsync", "GetByteArrayAsync", "GetStreamAsync", "GetFromJsonAsync", "DeleteFromJsonAsync",
    };

    /// <summary>What is handled, and where that is said; null where nothing is known to be wrong.</summary>
    public (string Failures, Location Place)? Find()
        => added.TargetMethod.Name == PollyRetries.AddRetry ? OfOptions() : OfChain(((InvocationExpressionSyntax)added.Syntax).Expression);

    /// <summary>Where a strategy handles all exceptions, those of a breaker inside of it as well; null where it does not, or it is not known.</summary>
    public Location? PlaceOfAll()
        => PollyRetries.OptionsOf(added, model, cancellationToken) is not { } options ? null
            : !new ObjectSetup(model).ValuesOf(options, "ShouldHandle", cancellationToken).Any() ? SyntaxFacts.NameOf((InvocationExpressionSyntax)added.Syntax).GetLocation()
            : OfOptions() is (EveryException, var place) ? place
            : null;

    private (string Failures, Location Place)? OfOptions()
    {
        if (PollyRetries.OptionsOf(added, model, cancellationToken) is not { } options)
        {
            return null;
        }

        IOperation[] given = [.. new ObjectSetup(model).ValuesOf(options, "ShouldHandle", cancellationToken)];
        return given switch
        {
            [] when ThrowsOnStatus() => ("every exception, as without a ShouldHandle", SyntaxFacts.NameOf((InvocationExpressionSyntax)added.Syntax).GetLocation()),
            [var handled] when model.Values.OriginsOf(handled, call: null, cancellationToken) is [{ Operation: var origin }] => OfPredicate(origin),
            _ => null,
        };
    }

    private bool ThrowsOnStatus()
        => call.Client.Family != ClientFamily.HttpClient
            || execution.ArgumentList.DescendantNodes().OfType<InvocationExpressionSyntax>().Append(call.Syntax).Any(invocation => ThrowOnStatus.Contains(SourceIndex.NameOf(invocation)));

    private (string Failures, Location Place)? OfPredicate(IOperation predicate)
        => predicate is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Body.Operations: [IReturnOperation { ReturnedValue: { } result }] } }
            ? IsTrue(result) ? (EveryException, result.Syntax.GetLocation()) : null
            : OfChain(predicate.Syntax);

    private static bool IsTrue(IOperation result) => result switch
    {
        IConversionOperation conversion => IsTrue(conversion.Operand),
        IInvocationOperation { TargetMethod: { Name: "True", ContainingType.Name: "PredicateResult" } } => true,
        _ => false,
    };

    /// <summary>A chain of <c>Handle</c> and <c>Or</c>, in the words of both versions.</summary>
    private (string Failures, Location Place)? OfChain(SyntaxNode chain)
        => chain.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>()
            .Where(invocation => !invocation.Ancestors().TakeWhile(node => node != chain).Any(node => node is AnonymousFunctionExpressionSyntax))
            .Select(Judge)
            .LastOrDefault(found => found is not null);

    private (string Failures, Location Place)? Judge(InvocationExpressionSyntax handle)
    {
        bool isResult = SourceIndex.NameOf(handle) is "HandleResult" or "OrResult";
        bool isException = handle.Expression is MemberAccessExpressionSyntax { Name: GenericNameSyntax { Identifier.ValueText: "Handle" or "Or", TypeArgumentList.Arguments: [var type] } }
            && HandledFailures.NameOf(type) == "Exception";
        if (!isResult && !isException)
        {
            return null;
        }

        if (isException && handle.ArgumentList.Arguments.Count == 0)
        {
            return (EveryException, SyntaxFacts.NameOf(handle).GetLocation());
        }

        if (handle.ArgumentList.Arguments is not [{ Expression: LambdaExpressionSyntax { ExpressionBody: { } body } lambda }]
            || model.OperationAt(body, cancellationToken) is not { } condition)
        {
            return null;
        }

        int[] statuses = [.. HandledFailures.Permanent.Where(status => new FailureTest(status, symbol => Tokens.IsDeclaredIn(lambda, symbol), model, cancellationToken).Ask(condition) is Answer.Yes)];
        return statuses.Length > 0 ? (HandledFailures.Describe(statuses), SyntaxFacts.NameOf(handle).GetLocation()) : null;
    }
}
