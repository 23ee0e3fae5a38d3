using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>A rule that judges how an invocation is used which makes a gateway call, or leads to one through methods of the same sources.</summary>
internal abstract class CallSiteRule
{
    public abstract DiagnosticDescriptor Descriptor { get; }

    /// <summary>Whether the syntax around the invocation is what the rule is about: asked before anything is bound.</summary>
    public abstract bool MayApply(InvocationExpressionSyntax invocation);

    public abstract void Check(CallSite site);
}

/// <summary>An invocation and the gateway call that it makes or leads to.</summary>
internal readonly struct CallSite(IInvocationOperation operation, GatewayCall call, GatewayModel model, Action<Diagnostic> report, CancellationToken cancellationToken)
{
    public IInvocationOperation Operation { get; } = operation;

    public InvocationExpressionSyntax Syntax => (InvocationExpressionSyntax)Operation.Syntax;

    public GatewayCall Call { get; } = call;

    public GatewayModel Model { get; } = model;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The site that an invocation is; null where no gateway call is in reach, or where calls only pass through.</summary>
    public static CallSite? At(InvocationExpressionSyntax invocation, GatewayModel model, Action<Diagnostic> report, CancellationToken cancellationToken)
        => model.Reach.From(invocation, cancellationToken) is { } call
            && model.OperationAt(invocation, cancellationToken) is IInvocationOperation operation
            && !Plumbing.IsAt(operation, call.Client, model)
                ? new CallSite(operation, call, model, report, cancellationToken)
                : null;

    public void Report(DiagnosticDescriptor descriptor, Location location, DiagnosticSeverity severity, params object[] arguments)
        => report(Diagnostic.Create(descriptor, location, severity, additionalLocations: null, properties: null, messageArgs: arguments));
}
