using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>OCG1301: opens a run before the turns, makes each of them a step, and completes the run on every normal way out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CheckpointSteps))]
public sealed class CheckpointSteps() : GatewayCodeFix(Descriptors.StepWithoutCheckpoint)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        IReadOnlyList<StepGroup> groups = RunSteps.Around(site);
        return site.LanguageVersion < LanguageVersion.CSharp8 || groups.Count == 0
            ? null
            : RunRegion.Around(groups, site).Select(region => Plan(region, site)).FirstOrDefault(plan => plan is not null);
    }

    private static FixPlan? Plan(RunRegion region, FixSite site)
    {
        if (RunInputs.Of(region, site) is not { } inputs
            || StepNames.For(region.Turns, region, site) is not { } names)
        {
            return null;
        }

        List<StepRewrite> steps = [];
        foreach (InvocationExpressionSyntax turn in region.Turns)
        {
            if (StepRewrite.Plan(site, turn, names[turn]) is not { } step)
            {
                return null;
            }

            steps.Add(step);
        }

        ExpressionSyntax? token = TokenArgument.InScope(site, region.First);
        string run = Names.Unique("run", region.First);
        string configure = StepRewrite.ConfigureAwaitOf(region.Turns[0]);
        var plan = new FixPlan(region.Turns.Any(turn => IsInCatchAll(turn, region))
            ? "Checkpoint the steps in an AgentRun (a step in doubt ends in the catch around it)"
            : "Checkpoint the steps in an AgentRun");
        foreach (StepRewrite step in steps)
        {
            step.AddTo(plan, run, token);
        }

        region.AddExitsTo(plan, $"await {run}.CompleteAsync({token}){configure};");
        AddOpening(plan, site, region, run, inputs, names.Values.Any(name => name.StartsWith("StepName.", StringComparison.Ordinal)), token is null ? "" : $", {token}", configure);
        return plan;
    }

    /// <summary>Whether a catch in the run takes every exception for a failure of the turn.</summary>
    private static bool IsInCatchAll(InvocationExpressionSyntax turn, RunRegion region)
        => turn.Ancestors().TakeWhile(node => node != region.First.Parent).OfType<TryStatementSyntax>()
            .Any(statement => statement.Block.Span.Contains(turn.Span)
                && statement.Catches.Any(clause => clause.Filter is null && clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception"
                    && !clause.Block.DescendantNodes().Any(node => node is ThrowStatementSyntax)));

    private static void AddOpening(FixPlan plan, FixSite site, RunRegion region, string run, RunInputs inputs, bool namesItems, string token, string configure)
    {
        string runType = Imports.NameFor(Imports.Runtime, "AgentRun", site.Semantics, region.First.SpanStart, out bool importsRun);
        string idType = Imports.NameFor(Imports.Runtime, "RunId", site.Semantics, region.First.SpanStart, out bool importsId);
        _ = Imports.NameFor(Imports.Runtime, "StepName", site.Semantics, region.First.SpanStart, out bool importsName);
        string opening = $"{runType} {run} = await {runType}.ResumeAsync({idType}.From({inputs.Arguments}){token}){configure};";
        string[] statements = configure.Length == 0
            ? [$"await using {opening}"]
            : [opening, $"await using var {Names.Unique(run + "Scope", region.First)} = {run}{configure};"];
        plan.Add(
            [region.First],
            rewriter =>
            {
                foreach (string statement in statements)
                {
                    rewriter.InsertBefore(region.First, SyntaxFactory.ParseStatement(statement));
                }

                if (importsRun || importsId || (importsName && namesItems))
                {
                    rewriter.Import(Imports.Runtime);
                }
            },
            nameof(AddOpening));
    }
}
