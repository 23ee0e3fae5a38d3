using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1001: gives the client its handler where the project registers it, so that all its calls are protected and none has to change.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ProtectRegistration))]
public sealed class ProtectRegistration() : GatewayCodeFix(Descriptors.UnprotectedCall)
{
    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || ProtectCall.UnprotectedAt(invocation, site) is not { Client.Family: ClientFamily.HttpClient, Receiver: { } client } call
            || site.Model.Registrations.OnlyOneFor(client, site.CancellationToken) is not { } registration
            || ChainOf(registration, site) is not { } chain
            || (chain.FirstAncestorOrSelf<StatementSyntax>() ?? (SyntaxNode)chain).ContainsDirectives
            || site.Document.Project.GetDocument(chain.SyntaxTree) is null)
        {
            return null;
        }

        string? gateway = PipelineName.OwnNameFor(site, call);
        var plan = new FixPlan("Protect the client where it is registered");
        plan.Add(
            [chain],
            rewriter =>
            {
                rewriter.Replace(chain, current => HandlerCall.Behind(current, gateway));
                HandlerCall.Import(rewriter);
            },
            key: nameof(ProtectRegistration));
        return plan;
    }

    /// <summary>The registration with the last of the calls on its builder: the handler that is added last is the innermost, and sees what goes over the wire.</summary>
    private static InvocationExpressionSyntax? ChainOf(HttpRegistration registration, FixSite site)
    {
        var chain = (InvocationExpressionSyntax)registration.Call.Syntax;
        if (!IsBuilder(registration.Call))
        {
            return null;
        }

        while (chain.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next }
            && site.Model.OperationAt(next, site.CancellationToken) is IInvocationOperation link
            && IsBuilder(link))
        {
            chain = next;
        }

        return chain;
    }

    private static bool IsBuilder(IInvocationOperation call) => call.Type.HasFullName("Microsoft.Extensions.DependencyInjection", "IHttpClientBuilder");
}
