using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>OCG1004: switches the client's own retry off at its creation: what protects the call owns the retries.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SwitchRetryOff))]
public sealed class SwitchRetryOff() : GatewayCodeFix(Descriptors.RepeatedByClient)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation || site.Model.CallAt(invocation, site.CancellationToken) is not { } call)
        {
            return null;
        }

        if (OwnRetrySwitch.Find(site, call) is not { } retry)
        {
            return null;
        }

        var plan = new FixPlan("Switch the client's own retry off");
        retry.AddTo(plan);
        return plan;
    }
}
