using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>"Has the model asked for this": values that are made of the tool calls in an answer.</summary>
internal static class ToolRequests
{
    // The members and types through which the libraries hand out what tool the model wants, and with which arguments.
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal) { "ToolCalls", "FunctionArguments", "FunctionCallContent", "ChatToolCall", "FunctionCallResponseItem" };

    /// <summary>The variables of the code's own function that hold a tool call or a part of one.</summary>
    /// <param name="code">The code.</param>
    /// <param name="given">Variables that hold one already: parameters, for one.</param>
    public static ISet<string> HeldIn(SyntaxNode code, IEnumerable<string> given)
    {
        HashSet<string> held = new(given, StringComparer.Ordinal);
        IReadOnlyList<(string Name, SyntaxNode Value)> variables = [.. SyntaxFacts.DescendantsInSameFunction(code).Select(Variable).OfType<(string, SyntaxNode)>()];
        int before;
        do
        {
            before = held.Count;
            held.UnionWith(variables.Where(variable => IsMadeOf(variable.Value, held)).Select(variable => variable.Name));
        }
        while (held.Count > before);
        return held;
    }

    /// <summary>Whether the expression reads a tool call, or a variable that holds a part of one.</summary>
    public static bool IsMadeOf(SyntaxNode expression, ISet<string> held)
        => expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Any(name => Names.Contains(name.Identifier.ValueText) || held.Contains(name.Identifier.ValueText));

    /// <summary>A variable that the node declares or assigns, and what it gets.</summary>
    private static (string Name, SyntaxNode Value)? Variable(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax { Initializer.Value: { } value } variable => (variable.Identifier.ValueText, value),
        ForEachStatementSyntax each => (each.Identifier.ValueText, each.Expression),
        AssignmentExpressionSyntax { Left: IdentifierNameSyntax assigned } assignment => (assigned.Identifier.ValueText, assignment.Right),
        SingleVariableDesignationSyntax { Parent: DeclarationExpressionSyntax { Parent: ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax invocation } } } passedOut
            => (passedOut.Identifier.ValueText, invocation.Expression),
        _ => null,
    };
}
