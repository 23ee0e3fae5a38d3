using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Runs;

namespace OpenClaw.Analyzers.CodeFixes.Runs;

/// <summary>
/// All turns of one function that the rule reports. They share one run: were each loop a run of its own, the first would be complete, and so begin
/// again, when the program dies in the second.
/// </summary>
internal static class RunSteps
{
    /// <summary>The groups of the function around the diagnostic, found again from the code by the rule's own search; empty where it is not among them.</summary>
    public static IReadOnlyList<StepGroup> Around(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } reported
            || reported.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) is not { } function)
        {
            return [];
        }

        var settings = new AnalyzerSettings(site.Document.Project.AnalyzerOptions, function.SyntaxTree);
        StepGroup[] groups =
        [
            .. SyntaxFacts.DescendantsInSameFunction(function)
                .Select(node => RetryLoop.BodyOf(node) is not null ? StepLoops.Find((StatementSyntax)node, site.Model, settings, site.CancellationToken)
                    : node is BlockSyntax ? StepSequences.Find(node, StepSequences.StatementsOf(node), site.Model, settings, site.CancellationToken)
                    : null)
                .OfType<StepGroup>(),
        ];
        return groups.Any(group => group.Turns[0] == reported) ? groups : [];
    }
}
