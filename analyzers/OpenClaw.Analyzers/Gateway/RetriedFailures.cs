using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>After which failures of a gateway a retry comes back.</summary>
/// <param name="Exceptions">Whether after an exception of the transport.</param>
/// <param name="Results">Whether after an answer with a bad status.</param>
/// <param name="Statuses">The only statuses after which it does; null where it does not name them.</param>
internal sealed record RetriedFailures(bool Exceptions, bool Results, IReadOnlyCollection<int>? Statuses = null)
{
    // What the clients throw when the gateway is in trouble. A retry of anything else is for answers that are no good.
    private static readonly Dictionary<ClientFamily, string[]> Thrown = new()
    {
        [ClientFamily.OpenAI] = ["ClientResultException", "RequestFailedException", "AggregateException"],
        [ClientFamily.Azure] = ["RequestFailedException", "AggregateException"],
        [ClientFamily.Anthropic] = ["AnthropicException", "AnthropicApiException", "AnthropicIOException"],
        [ClientFamily.HttpClient] = ["HttpRequestException", "TimeoutRejectedException", "IOException"],
        [ClientFamily.WebSocket] = ["WebSocketException", "HttpRequestException", "SocketException", "IOException"],
    };

    private static readonly Dictionary<string, int> Codes = new(StringComparer.Ordinal)
    {
        ["BadRequest"] = 400, ["Unauthorized"] = 401, ["PaymentRequired"] = 402, ["Forbidden"] = 403, ["NotFound"] = 404, ["RequestTimeout"] = 408, ["Conflict"] = 409,
        ["RequestEntityTooLarge"] = 413, ["TooManyRequests"] = 429, ["InternalServerError"] = 500, ["BadGateway"] = 502, ["ServiceUnavailable"] = 503, ["GatewayTimeout"] = 504,
    };

    public static RetriedFailures None { get; } = new(false, false);

    public static RetriedFailures All { get; } = new(true, true);

    /// <summary>What the SDKs repeat by themselves, whichever it is.</summary>
    public static RetriedFailures OfSdk { get; } = new(true, false, [408, 429, 500, 502, 503, 504]);

    /// <summary>Whether one failure can make both come back.</summary>
    public bool Overlaps(RetriedFailures other)
        => ((Exceptions && other.Exceptions) || (Results && other.Results))
            && (Statuses is null || other.Statuses is null || Statuses.Intersect(other.Statuses).Any());

    /// <summary>What a loop comes back after.</summary>
    public static RetriedFailures OfLoop(RetryLoop loop, ClientFamily family)
    {
        CatchClauseSyntax[] catches = [.. loop.RetryingCatches.Where(clause => IsThrown(TypesOf(clause), family))];
        IReadOnlyCollection<int>? statuses = catches.Length > 0 && catches.All(clause => clause.Filter is not null)
            ? Merge(catches.Select(clause => StatusesIn(clause.Filter!)))
            : null;
        return new RetriedFailures(catches.Length > 0, loop.RepeatsOnStatus, statuses);
    }

    /// <summary>What a strategy of Polly handles: by the policy's <c>Handle</c> and <c>Or</c>, or by the options' <c>ShouldHandle</c>.</summary>
    public static RetriedFailures OfStrategy(PipelineStrategy retry, ClientFamily family, GatewayModel model, CancellationToken cancellationToken)
    {
        if (!retry.IsVersion8)
        {
            return OfPredicates([retry.Syntax.Expression], family);
        }

        if (StrategyOptions.Of(retry, model, cancellationToken) is not { } options)
        {
            return None;
        }

        // Left alone, it handles every exception but a cancellation, and no result; the one for HTTP handles bad statuses as well.
        SyntaxNode[] predicates = [.. new ObjectSetup(model).ValuesOf(options, "ShouldHandle", cancellationToken).Select(value => value.Syntax)];
        return predicates.Length > 0 ? OfPredicates(predicates, family)
            : options.Type?.Name == "HttpRetryStrategyOptions" ? All
            : new RetriedFailures(true, false);
    }

    private static RetriedFailures OfPredicates(SyntaxNode[] scopes, ClientFamily family)
    {
        SimpleNameSyntax[] names = [.. scopes.SelectMany(scope => scope.DescendantNodesAndSelf()).OfType<SimpleNameSyntax>()];
        string[] types =
        [
            .. names.OfType<GenericNameSyntax>()
                .Where(name => name.Identifier.ValueText is "Handle" or "Or" or "HandleInner" or "OrInner")
                .SelectMany(name => name.TypeArgumentList.Arguments)
                .Select(type => type.GetLastToken().ValueText),
            .. scopes.SelectMany(TestedTypes),
        ];
        bool isTransient = names.Any(name => name.Identifier.ValueText == "HandleTransientHttpError");
        return new RetriedFailures(
            isTransient || IsThrown(types, family),
            isTransient || names.Any(name => name.Identifier.ValueText is "HandleResult" or "OrResult" or "Result"),
            Merge(scopes.Select(StatusesIn)));
    }

    private static bool IsThrown(IEnumerable<string> types, ClientFamily family)
        => types.Any(type => type is "Exception" or "SystemException"
            || (Thrown.TryGetValue(family, out string[]? thrown) ? thrown : Thrown.Values.SelectMany(names => names)).Contains(type));

    /// <summary>The types that a catch takes: those that its filter asks for, where the clause itself takes any.</summary>
    private static IEnumerable<string> TypesOf(CatchClauseSyntax clause)
    {
        string declared = clause.Declaration?.Type.GetLastToken().ValueText ?? "Exception";
        string[] tested = declared == "Exception" && clause.Filter is { } filter ? [.. TestedTypes(filter)] : [];
        return tested.Length > 0 ? tested : [declared];
    }

    private static IEnumerable<string> TestedTypes(SyntaxNode test)
        => test.DescendantNodes().Select(node => node switch
            {
                DeclarationPatternSyntax pattern => pattern.Type,
                TypePatternSyntax pattern => pattern.Type,
                RecursivePatternSyntax pattern => pattern.Type,
                ConstantPatternSyntax { Expression: TypeSyntax type } => type,
                BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.IsExpression) => binary.Right,
                _ => null,
            })
            .Where(type => type is not null)
            .Select(type => type!.GetLastToken().ValueText)
            .Where(name => name.EndsWith("Exception", StringComparison.Ordinal));

    /// <summary>The statuses that a test asks for one by one; null where it asks for a range, for others, or for none.</summary>
    private static IReadOnlyCollection<int>? StatusesIn(SyntaxNode test)
    {
        bool isRange = test.DescendantTokens().Any(token => token.Kind() is SyntaxKind.GreaterThanEqualsToken or SyntaxKind.LessThanEqualsToken or SyntaxKind.ExclamationToken
            or SyntaxKind.ExclamationEqualsToken or SyntaxKind.NotKeyword);
        int[] statuses =
        [
            .. test.DescendantTokens().Select(token => token.Value is int number and >= 400 and < 600 ? number
                : Codes.TryGetValue(token.ValueText, out int code) ? code
                : 0)
                .Where(status => status > 0),
        ];
        return isRange || statuses.Length == 0 ? null : statuses;
    }

    private static IReadOnlyCollection<int>? Merge(IEnumerable<IReadOnlyCollection<int>?> sets)
    {
        IReadOnlyCollection<int>?[] all = [.. sets];
        return all.Any(set => set is null) ? null : [.. all.SelectMany(set => set)];
    }
}
