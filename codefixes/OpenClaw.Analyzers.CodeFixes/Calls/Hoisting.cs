using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>
/// What must be evaluated once, before the call, when the call moves into a lambda that may run again: the receiver and the arguments that have
/// effects, and everything that C# evaluates before them.
/// </summary>
internal sealed class Hoisting
{
    private const int Receiver = -1;

    private readonly IReadOnlyList<(int Index, string Name, string Type)> _parts;
    private readonly StatementSyntax? _statement;

    private Hoisting(InvocationExpressionSyntax invocation, IReadOnlyList<(int Index, string Name, string Type)> parts, StatementSyntax? statement)
    {
        _parts = parts;
        _statement = statement;
        Nodes = statement is null ? [invocation] : [invocation, statement];
    }

    /// <summary>The original nodes that applying it asks for; the invocation first.</summary>
    public IReadOnlyList<SyntaxNode> Nodes { get; }

    /// <summary>Plans what to hoist; null where the call cannot move into a lambda without changing its meaning.</summary>
    public static Hoisting? Plan(FixSite site, GatewayCall call, TokenArgument token)
        // A task that nobody waits for here: a queued attempt starts when the code around has gone on.
        => Plan(site, call.Syntax, token.Index, startsLater: call.Shape is CallShape.Task or CallShape.ValueTask && !IsWaitedFor(call.Syntax));

    public static Hoisting? Plan(FixSite site, InvocationExpressionSyntax invocation, int tokenIndex, bool startsLater = false)
    {
        List<(int Index, ExpressionSyntax Expression)> parts = [.. PartsOf(invocation, tokenIndex)];
        if (parts.Any(part => Capture.IsImpossible(part.Expression, site)))
        {
            return null;
        }

        bool mustLeave(ExpressionSyntax part) => Capture.MustBeEvaluatedOnce(part, site) || (startsLater && Capture.ReadsChangingVariable(part, site));
        int last = parts.FindLastIndex(part => mustLeave(part.Expression));
        if (last < 0)
        {
            return new Hoisting(invocation, [], statement: null);
        }

        if (StatementBefore(invocation) is not { } statement)
        {
            return null;
        }

        HashSet<string> written = Capture.WrittenIn(parts.Take(last + 1).Select(part => part.Expression));
        (int Index, string, string)[] hoisted =
        [
            .. parts.Take(last + 1)
                .Where(part => mustLeave(part.Expression) || !Capture.IsStable(part.Expression, written, site))
                .Select(part => (part.Index, NameFor(part.Index, invocation, site), TypeFor(part.Expression, site))),
        ];
        bool isHoistable = parts.Where(part => hoisted.Any(chosen => chosen.Index == part.Index)).All(part => Capture.HasOrdinaryType(part.Expression, site));
        return isHoistable ? new Hoisting(invocation, hoisted, statement) : null;
    }

    /// <summary>Declares the locals before the statement; returns the names that stand for the parts.</summary>
    public IReadOnlyDictionary<int, ExpressionSyntax> Apply(DocumentRewriter rewriter, InvocationExpressionSyntax invocation)
    {
        Dictionary<int, ExpressionSyntax> names = [];
        foreach ((int index, string wanted, string type) in _parts)
        {
            if (rewriter.Current(invocation) is { } current)
            {
                string name = Names.Unique(wanted, current);
                rewriter.InsertBefore(_statement!, SyntaxBuilding.DeclareVar(name, PartOf(current, index), type));
                names.Add(index, SyntaxFactory.IdentifierName(name));
            }
        }

        return names;
    }

    /// <summary>The call with the locals in the place of what was hoisted.</summary>
    public static InvocationExpressionSyntax Rewrite(InvocationExpressionSyntax call, IReadOnlyDictionary<int, ExpressionSyntax> names)
    {
        foreach (KeyValuePair<int, ExpressionSyntax> name in names)
        {
            ExpressionSyntax part = PartOf(call, name.Key);
            call = call.ReplaceNode(part, name.Value.WithTriviaFrom(part));
        }

        return call;
    }

    private static IEnumerable<(int Index, ExpressionSyntax Expression)> PartsOf(InvocationExpressionSyntax invocation, int tokenIndex)
    {
        if (invocation.Expression is MemberAccessExpressionSyntax access)
        {
            yield return (Receiver, access.Expression);
        }

        for (int i = 0; i < invocation.ArgumentList.Arguments.Count; i++)
        {
            if (i != tokenIndex)
            {
                yield return (i, invocation.ArgumentList.Arguments[i].Expression);
            }
        }
    }

    private static ExpressionSyntax PartOf(InvocationExpressionSyntax call, int index)
        => index == Receiver ? ((MemberAccessExpressionSyntax)call.Expression).Expression : call.ArgumentList.Arguments[index].Expression;

    private static string NameFor(int index, InvocationExpressionSyntax invocation, FixSite site)
    {
        if (index == Receiver)
        {
            return "client";
        }

        return Names.ForLocal(site.Semantics.GetSymbolInfo(invocation, site.CancellationToken).Symbol is IMethodSymbol method
            ? (invocation.ArgumentList.Arguments[index].NameColon?.Name.Identifier.ValueText
                ?? method.Parameters.ElementAtOrDefault(Math.Min(index, method.Parameters.Length - 1))?.Name
                ?? "argument")
            : "argument");
    }

    /// <summary>A value that takes its type from its target takes it from the local then.</summary>
    private static string TypeFor(ExpressionSyntax expression, FixSite site)
        => expression is ImplicitObjectCreationExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression }
            && site.Semantics.GetTypeInfo(expression, site.CancellationToken).ConvertedType is { } type
                ? type.ToMinimalDisplayString(site.Semantics, expression.SpanStart)
                : "var";

    /// <summary>
    /// The statement before which the parts can be evaluated without overtaking anything: the call is the first thing that the statement does,
    /// and it does it exactly once.
    /// </summary>
    private static StatementSyntax? StatementBefore(InvocationExpressionSyntax invocation)
    {
        for (SyntaxNode node = invocation; node.Parent is { } parent; node = parent)
        {
            switch (parent)
            {
                case AwaitExpressionSyntax or ParenthesizedExpressionSyntax or CastExpressionSyntax or EqualsValueClauseSyntax:
                case MemberAccessExpressionSyntax access when access.Expression == node:
                case InvocationExpressionSyntax chained when chained.Expression == node || chained.ArgumentList == node:
                case ElementAccessExpressionSyntax element when element.Expression == node:
                case IsPatternExpressionSyntax:
                case BinaryExpressionSyntax binary when binary.Left == node:
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }:
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax or TupleExpressionSyntax or DeclarationExpressionSyntax } assignment when assignment.Right == node:
                case VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables: [var first, ..] } } when first == parent:
                case VariableDeclarationSyntax:
                case ArgumentSyntax { Parent: ArgumentListSyntax { Arguments: [var only, ..], Parent: InvocationExpressionSyntax { Expression: var called } } } when only == parent && IsPlainName(called):
                case ArgumentListSyntax:
                    continue;
                case IfStatementSyntax statement when statement.Condition == node && statement.Parent is not ElseClauseSyntax:
                case SwitchStatementSyntax choice when choice.Expression == node:
                case CommonForEachStatementSyntax each when each.Expression == node:
                case UsingStatementSyntax:
                case ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax:
                    return parent.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax ? (StatementSyntax)parent : null;
                default:
                    return null;
            }
        }

        return null;
    }

    /// <summary>Whether the code goes on only when the call has ended, or ends with it.</summary>
    private static bool IsWaitedFor(InvocationExpressionSyntax invocation)
    {
        SyntaxNode value = invocation;
        while (value.Parent is MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax or InvocationExpressionSyntax { ArgumentList.Arguments.Count: <= 1 })
        {
            value = value.Parent;
        }

        return value.Parent is AwaitExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or LambdaExpressionSyntax;
    }

    private static bool IsPlainName(ExpressionSyntax called)
        => called is SimpleNameSyntax or MemberAccessExpressionSyntax { Expression: SimpleNameSyntax or ThisExpressionSyntax };
}
