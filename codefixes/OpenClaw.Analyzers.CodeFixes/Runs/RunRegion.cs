using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>The statements that become a run, and the ways out of them.</summary>
internal sealed class RunRegion
{
    private readonly IReadOnlyList<ReturnStatementSyntax> _returns;
    private readonly bool _endIsReachable;

    private RunRegion(SyntaxNode function, IReadOnlyList<StatementSyntax> statements, IReadOnlyList<ReturnStatementSyntax> returns, bool endIsReachable)
    {
        Function = function;
        Statements = statements;
        _returns = returns;
        _endIsReachable = endIsReachable;
    }

    /// <summary>The method or local function around it.</summary>
    public SyntaxNode Function { get; }

    public IReadOnlyList<StatementSyntax> Statements { get; }

    public StatementSyntax First => Statements[0];

    public StatementSyntax Last => Statements[Statements.Count - 1];

    /// <summary>The region of a group of turns; null where a run cannot be put around it.</summary>
    public static RunRegion? Around(StepGroup group, FixSite site)
    {
        StatementSyntax[] statements = group.Container is StatementSyntax and not BlockSyntax ? [(StatementSyntax)group.Container] : [.. SpanOf(group)];
        SyntaxNode? function = statements[0].Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);
        if (statements[0].Parent is not BlockSyntax
            || !IsAsyncMethod(function)
            || statements.Any(statement => statement.ContainsDirectives || statement.DescendantNodes().Any(IsForbidden))
            || IsRequestHandler(function!, site)
            || site.Semantics.AnalyzeControlFlow(statements[0], statements[statements.Length - 1]) is not { Succeeded: true } flow
            || flow.ExitPoints.Any(exit => exit is not ReturnStatementSyntax))
        {
            return null;
        }

        // A return that makes a turn needs its value before the run completes; and a run must not outlive a resource that two steps share.
        ReturnStatementSyntax[] returns = [.. flow.ReturnStatements.OfType<ReturnStatementSyntax>()];
        return group.Turns.Any(turn => turn.FirstAncestorOrSelf<ReturnStatementSyntax>() is not null) || SharesResource(group, statements)
            ? null
            : new RunRegion(function!, statements, returns, flow.EndPointIsReachable);
    }

    /// <summary>Completes the run at the region's end and before each return inside.</summary>
    public void AddExitsTo(FixPlan plan, string complete)
    {
        foreach (ReturnStatementSyntax exit in _returns)
        {
            plan.Add([exit], rewriter =>
            {
                if (exit.Parent is BlockSyntax or SwitchSectionSyntax)
                {
                    rewriter.InsertBefore(exit, SyntaxFactory.ParseStatement(complete));
                }
                else
                {
                    rewriter.Replace(exit, current => SyntaxFactory.Block(SyntaxFactory.ParseStatement(complete), current.WithoutTrivia()).WithTriviaFrom(current));
                }
            });
        }

        if (_endIsReachable)
        {
            plan.Add([Last], rewriter => rewriter.InsertAfter(Last, SyntaxFactory.ParseStatement(complete)));
        }
    }

    private static IEnumerable<StatementSyntax> SpanOf(StepGroup group)
    {
        IReadOnlyList<StatementSyntax> all = StepSequences.StatementsOf(group.Container);
        int first = IndexOf(all, group.Turns[0]);
        int last = IndexOf(all, group.Turns[group.Turns.Count - 1]);
        return all.Skip(first).Take(last - first + 1);
    }

    private static int IndexOf(IReadOnlyList<StatementSyntax> statements, SyntaxNode node)
    {
        for (int i = 0; i < statements.Count; i++)
        {
            if (statements[i].Span.Contains(node.Span))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsAsyncMethod(SyntaxNode? function) => function switch
    {
        MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
        LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
        _ => false,
    };

    /// <summary>An iterator may stop between two steps and never come back; a jump leaves by a way of its own.</summary>
    private static bool IsForbidden(SyntaxNode node) => node is YieldStatementSyntax or GotoStatementSyntax;

    /// <summary>A handler serves callers: without the caller's identity among its inputs, two of them would share a run.</summary>
    private static bool IsRequestHandler(SyntaxNode function, FixSite site)
    {
        if (site.Semantics.GetDeclaredSymbol(function, site.CancellationToken) is not IMethodSymbol method)
        {
            return true;
        }

        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type.Name is "ControllerBase" or "Controller" or "Hub" or "PageModel" || type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ApiControllerAttribute"))
            {
                return true;
            }
        }

        return method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is { } name && (name.StartsWith("Http", StringComparison.Ordinal) || name == "RouteAttribute"))
            || method.Parameters.Any(parameter => parameter.Type.IsWithin("Microsoft.AspNetCore.Http"));
    }

    private static bool SharesResource(StepGroup group, IReadOnlyList<StatementSyntax> statements)
        => group.Turns.Any(turn => turn.Ancestors()
            .TakeWhile(node => !statements.Contains(node))
            .Any(node => node is UsingStatementSyntax || node is BlockSyntax block && UsingsBefore(block, turn).Any()));

    private static IEnumerable<StatementSyntax> UsingsBefore(BlockSyntax block, SyntaxNode turn)
        => block.Statements.TakeWhile(statement => !statement.Span.Contains(turn.Span))
            .Where(statement => statement is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } declaration
                && !declaration.Declaration.Type.ToString().Contains("Deadline")
                && !declaration.Declaration.Variables.Any(variable => variable.Initializer?.Value.ToString().Contains("Deadline.After") == true));
}
