using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.CodeFixes.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Retry;

/// <summary>OCG1105: leaves the outermost retry and switches the innermost off, where nothing else relies on it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SwitchInnerRetryOff))]
public sealed class SwitchInnerRetryOff() : GatewayCodeFix(Descriptors.MultiplyingRetries)
{
    private protected override bool WritesToRuntime => false;

    private protected override FixPlan? Plan(FixSite site)
    {
        if (site.Find<InvocationExpressionSyntax>() is not { } invocation
            || site.Model.CallAt(invocation, site.CancellationToken) is not { } call
            || site.Model.Retries.MultiplyingAt(call, site.CancellationToken) is not [var inner, var outer, ..])
        {
            return null;
        }

        return inner.Kind switch
        {
            RetryLayerKind.Client => OfSdk(site, call),
            RetryLayerKind.Pipeline when ServesOneCall(inner) => WithoutPart(inner, site),

            // Two handlers of one registration: whatever relies on the inner one has the outer one as well.
            RetryLayerKind.Handler when outer.Kind == RetryLayerKind.Handler && IsRetryOnly(inner, site) => WithoutPart(inner, site),
            _ => null,
        };
    }

    private static FixPlan? OfSdk(FixSite site, GatewayCall call)
    {
        var plan = new FixPlan("Switch the SDK's own retry off");
        if (OwnRetrySwitch.Find(site, call) is { } unset)
        {
            unset.AddTo(plan);
            return plan;
        }

        if (call.Receiver is not { } receiver
            || site.Model.Clients.InstancesOf(receiver, site.CancellationToken) is not [var instance]
            || site.Model.Clients.OptionsOf(instance, "RetryPolicy", site.CancellationToken).ToArray() is not [{ Syntax: BaseObjectCreationExpressionSyntax { ArgumentList: { } arguments } policy }]
            || site.Document.Project.Solution.GetDocument(policy.SyntaxTree) is null
            || ChainLink.HasComment(arguments))
        {
            return null;
        }

        plan.Add([arguments], rewriter => rewriter.Replace(arguments, current => SyntaxFactory.ParseArgumentList("(0)").WithTriviaFrom(current)), key: nameof(SwitchInnerRetryOff));
        return plan;
    }

    private static FixPlan? WithoutPart(RetryLayer layer, FixSite site)
    {
        if (layer.Syntax is not InvocationExpressionSyntax part || part.SyntaxTree != site.Semantics.SyntaxTree || !ChainLink.CanGo(part))
        {
            return null;
        }

        var plan = new FixPlan("Take the inner retry away");
        plan.Add([part], rewriter => rewriter.Replace(part, ChainLink.Without), key: nameof(SwitchInnerRetryOff));
        return plan;
    }

    /// <summary>A pipeline that does something else as well, in a variable of its member or its type alone, by which one call is executed.</summary>
    private static bool ServesOneCall(RetryLayer layer)
    {
        InvocationExpressionSyntax end = (InvocationExpressionSyntax)layer.Syntax;
        bool doesMore = end.Expression is MemberAccessExpressionSyntax { Expression: InvocationExpressionSyntax };
        while (end.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax next })
        {
            doesMore |= SourceIndex.NameOf(next).StartsWith("Add", StringComparison.Ordinal);
            end = next;
        }

        string name = SourceIndex.NameOf(end);
        if (!doesMore || name.StartsWith("Execute", StringComparison.Ordinal))
        {
            return doesMore;
        }

        VariableDeclaratorSyntax? holder = (end.Parent as EqualsValueClauseSyntax)?.Parent as VariableDeclaratorSyntax;
        SyntaxNode? scope = holder?.Parent?.Parent switch
        {
            FieldDeclarationSyntax { Parent: TypeDeclarationSyntax type } field when !field.Modifiers.Any(IsVisible) && !type.Modifiers.Any(SyntaxKind.PartialKeyword) => type,
            LocalDeclarationStatementSyntax local => local.Parent,
            _ => null,
        };
        return name == "Build" && scope?.DescendantNodes().OfType<IdentifierNameSyntax>().Count(used => used.Identifier.ValueText == holder!.Identifier.ValueText) == 1;
    }

    private static bool IsVisible(SyntaxToken modifier)
        => modifier.Kind() is SyntaxKind.PublicKeyword or SyntaxKind.InternalKeyword or SyntaxKind.ProtectedKeyword;

    private static bool IsRetryOnly(RetryLayer layer, FixSite site)
        => SourceIndex.NameOf((InvocationExpressionSyntax)layer.Syntax) is "AddTransientHttpErrorPolicy" or "AddPolicyHandler"
            && site.Model.Pipelines.AddedIn(((InvocationExpressionSyntax)layer.Syntax).ArgumentList, site.CancellationToken) is [{ Kind: StrategyKind.Retry }];
}
