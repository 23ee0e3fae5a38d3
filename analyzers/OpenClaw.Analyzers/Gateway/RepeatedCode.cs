using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>What runs again when a retry of these sources makes another attempt.</summary>
/// <param name="Code">The code that runs once for each attempt: the body of a loop, a lambda, a method.</param>
/// <param name="Construct">What repeats it: the loop, or the invocation that executes the lambda.</param>
internal sealed record RepeatedCode(SyntaxNode Code, SyntaxNode Construct)
{
    /// <summary>Whether the construct stands in the function of the call; else a caller repeats the whole function.</summary>
    public bool IsHere { get; init; } = true;

    /// <summary>Whether the node stands in the repeated code.</summary>
    public bool Contains(SyntaxNode node) => Covers(Code, node);

    /// <summary>The same repetition as a call sees it that the construct may reach through callers only.</summary>
    public RepeatedCode SeenFrom(SyntaxNode call)
    {
        SyntaxNode function = SyntaxFacts.FunctionAround(call);
        return Covers(function, Construct) ? this : new RepeatedCode(function, Construct) { IsHere = false };
    }

    private static bool Covers(SyntaxNode code, SyntaxNode node) => node.SyntaxTree == code.SyntaxTree && code.Span.Contains(node.Span);
}
