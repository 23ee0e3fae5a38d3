using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>Makes one turn a step: the turn, with the part of its result that is used, moves into the step's delegate.</summary>
internal sealed class StepRewrite
{
    private readonly InvocationExpressionSyntax _turn;
    private readonly string _name;
    private readonly ExpressionSyntax _stored;
    private readonly ResultExtraction? _extraction;
    private readonly int _tokenIndex;
    private readonly bool _isTask;
    private readonly LanguageVersion _version;

    private StepRewrite(FixSite site, InvocationExpressionSyntax turn, string name, ExpressionSyntax stored, ResultExtraction? extraction)
    {
        _isTask = site.Semantics.GetTypeInfo(turn, site.CancellationToken).Type.HasFullName("System.Threading.Tasks", "Task");
        _version = site.LanguageVersion;
        _turn = turn;
        _name = name;
        _stored = stored;
        _extraction = extraction;
        _tokenIndex = TokenIndexOf(turn, site);
    }

    /// <summary>Plans the step; null where its result cannot be stored, or skipping it would lose more than its result.</summary>
    public static StepRewrite? Plan(FixSite site, InvocationExpressionSyntax turn, string name, RunRegion region)
    {
        if (AwaitOf(turn) is not { } awaited
            || StepEffects.WouldBeLost(turn, site)
            || IsUnderChance(turn, region))
        {
            return null;
        }

        ExpressionSyntax stored = LongestStorable(awaited, site) ?? awaited;
        if (StorableTypes.IsStorable(site.Semantics.GetTypeInfo(stored, site.CancellationToken).Type))
        {
            return new StepRewrite(site, turn, name, stored, extraction: null);
        }

        return ResultExtraction.Find(awaited, site) is { } extraction
            ? new StepRewrite(site, turn, name, awaited, extraction)
            : null;
    }

    public void AddTo(FixPlan plan, string run, ExpressionSyntax? token)
    {
        plan.Add([_stored, _turn], rewriter =>
        {
            if (rewriter.Current(_turn) is not { } turn || rewriter.Current(_stored) is not { } stored)
            {
                return;
            }

            string inner = Names.Unique("ct", turn);
            ExpressionSyntax body = Body(stored, turn, inner, out bool usesToken);
            string parameters = $"(_, {(usesToken || _version < LanguageVersion.CSharp9 ? inner : "_")})";
            string outer = token is null ? "" : $", {token}";
            ExpressionSyntax step = SyntaxFactory.ParseExpression($"await {run}.StepAsync({_name}, {(_isTask && body is AwaitExpressionSyntax ? $"{parameters} => {Awaitable(body)}" : $"async {parameters} => {body}")}{outer})");
            step = Parenthesize(step, stored);
            rewriter.Replace(_stored, current => step.WithTriviaFrom(current));
        });
        _extraction?.AddTo(plan);
    }

    /// <summary>What the step computes: the awaited turn, with its own token, and what is taken from its result.</summary>
    private ExpressionSyntax Body(ExpressionSyntax stored, InvocationExpressionSyntax turn, string token, out bool usesToken)
    {
        usesToken = _tokenIndex >= 0;
        InvocationExpressionSyntax withToken = turn;
        if (usesToken)
        {
            ArgumentSyntax argument = turn.ArgumentList.Arguments[_tokenIndex];
            withToken = turn.ReplaceNode(argument.Expression, SyntaxFactory.IdentifierName(token).WithTriviaFrom(argument.Expression));
        }

        ExpressionSyntax body = stored.ReplaceNode(turn, withToken).WithoutTrivia();
        return _extraction is null ? body : _extraction.Apply(body);
    }

    /// <summary>A delegate that only awaits hands the task on.</summary>
    private static ExpressionSyntax Awaitable(ExpressionSyntax body)
    {
        ExpressionSyntax task = ((AwaitExpressionSyntax)body).Expression;
        return task is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var inner } } ? inner : task;
    }

    private static ExpressionSyntax Parenthesize(ExpressionSyntax step, ExpressionSyntax replaced)
        => replaced.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax ? SyntaxFactory.ParenthesizedExpression(step) : step;

    private static AwaitExpressionSyntax? AwaitOf(InvocationExpressionSyntax turn)
    {
        SyntaxNode value = turn;
        while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax chained })
        {
            value = chained;
        }

        return value.Parent as AwaitExpressionSyntax;
    }

    /// <summary>The longest chain of members behind the awaited turn whose value can be stored: <c>(await turn).Value.Content[0].Text</c>.</summary>
    private static ExpressionSyntax? LongestStorable(AwaitExpressionSyntax awaited, FixSite site)
    {
        ExpressionSyntax? best = null;
        ExpressionSyntax current = awaited;
        while (current.Parent is ParenthesizedExpressionSyntax
            || (current.Parent is MemberAccessExpressionSyntax access && access.Expression == current && access.Parent is not InvocationExpressionSyntax)
            || (current.Parent is ElementAccessExpressionSyntax element && element.Expression == current))
        {
            current = (ExpressionSyntax)current.Parent;
            best = StorableTypes.IsStorable(site.Semantics.GetTypeInfo(current, site.CancellationToken).Type) ? current : best;
            if (best is not null)
            {
                break;
            }
        }

        return best;
    }

    private static int TokenIndexOf(InvocationExpressionSyntax turn, FixSite site)
    {
        for (int i = 0; i < turn.ArgumentList.Arguments.Count; i++)
        {
            if (site.Semantics.GetTypeInfo(turn.ArgumentList.Arguments[i].Expression, site.CancellationToken).Type.HasFullName("System.Threading", "CancellationToken"))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A step that runs or not by the clock or a die would meet another run's records on resume.</summary>
    private static bool IsUnderChance(SyntaxNode turn, RunRegion region)
        => turn.Ancestors().TakeWhile(node => node != region.First.Parent)
            .Select(node => node switch
            {
                IfStatementSyntax branch => branch.Condition,
                WhileStatementSyntax loop => loop.Condition,
                ForStatementSyntax loop => loop.Condition,
                DoStatementSyntax loop => loop.Condition,
                ConditionalExpressionSyntax choice => choice.Condition,
                _ => null,
            })
            .Any(condition => condition?.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
                .Any(name => name.Identifier.ValueText is "UtcNow" or "Now" or "Random" or "Next" or "NextDouble" or "TickCount" or "TickCount64" or "Elapsed" or "NewGuid") == true);
}
