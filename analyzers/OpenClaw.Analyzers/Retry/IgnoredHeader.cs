using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>"Does this loop wait as long as a 429 says": it can where it holds the reply, or an exception that does.</summary>
internal static class IgnoredHeader
{
    private const int TooManyRequests = 429;

    // These carry the reply; an HttpRequestException does not.
    private static readonly HashSet<string> WithReply = new(StringComparer.Ordinal) { "ClientResultException", "RequestFailedException" };

    /// <summary>The catch, or the body of the loop, that comes back after a 429 whose header nobody reads; null where there is none.</summary>
    public static SyntaxNode? In(RetryLoop loop, GatewayModel model, CancellationToken cancellationToken)
    {
        var failures = new LoopFailures(loop, model, cancellationToken);
        SyntaxNode? place = loop.RetryingCatches.FirstOrDefault(clause => WithReply.Contains(HandledFailures.NameOf(clause) ?? "") && failures.ComesBack(clause, TooManyRequests))
            ?? (SyntaxNode?)(failures.ComesBack(TooManyRequests) ? loop.Body : null);
        return place is null || IsRead(loop.Statement) || HelpersOf(loop, model, cancellationToken).Any(IsRead) ? null : place;
    }

    private static IEnumerable<SyntaxNode> HelpersOf(RetryLoop loop, GatewayModel model, CancellationToken cancellationToken)
        => loop.Statement.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Select(invocation => model.SemanticsOf(invocation.SyntaxTree).GetSymbolInfo(invocation, cancellationToken).Symbol)
            .OfType<IMethodSymbol>()
            .SelectMany(method => model.DeclarationsOf(method.OriginalDefinition, cancellationToken));

    private static bool IsRead(SyntaxNode node)
        => node.DescendantTokens().Any(token => token.ValueText is { Length: > 0 } text
            && (text.IndexOf("RetryAfter", StringComparison.OrdinalIgnoreCase) >= 0 || text.IndexOf("Retry-After", StringComparison.OrdinalIgnoreCase) >= 0));
}
