using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1104: repeats only what may heal, in the catches of a loop or in what a Polly retry handles.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RepeatOnlyTransient))]
public sealed class RepeatOnlyTransient() : GatewayCodeFix(Descriptors.RetryOfPermanentFailure)
{
    private const string Title = "Repeat only what may heal";

    private static readonly CatchQuestion IsTransient = new(Imports.Runtime, "GatewayFailure", (type, name) => $"{type}.IsTransient({name})", (type, name) => $"!{type}.IsTransient({name})");

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is { } invocation && site.Find<StatementSyntax>()?.Span.Contains(invocation.Span) != false)
        {
            return HandledExceptions.Plan(site, invocation, Title);
        }

        StatementSyntax? loop = site.Find<CatchClauseSyntax>()?.Ancestors().OfType<StatementSyntax>().FirstOrDefault(node => RetryLoop.BodyOf(node) is not null);
        return loop is not null && LoopRetries.Find(loop, site.Model, site.CancellationToken) is { } retry
            ? CatchNarrowing.Plan(site, retry.Loop, [.. new LoopFailures(retry.Loop, site.Model, site.CancellationToken).Catches().Select(found => found.Clause)], Title, IsTransient)
            : null;
    }
}
