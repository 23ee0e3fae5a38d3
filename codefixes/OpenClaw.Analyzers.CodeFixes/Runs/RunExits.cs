using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// The normal ways out of a run. A turn that follows the steps, such as a summary, still needs them: the run is complete only behind it, or all of them would be
/// done again when the program dies there.
/// </summary>
internal sealed class RunExits
{
    private static readonly SymbolDisplayFormat WithNullability = SymbolDisplayFormat.MinimallyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly IReadOnlyList<ReturnStatementSyntax> _returns;
    private readonly StatementSyntax? _end;
    private readonly FixSite _site;

    private RunExits(IReadOnlyList<ReturnStatementSyntax> returns, StatementSyntax? end, FixSite site)
    {
        _returns = returns;
        _end = end;
        _site = site;
    }

    /// <summary>The ways out of the statements, or of those up to the last turn in the same block; null where one of them is no return.</summary>
    public static RunExits? Of(IReadOnlyList<StatementSyntax> steps, BlockSyntax block, FixSite site)
    {
        StatementSyntax first = steps[0];
        StatementSyntax last = steps[steps.Count - 1];
        StatementSyntax? lastTurn = block.Statements.SkipWhile(statement => statement != last).Skip(1)
            .LastOrDefault(statement => Turns.TakenIn(statement, site.Model, site.CancellationToken).Any());
        return (lastTurn is null ? null : Between(first, lastTurn, block, site)) ?? Between(first, last, block, site);
    }

    public void AddTo(FixPlan plan, string complete)
    {
        foreach (ReturnStatementSyntax exit in _returns)
        {
            plan.Add([exit], rewriter => Complete(exit, complete, rewriter), nameof(RunExits));
        }

        if (_end is not null)
        {
            // Before the next statement where there is one: the blank line in front of that stays behind the loop.
            StatementSyntax? next = ((BlockSyntax)_end.Parent!).Statements.SkipWhile(statement => statement != _end).ElementAtOrDefault(1);
            plan.Add(
                [next ?? _end],
                rewriter =>
                {
                    if (next is not null)
                    {
                        rewriter.InsertBefore(next, SyntaxFactory.ParseStatement(complete));
                    }
                    else
                    {
                        rewriter.InsertAfter(_end, SyntaxFactory.ParseStatement(complete));
                    }
                },
                nameof(RunExits));
        }
    }

    private static RunExits? Between(StatementSyntax first, StatementSyntax last, BlockSyntax block, FixSite site)
    {
        if (block.Statements.Any(statement => statement.SpanStart >= first.SpanStart && statement.SpanStart <= last.SpanStart && statement.ContainsDirectives)
            || site.Semantics.AnalyzeControlFlow(first, last) is not { Succeeded: true } flow
            || flow.ExitPoints.Any(exit => exit is not ReturnStatementSyntax))
        {
            return null;
        }

        return new RunExits([.. flow.ReturnStatements.OfType<ReturnStatementSyntax>()], flow.EndPointIsReachable ? last : null, site);
    }

    /// <summary>The type of the variable that holds what is returned: written out only where the expression has none of its own, such as <c>new(…)</c>.</summary>
    private string TypeOf(ExpressionSyntax returned)
    {
        bool isTargetTyped = returned is ImplicitObjectCreationExpressionSyntax || _site.Semantics.GetTypeInfo(returned, _site.CancellationToken).Type is null;
        return isTargetTyped && _site.Semantics.GetEnclosingSymbol(returned.SpanStart, _site.CancellationToken) is IMethodSymbol { ReturnType: INamedTypeSymbol { TypeArguments: [var type] } }
            ? type.ToMinimalDisplayString(_site.Semantics, returned.SpanStart, WithNullability)
            : "var";
    }

    /// <summary>What is returned is there before the run is complete: it may fail until then.</summary>
    private void Complete(ReturnStatementSyntax exit, string complete, DocumentRewriter rewriter)
    {
        if (rewriter.Current(exit) is not { } current)
        {
            return;
        }

        List<StatementSyntax> before = [];
        ReturnStatementSyntax returned = current;
        if (exit.Expression is { } original && current.Expression is { } value && value.DescendantNodesAndSelf().Any(node => node is AwaitExpressionSyntax))
        {
            string name = Names.Unique("result", current);
            before.Add(SyntaxFactory.ParseStatement($"{TypeOf(original)} {name} = {value.WithoutTrivia()};"));
            returned = current.WithExpression(SyntaxFactory.IdentifierName(name).WithTriviaFrom(value));
        }

        before.Add(SyntaxFactory.ParseStatement(complete));
        if (exit.Parent is BlockSyntax or SwitchSectionSyntax)
        {
            foreach (StatementSyntax statement in before)
            {
                rewriter.InsertBefore(exit, statement);
            }

            if (returned != current)
            {
                rewriter.Replace(exit, old => old.WithExpression(returned.Expression));
            }
        }
        else
        {
            rewriter.Replace(exit, _ => SyntaxFactory.Block(before.Append(returned.WithoutTrivia())
                .Select(statement => statement.WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed))).WithTriviaFrom(current));
        }
    }
}
