using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1001: runs the call in the gateway's pipeline, in the form that its shape asks for.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ProtectCall))]
public sealed class ProtectCall() : GatewayCodeFix(Descriptors.UnprotectedCall)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || UnprotectedAt(invocation, site) is not { } call
            || invocation.Expression is MemberBindingExpressionSyntax
            || invocation.ContainsDirectives)
        {
            return null;
        }

        return call switch
        {
            // A web request is sent once, and a web client takes no token: they have to become an HttpClient first.
            { Client.Family: ClientFamily.WebRequest } => null,
            { Kind: CallKind.Connect } => ConnectThroughPipeline.Plan(site, call),
            { Client.Family: ClientFamily.HttpClient } when SendMessage.Applies(call) => SendMessage.Plan(site, call),
            _ => WrapInPipeline.Plan(site, call),
        };
    }

    /// <summary>The call, unless the other action of this rule has protected it meanwhile.</summary>
    internal static GatewayCall? UnprotectedAt(InvocationExpressionSyntax invocation, FixSite site)
        => site.Model.CallAt(invocation, site.CancellationToken) is { } call && site.Model.Protection.Of(call, site.CancellationToken).State == ProtectionState.None ? call : null;

    /// <summary>The action's title: a catch around the call that does not see a rejection is told of it.</summary>
    public static string TitleFor(string action, SyntaxNode call)
        => RejectionsAreSeen(call) ? action : action + " (rejections are HttpRequestException)";

    private static bool RejectionsAreSeen(SyntaxNode call)
    {
        CatchClauseSyntax[] catches =
        [
            .. call.Ancestors().TakeWhile(node => !SyntaxFacts.IsFunctionBoundary(node))
                .OfType<TryStatementSyntax>()
                .Where(statement => statement.Block.Span.Contains(call.Span))
                .SelectMany(statement => statement.Catches),
        ];
        return catches.Length == 0 || catches.Any(clause => clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception" or "HttpRequestException");
    }
}
