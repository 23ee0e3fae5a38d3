using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>
/// The plain loop over the events of an answer: it reads a line, skips all that is not data, takes the rest of the line and does something with that.
/// </summary>
/// <param name="Statement">The loop.</param>
/// <param name="Reader">The declaration of the reader, which nothing else uses.</param>
/// <param name="Stream">What the reader reads.</param>
/// <param name="Data">The declaration that takes the rest of the line.</param>
/// <param name="Removed">The statements of the body that go, because the runtime does their work.</param>
/// <param name="Line">The declaration of the line before the loop, where there is one.</param>
/// <param name="Token">The token that the read is given.</param>
/// <param name="IsConfigured">Whether the wait is configured not to come back to its context.</param>
internal sealed record EventLoop(
    WhileStatementSyntax Statement,
    LocalDeclarationStatementSyntax Reader,
    ExpressionSyntax Stream,
    LocalDeclarationStatementSyntax Data,
    IReadOnlyList<StatementSyntax> Removed,
    LocalDeclarationStatementSyntax? Line,
    ExpressionSyntax? Token,
    bool IsConfigured)
{
    public static EventLoop? At(InvocationExpressionSyntax read, SemanticModel semantics)
    {
        if (read.Expression is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ReadLineAsync", Expression: IdentifierNameSyntax reader }
            || EventLoops.LoopAround(read) is not WhileStatementSyntax { Statement: BlockSyntax body, Parent: BlockSyntax or GlobalStatementSyntax } loop
            || read.FirstAncestorOrSelf<AwaitExpressionSyntax>() is not { } wait
            || DeclarationBefore(loop, reader.Identifier.ValueText) is not { UsingKeyword.RawKind: not 0, Declaration.Variables: [{ Initializer.Value: ObjectCreationExpressionSyntax creation }] } declaration
            || creation is not { Type: IdentifierNameSyntax { Identifier.ValueText: "StreamReader" }, ArgumentList.Arguments: [{ Expression: var stream }, ..] }
            || (stream is IdentifierNameSyntax held && DeclarationBefore(loop, held.Identifier.ValueText) is not { UsingKeyword.RawKind: not 0 })
            || LineOf(wait, loop, body) is not (var line, var taken)
            || UsesOf(reader.Identifier.ValueText, loop) > 2 + (loop.Condition.ToString().Contains("EndOfStream") ? 1 : 0))
        {
            return null;
        }

        List<StatementSyntax> removed = [.. body.Statements.Take(taken)];
        int next = taken;
        bool skipsOthers = false;
        while (next < body.Statements.Count && body.Statements[next] is IfStatementSyntax { Else: null } filter && IsSkip(filter.Statement) && AreFilters(filter.Condition, line, ref skipsOthers))
        {
            removed.Add(filter);
            next++;
        }

        if (!skipsOthers
            || next >= body.Statements.Count
            || body.Statements[next] is not LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: { } rest }] } data
            || !IsRestOf(rest, line)
            || body.Statements.Skip(next + 1).SelectMany(statement => statement.DescendantNodes()).OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == line))
        {
            return null;
        }

        LocalDeclarationStatementSyntax? before = taken == 0 ? DeclarationBefore(loop, line) : null;
        bool isTypedToken = read.ArgumentList.Arguments is [{ Expression: var token }] && semantics.GetTypeInfo(token).Type?.Name is "CancellationToken";
        return read.ArgumentList.Arguments.Count > 0 && !isTypedToken
            ? null
            : new EventLoop(
                loop, declaration, stream, data, removed, before is { Declaration.Variables: [{ Initializer: null }] } ? before : null,
                isTypedToken ? read.ArgumentList.Arguments[0].Expression : null,
                IsConfigured: wait.Expression is InvocationExpressionSyntax configured && configured != read);
    }

    /// <summary>The name of the line, and how many statements of the body it takes to read it.</summary>
    private static (string Name, int Statements)? LineOf(AwaitExpressionSyntax wait, WhileStatementSyntax loop, BlockSyntax body)
    {
        if (loop.Condition.Contains(wait))
        {
            // while ((line = await …) != null), while (await … is { } line)
            string? name = loop.Condition.DescendantNodes().OfType<AssignmentExpressionSyntax>().FirstOrDefault(assignment => assignment.Right == wait)?.Left.ToString()
                ?? (loop.Condition is IsPatternExpressionSyntax { Pattern: var pattern } ? pattern.DescendantNodes().OfType<SingleVariableDesignationSyntax>().FirstOrDefault()?.Identifier.ValueText : null);
            return name is null || loop.Condition is BinaryExpressionSyntax { RawKind: not (int)SyntaxKind.NotEqualsExpression } ? null : (name, 0);
        }

        if (body.Statements is not [LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer.Value: var value } variable] }, ..] || value != wait)
        {
            return null;
        }

        // while (!reader.EndOfStream), while (true) with a break behind the read
        bool breaks = body.Statements.Count > 1
            && body.Statements[1] is IfStatementSyntax { Else: null, Statement: BreakStatementSyntax or BlockSyntax { Statements: [BreakStatementSyntax] }, Condition: var end }
            && end.DescendantNodesAndSelf().Any(node => node.IsKind(SyntaxKind.NullLiteralExpression))
            && end is IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax } or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression };
        bool asksForEnd = loop.Condition is PrefixUnaryExpressionSyntax { Operand: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "EndOfStream" } };
        return breaks && (asksForEnd || loop.Condition.IsKind(SyntaxKind.TrueLiteralExpression)) ? (variable.Identifier.ValueText, 2)
            : asksForEnd ? (variable.Identifier.ValueText, 1)
            : null;
    }

    private static LocalDeclarationStatementSyntax? DeclarationBefore(StatementSyntax loop, string name)
        => Siblings(loop).TakeWhile(statement => statement != loop).OfType<LocalDeclarationStatementSyntax>()
            .FirstOrDefault(statement => statement.Declaration.Variables is [var variable] && variable.Identifier.ValueText == name);

    private static IEnumerable<StatementSyntax> Siblings(StatementSyntax statement) => statement.Parent switch
    {
        BlockSyntax block => block.Statements,
        GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(global => global.Statement),
        _ => [],
    };

    /// <summary>How often the name stands in the code around the loop, its declaration included.</summary>
    private static int UsesOf(string name, StatementSyntax loop)
        => Siblings(loop).SelectMany(statement => statement.DescendantTokens()).Count(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name);

    private static bool IsSkip(StatementSyntax statement) => statement is ContinueStatementSyntax or BlockSyntax { Statements: [ContinueStatementSyntax] };

    /// <summary>Whether the condition only asks for lines that are empty, comments or no data.</summary>
    private static bool AreFilters(ExpressionSyntax condition, string line, ref bool skipsOthers)
    {
        switch (condition)
        {
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalOrExpression } either:
                return AreFilters(either.Left, line, ref skipsOthers) && AreFilters(either.Right, line, ref skipsOthers);
            case PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: InvocationExpressionSyntax call } when IsStart(call, line, "data:"):
                skipsOthers = true;
                return true;
            case InvocationExpressionSyntax call:
                return IsStart(call, line, ":")
                    || (SourceIndex.NameOf(call) is "IsNullOrEmpty" or "IsNullOrWhiteSpace" && call.ArgumentList.Arguments is [{ Expression: IdentifierNameSyntax asked }] && asked.Identifier.ValueText == line);
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression, Left: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax measured, Name.Identifier.ValueText: "Length" } }:
                return measured.Identifier.ValueText == line;
            default:
                return false;
        }
    }

    private static bool IsStart(InvocationExpressionSyntax call, string line, string start)
        => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "StartsWith", Expression: IdentifierNameSyntax asked }
            && asked.Identifier.ValueText == line
            && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax literal }, ..]
            && literal.Token.ValueText.TrimEnd() == start;

    /// <summary><c>line.Substring(6)</c>, <c>line[6..]</c>, trimmed or not.</summary>
    private static bool IsRestOf(ExpressionSyntax value, string line)
    {
        while (value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Trim" or "TrimStart" or "TrimEnd" } trimmed, ArgumentList.Arguments.Count: 0 })
        {
            value = trimmed.Expression;
        }

        return value switch
        {
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Substring", Expression: IdentifierNameSyntax name }, ArgumentList.Arguments.Count: 1 }
                => name.Identifier.ValueText == line,
            ElementAccessExpressionSyntax { Expression: IdentifierNameSyntax name, ArgumentList.Arguments: [{ Expression: RangeExpressionSyntax { RightOperand: null } }] } => name.Identifier.ValueText == line,
            _ => false,
        };
    }
}
