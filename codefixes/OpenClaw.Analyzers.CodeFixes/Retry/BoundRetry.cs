using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1103: gives up after some attempts and lets the last failure out, in a loop or in the options and policies of Polly.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BoundRetry))]
public sealed class BoundRetry() : GatewayCodeFix(Descriptors.RetryWithoutEnd)
{
    /// <summary>Five, as the runtime's own pipeline for model providers repeats: over a minute with growing waits.</summary>
    internal const string Attempts = "5";

    internal const string Title = "Give up after five attempts";

    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is { } invocation && PollyRetries.MayRetry(SourceIndex.NameOf(invocation)))
        {
            return PolicyBound.Plan(site, invocation);
        }

        return site.Find<StatementSyntax>() is { } loop && LoopRetries.Find(loop, site.Model, site.CancellationToken) is { } retry
            ? AttemptLimit.Plan(retry.Loop)
            : null;
    }
}
