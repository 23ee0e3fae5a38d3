using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;
using OpenClaw.Analyzers.Retry;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1107: waits as long as the reply says, and as before where it says nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(HonourRetryAfter))]
public sealed class HonourRetryAfter() : GatewayCodeFix(Descriptors.RetryAfterIgnored)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } wait
            || !LoopWait.CanBeReplaced(wait)
            || LoopWait.Of(wait, site) is not { BaseDelay: { } duration } parts
            || wait.Ancestors().OfType<StatementSyntax>().FirstOrDefault(node => RetryLoop.BodyOf(node) is not null) is not { } loop
            || LoopRetries.Find(loop, site.Model, site.CancellationToken) is not { } retry
            || ReplyAt(site, wait, retry.Loop) is not { } reply)
        {
            return null;
        }

        string failure = Imports.NameFor(Imports.Runtime, "GatewayFailure", site.Semantics, wait.SpanStart, out bool needsImport);
        var plan = new FixPlan("Wait as long as the reply says");
        plan.Add([wait], rewriter =>
        {
            rewriter.Replace(wait, current => Microsoft.CodeAnalysis.CSharp.SyntaxFactory
                .ParseExpression($"{parts.Target}({failure}.{reply}.RetryAfter ?? {duration}{string.Concat(parts.Rest.Select(argument => ", " + argument))})")
                .WithTriviaFrom(current));
            if (needsImport)
            {
                rewriter.Import(Imports.Runtime);
            }
        });
        return plan;
    }

    /// <summary>What the classification is asked of at the wait: the exception that carries the reply, or the response. A conditional duration would be torn apart.</summary>
    private static string? ReplyAt(FixSite site, InvocationExpressionSyntax wait, RetryLoop loop)
    {
        if (wait.ArgumentList.Arguments.FirstOrDefault()?.Expression is ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax)
        {
            return null;
        }

        switch (IgnoredHeader.In(loop, site.Model, site.CancellationToken))
        {
            case CatchClauseSyntax { Declaration.Identifier.ValueText: { Length: > 0 } exception } clause when clause.Span.Contains(wait.Span):
                return $"Classify({exception})";
            case BlockSyntax:
                ILocalSymbol[] replies =
                [
                    .. site.Semantics.LookupSymbols(wait.SpanStart).OfType<ILocalSymbol>()
                        .Where(local => local.Type.HasFullName("System.Net.Http", "HttpResponseMessage")
                            && local.DeclaringSyntaxReferences is [var declaration]
                            && loop.Body.Span.Contains(declaration.Span)
                            && declaration.Span.End < wait.SpanStart),
                ];
                return replies is [var reply] ? $"Classify({reply.Name})?" : null;
            default:
                return null;
        }
    }
}
