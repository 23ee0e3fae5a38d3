using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1101: growing waits with jitter, in a loop or in the options and policies of Polly. A loop that is only the retry of a read becomes a call of the pipeline.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddBackoff))]
public sealed class AddBackoff() : GatewayCodeFix(Descriptors.RetryWithoutBackoff)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is { } invocation && PollyRetries.MayRetry(SourceIndex.NameOf(invocation)))
        {
            return PollyBackoff.Plan(site, invocation);
        }

        StatementSyntax? loop = site.Find<StatementSyntax>()?.AncestorsAndSelf().OfType<StatementSyntax>().FirstOrDefault(node => RetryLoop.BodyOf(node) is not null);
        return loop is not null && LoopRetries.Find(loop, site.Model, site.CancellationToken) is { Loop: var retry } construct
            ? LoopReplacement.Plan(site, construct, retry) ?? LoopBackoff.Plan(site, construct, retry)
            : null;
    }
}
