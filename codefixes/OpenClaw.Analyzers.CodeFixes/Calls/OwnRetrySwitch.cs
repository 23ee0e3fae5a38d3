using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.CodeFixes.Calls;

/// <summary>Switches a client's own retry off where it is made: in the words of the OpenAI SDK, or by a setting of the client or its options.</summary>
internal sealed class OwnRetrySwitch
{
    private readonly Action<FixPlan> _add;

    private OwnRetrySwitch(Action<FixPlan> add) => _add = add;

    public void AddTo(FixPlan plan) => _add(plan);

    /// <summary>The edit of the one creation of the call's client; null where the sources have decided, or the creation cannot be changed.</summary>
    public static OwnRetrySwitch? Find(FixSite site, GatewayCall call)
        => SdkRetry.Find(site, call) is { } sdk ? new OwnRetrySwitch(sdk.AddTo)
            : OwnRepetition.Of(call, site.Model, site.CancellationToken) is not null && BySetting(call, site) is var (creation, setting)
                ? new OwnRetrySwitch(plan => plan.Add(
                    [creation],
                    rewriter => rewriter.Replace(creation, current => Initializers.Append(current, setting)),
                    key: nameof(OwnRetrySwitch)))
                : null;

    /// <summary>The object on which clients other than the OpenAI SDK's are told how often to repeat, and what it is told.</summary>
    private static (BaseObjectCreationExpressionSyntax Creation, string Setting)? BySetting(GatewayCall call, FixSite site)
    {
        if (call.Receiver is not { } receiver
            || site.Model.Clients.InstancesOf(receiver, site.CancellationToken) is not [{ Creation: { } client } instance])
        {
            return null;
        }

        SyntaxNode[] options = ClientProvenance.OptionsArgument(client) is null
            ? [client.Syntax]
            : [.. site.Model.Clients.OptionObjectsOf(instance, site.CancellationToken).Select(creation => creation.Syntax)];
        if (options is not [BaseObjectCreationExpressionSyntax only]
            || site.Document.Project.Solution.GetDocument(only.SyntaxTree) is null
            || site.Model.SemanticsOf(only.SyntaxTree).GetTypeInfo(only, site.CancellationToken).Type is not { } type)
        {
            return null;
        }

        return Has(type, "MaxRetries") ? (only, "MaxRetries = 0")
            : call.Client.RetryOptions.Contains("Retry") && Has(type, "Retry") ? (only, "Retry = { MaxRetries = 0 }")
            : null;
    }

    private static bool Has(ITypeSymbol type, string property)
        => type.SelfAndBases().SelectMany(declaring => declaring.GetMembers(property)).Any(member => member is IPropertySymbol { DeclaredAccessibility: Accessibility.Public });
}
