using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Runs.Results;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>Makes one turn a step: the turn, with the part of its result that is used, moves into the step's delegate.</summary>
internal sealed class StepRewrite
{
    private readonly FixSite _site;
    private readonly InvocationExpressionSyntax _turn;
    private readonly string _name;
    private readonly ExpressionSyntax _stored;
    private readonly ResultExtraction? _extraction;
    private readonly Hoisting? _hoisting;
    private readonly string? _resultType;

    private StepRewrite(FixSite site, InvocationExpressionSyntax turn, string name, ExpressionSyntax stored, ResultExtraction? extraction, Hoisting? hoisting, string? resultType)
    {
        _site = site;
        _turn = turn;
        _name = name;
        _stored = stored;
        _extraction = extraction;
        _hoisting = hoisting;
        _resultType = resultType;
    }

    /// <summary>Plans the step; null where its result cannot be stored, or skipping it would lose more than its result.</summary>
    public static StepRewrite? Plan(FixSite site, InvocationExpressionSyntax turn, string name)
    {
        IEnumerable<ExpressionSyntax> parts = turn.ArgumentList.Arguments.Select(argument => argument.Expression).Where(argument => argument is not AnonymousFunctionExpressionSyntax);
        if (AwaitOf(turn) is not { } awaited
            || parts.Append(turn.Expression).Any(part => Capture.IsImpossible(part, site))
            || StepEffects.WouldBeLost(turn, site))
        {
            return null;
        }

        Hoisting? hoisting = null;
        if (StepEffects.IsInArguments(turn, site) && (hoisting = Hoisting.Plan(site, turn, TokenIndexOf(turn, site))) is null)
        {
            return null;
        }

        ResultExtraction? extraction = null;
        ExpressionSyntax? stored = StoredPart(awaited, site);
        if (stored is null)
        {
            extraction = ResultExtraction.Find(awaited, site);
            stored = extraction is null ? null : awaited;
        }

        if (stored is null)
        {
            return null;
        }

        ITypeSymbol result = site.Semantics.GetTypeInfo(extraction?.Taken ?? stored, site.CancellationToken).Type!;
        string? resultType = null;
        bool needsContract = new AnalyzerSettings(site.Document.Project.AnalyzerOptions, turn.SyntaxTree).IsAheadOfTime && result.SpecialType != SpecialType.System_Void;
        return needsContract && (resultType = JsonContracts.For(result, site, turn.SpanStart)) is null
            ? null
            : new StepRewrite(site, turn, name, stored, extraction, hoisting, resultType);
    }

    public void AddTo(FixPlan plan, string run, ExpressionSyntax? token)
    {
        int tokenIndex = TokenIndexOf(_turn, _site);
        bool isTask = _site.Semantics.GetTypeInfo(_turn, _site.CancellationToken).Type.HasFullName("System.Threading.Tasks", "Task");
        string outer = OuterToken(tokenIndex, token) is { } passed ? $", {passed}" : "";
        plan.Add([_stored, _turn, .. _hoisting?.Nodes ?? []], rewriter =>
        {
            if (rewriter.Current(_turn) is null)
            {
                return;
            }

            IReadOnlyDictionary<int, ExpressionSyntax>? hoisted = _hoisting?.Apply(rewriter, _turn);
            InvocationExpressionSyntax turn = rewriter.Current(_turn)!;
            string inner = Names.Unique("ct", _turn);
            InvocationExpressionSyntax call = hoisted is null ? turn : Hoisting.Rewrite(turn, hoisted);
            if (tokenIndex >= 0)
            {
                ExpressionSyntax argument = call.ArgumentList.Arguments[tokenIndex].Expression;
                call = call.ReplaceNode(argument, SyntaxFactory.IdentifierName(inner).WithTriviaFrom(argument));
            }

            ExpressionSyntax body = rewriter.Current(_stored)!.ReplaceNode(turn, call).WithoutTrivia();
            body = _extraction is null ? body : _extraction.Apply(body);
            string context = Names.Discard(_site.LanguageVersion, _turn, body, "step");
            string parameters = $"({context}, {(tokenIndex >= 0 || _site.LanguageVersion < LanguageVersion.CSharp9 || context != "_" ? inner : "_")})";
            string step = isTask && body is AwaitExpressionSyntax ? $"{parameters} => {WithoutConfigureAwait(body)}" : $"async {parameters} => {body}";
            string contract = _resultType is null ? "" : $", {_resultType}";
            ExpressionSyntax stepCall = SyntaxFactory.ParseExpression($"await {run}.StepAsync({_name}, {step}{contract}{outer}){ConfigureAwaitOf(_turn)}");
            rewriter.Replace(_stored, current => Parenthesize(stepCall, current).WithTriviaFrom(current));
        });
        _extraction?.AddTo(plan);
    }

    /// <summary>The <c>.ConfigureAwait(…)</c> behind a turn, as it is written; empty where there is none.</summary>
    public static string ConfigureAwaitOf(InvocationExpressionSyntax turn)
        => turn.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax configured }
            ? $".ConfigureAwait{configured.ArgumentList.ToString()}"
            : "";

    /// <summary>The token that the turn was given goes to the step, which gives its own to the turn.</summary>
    private ExpressionSyntax? OuterToken(int tokenIndex, ExpressionSyntax? inScope)
    {
        ExpressionSyntax? passed = tokenIndex < 0 ? inScope : _turn.ArgumentList.Arguments[tokenIndex].Expression.WithoutTrivia();
        bool isNone = passed is LiteralExpressionSyntax or DefaultExpressionSyntax or MemberAccessExpressionSyntax { Name.Identifier.ValueText: "None" };
        return isNone ? null : passed;
    }

    /// <summary>A delegate that only awaits hands the task on.</summary>
    private static ExpressionSyntax WithoutConfigureAwait(ExpressionSyntax body)
    {
        ExpressionSyntax task = ((AwaitExpressionSyntax)body).Expression;
        return task is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Expression: var inner } } ? inner : task;
    }

    /// <summary>A member of the result gave way to an <c>await</c>, which binds less tightly than what follows it.</summary>
    private static ExpressionSyntax Parenthesize(ExpressionSyntax step, ExpressionSyntax replaced)
        => replaced is not AwaitExpressionSyntax
            && replaced.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax or ConditionalAccessExpressionSyntax or PostfixUnaryExpressionSyntax
                ? SyntaxFactory.ParenthesizedExpression(step)
                : step;

    private static AwaitExpressionSyntax? AwaitOf(InvocationExpressionSyntax turn)
    {
        SyntaxNode value = turn;
        while (value.Parent is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait", Parent: InvocationExpressionSyntax chained })
        {
            value = chained;
        }

        return value.Parent as AwaitExpressionSyntax;
    }

    /// <summary>The awaited turn, or the shortest chain of members behind it, whose value can be stored: <c>(await turn).Value.Content[0].Text</c>.</summary>
    private static ExpressionSyntax? StoredPart(AwaitExpressionSyntax awaited, FixSite site)
    {
        ITypeSymbol? type = site.Semantics.GetTypeInfo(awaited, site.CancellationToken).Type;
        if (StorableTypes.IsStorable(type) || (type?.SpecialType == SpecialType.System_Void && awaited.Parent is ExpressionStatementSyntax))
        {
            return awaited;
        }

        return awaited.Parent is ParenthesizedExpressionSyntax inParentheses && !ResultExtraction.MustBeDisposed(type) ? ResultExtraction.StorableBehind(inParentheses, site) : null;
    }

    private static int TokenIndexOf(InvocationExpressionSyntax turn, FixSite site)
    {
        for (int i = 0; i < turn.ArgumentList.Arguments.Count; i++)
        {
            if (site.Semantics.GetTypeInfo(turn.ArgumentList.Arguments[i].Expression, site.CancellationToken).ConvertedType.HasFullName("System.Threading", "CancellationToken"))
            {
                return i;
            }
        }

        return -1;
    }
}
