using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Retry;

/// <summary>A rule that judges one strategy by its place in a pipeline.</summary>
internal abstract class PipelineRule
{
    public abstract DiagnosticDescriptor Descriptor { get; }

    public abstract void Check(PipelinePart part);
}

/// <summary>A call that adds a strategy to a pipeline, or a resilience handler to a client.</summary>
internal sealed class PipelinePart(IInvocationOperation added, StrategyKind kind, GatewayModel model, Action<Diagnostic> report, CancellationToken cancellationToken)
{
    private readonly Lazy<GatewayCall?> _call = new(() => FindCall((InvocationExpressionSyntax)added.Syntax, model, cancellationToken));

    public IInvocationOperation Added => added;

    public StrategyKind Kind => kind;

    public InvocationExpressionSyntax Syntax => (InvocationExpressionSyntax)added.Syntax;

    public GatewayModel Model => model;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>A gateway call that runs in the pipeline; null where none is in sight.</summary>
    public GatewayCall? Call => _call.Value;

    /// <summary>Reports at the name of what is added, with the gateway call that runs in it as an additional location.</summary>
    public void Report(DiagnosticDescriptor descriptor, DiagnosticSeverity severity, GatewayCall call, params object[] further)
        => report(Diagnostic.Create(descriptor, SyntaxFacts.NameOf(Syntax).GetLocation(), severity, [call.Syntax.GetLocation()], properties: null, [call.Name, .. further]));

    private static GatewayCall? FindCall(InvocationExpressionSyntax part, GatewayModel model, CancellationToken cancellationToken)
        => PipelineUses.CallIn(part, model, cancellationToken)?.Call
            ?? part.AncestorsAndSelf().OfType<InvocationExpressionSyntax>()
                .Select(model.Registrations.With)
                .Where(registration => registration is not null)
                .SelectMany(registration => model.Registrations.CallsOf(registration!, cancellationToken))
                .FirstOrDefault();
}
