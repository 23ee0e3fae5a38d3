using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Who reads the events of this answer by hand": a loop over its lines, in the function of the call or in a method that is given the stream.</summary>
internal sealed class EventLoops(GatewayModel model)
{
    // What ends an answer, or tells that it was ended: by the event, by the reason in the last part, by a flag.
    private static readonly string[] Ends =
    [
        "[DONE]", "response.completed", "response.incomplete", "response.done", "message_stop", "message_delta", "finish_reason", "finishReason", "FinishReason", "stop_reason", "StopReason",
        "done_reason",
    ];

    private static readonly HashSet<string> Parsers = new(StringComparer.Ordinal) { "JsonDocument", "JsonSerializer", "JsonNode", "JObject", "JToken", "JsonConvert", "Utf8JsonReader" };

    /// <summary>The read of a line in the loop that takes the end of the bytes for the end of the answer; null where there is none.</summary>
    public InvocationExpressionSyntax? UnendedReadAfter(GatewayCall call, CancellationToken cancellationToken)
    {
        SyntaxNode function = call.Syntax.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) ?? call.Syntax.SyntaxTree.GetRoot(cancellationToken);
        HashSet<string> holders = new(StringComparer.Ordinal);
        if (ResponseUses.LocalOf(ResponseUses.ValueOf(call.Syntax)) is { } local)
        {
            holders.Add(local);
        }

        Spread(function, holders, node => node.Contains(call.Syntax));
        if (ReadIn(function, holders) is { } here)
        {
            return IsUnended(here, function, cancellationToken) ? here : null;
        }

        foreach (InvocationExpressionSyntax handing in function.DescendantNodes().OfType<InvocationExpressionSyntax>())
        {
            if (handing.ArgumentList.Arguments.Any(argument => Mentions(argument, holders))
                && model.OperationAt(handing, cancellationToken) is IInvocationOperation operation)
            {
                foreach (SyntaxNode body in model.DeclarationsOf(operation.TargetMethod.OriginalDefinition, cancellationToken))
                {
                    HashSet<string> given = new(
                        operation.Arguments.Where(argument => Mentions(argument.Syntax, holders)).Select(argument => argument.Parameter?.Name ?? ""),
                        StringComparer.Ordinal);
                    Spread(body, given, static _ => false);
                    if (ReadIn(body, given) is { } inside)
                    {
                        return IsUnended(inside, body, cancellationToken) ? inside : null;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Adds the locals whose values come from those that hold the answer.</summary>
    private static void Spread(SyntaxNode function, HashSet<string> holders, Func<SyntaxNode, bool> isSource)
    {
        foreach (VariableDeclaratorSyntax variable in function.DescendantNodes().OfType<VariableDeclaratorSyntax>())
        {
            if (variable.Initializer is { } initializer && (isSource(initializer) || Mentions(initializer, holders)))
            {
                holders.Add(variable.Identifier.ValueText);
            }
        }
    }

    private static bool Mentions(SyntaxNode node, HashSet<string> names)
        => node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => names.Contains(name.Identifier.ValueText));

    private static InvocationExpressionSyntax? ReadIn(SyntaxNode function, HashSet<string> holders)
        => SyntaxFacts.DescendantsInSameFunction(function).OfType<InvocationExpressionSyntax>().FirstOrDefault(invocation =>
            invocation.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ReadLineAsync" or "ReadLine", Expression: IdentifierNameSyntax reader }
            && holders.Contains(reader.Identifier.ValueText)
            && LoopAround(invocation) is not null);

    /// <summary>The loop that reads line by line.</summary>
    public static StatementSyntax? LoopAround(InvocationExpressionSyntax read)
        => read.Ancestors().TakeWhile(static node => !SyntaxFacts.IsFunctionBoundary(node)).OfType<StatementSyntax>().FirstOrDefault(static node => RetryLoop.BodyOf(node) is not null);

    /// <summary>
    /// Whether the loop interprets the events, by itself or through a method of the same sources, and knows no end of them. One that hands the lines on
    /// leaves the end to others; the type around may know it by another name.
    /// </summary>
    private bool IsUnended(InvocationExpressionSyntax read, SyntaxNode function, CancellationToken cancellationToken)
    {
        if (LoopAround(read) is not { } loop
            || !loop.DescendantTokens().Any(token => token.Value is string text && text.StartsWith("data:", StringComparison.Ordinal))
            || KnowsEnd(function.Ancestors().OfType<TypeDeclarationSyntax>().LastOrDefault() ?? function.SyntaxTree.GetRoot(cancellationToken)))
        {
            return false;
        }

        IReadOnlyList<IMethodSymbol> called =
        [
            .. loop.DescendantNodes().OfType<InvocationExpressionSyntax>()
                .Select(invocation => model.OperationAt(invocation, cancellationToken))
                .OfType<IInvocationOperation>()
                .Select(invocation => invocation.TargetMethod.OriginalDefinition)
                .Where(model.IsDeclaredHere),
        ];
        return (Parses(loop) || called.SelectMany(method => model.DeclarationsOf(method, cancellationToken)).Any(Parses))
            && !called.SelectMany(method => model.DeclarationsOf(method.ContainingType, cancellationToken)).Any(KnowsEnd);
    }

    private static bool Parses(SyntaxNode code) => code.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => Parsers.Contains(name.Identifier.ValueText));

    private static bool KnowsEnd(SyntaxNode code)
        => code.DescendantTokens().Any(token => token.Value is string text && Ends.Any(end => text.IndexOf(end, StringComparison.OrdinalIgnoreCase) >= 0));
}
