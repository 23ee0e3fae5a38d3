using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>OCG1301: opens a run before the turns, makes each of them a step, and completes the run on every normal way out.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CheckpointSteps))]
public sealed class CheckpointSteps() : GatewayCodeFix(Descriptors.StepWithoutCheckpoint)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.LanguageVersion < LanguageVersion.CSharp8
            || GroupAt(site) is not { } group
            || RunRegion.Around(group, site) is not { } region
            || RunInputs.Of(region, site) is not { } inputs
            || StepNames.For(group.Turns, region, site) is not { } names)
        {
            return null;
        }

        List<StepRewrite> steps = [];
        foreach (InvocationExpressionSyntax turn in group.Turns)
        {
            if (StepRewrite.Plan(site, turn, names[turn], region) is not { } step)
            {
                return null;
            }

            steps.Add(step);
        }

        string runType = Imports.NameFor(Imports.Runtime, "AgentRun", site.Semantics, region.First.SpanStart, out bool needsImport);
        string idType = Imports.NameFor(Imports.Runtime, "RunId", site.Semantics, region.First.SpanStart, out _);
        ExpressionSyntax? token = TokenArgument.InScope(site, region.First);
        string run = Names.Unique("run", region.First);
        string tokenArgument = token is null ? "" : $", {token}";
        var plan = new FixPlan("Checkpoint the steps in an AgentRun");
        foreach (StepRewrite step in steps)
        {
            step.AddTo(plan, run, token);
        }

        region.AddExitsTo(plan, $"await {run}.CompleteAsync({token});");
        plan.Add([region.First], rewriter =>
        {
            rewriter.InsertBefore(region.First, SyntaxFactory.ParseStatement(
                $"await using {runType} {run} = await {runType}.ResumeAsync({idType}.From({inputs.Arguments}){tokenArgument});"));
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>The group that the diagnostic is about: found again from the code, by the rule's own search.</summary>
    private static StepGroup? GroupAt(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } first)
        {
            return null;
        }

        var settings = new AnalyzerSettings(site.Document.Project.AnalyzerOptions, first.SyntaxTree);
        foreach (SyntaxNode node in first.Ancestors())
        {
            StepGroup? group = RetryLoop.BodyOf(node) is not null
                ? StepLoops.Find((StatementSyntax)node, site.Model, settings, site.CancellationToken)
                : node is BlockSyntax or CompilationUnitSyntax
                    ? StepSequences.Find(node, StepSequences.StatementsOf(node), site.Model, settings, site.CancellationToken)
                    : null;
            if (group is not null && group.Turns[0] == first)
            {
                return group;
            }
        }

        return null;
    }
}
