using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1008: the events of an answer are read by hand, and the end of the connection is taken for the end of the answer.</summary>
internal sealed class UnendedStream : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.UnendedStream;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (call.Client.Family != ClientFamily.HttpClient
            || call.Kind != CallKind.Turn
            || new EventLoops(context.Model).UnendedReadAfter(call, context.CancellationToken) is not { } read
            || WatchesEnd(call, context.Model, context.CancellationToken))
        {
            return;
        }

        // A loop in another method, perhaps in another file, is reported where the answer is asked for: several callers may share it.
        bool isHere = read.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary) == call.Syntax.Ancestors().FirstOrDefault(SyntaxFacts.IsFunctionBoundary);
        context.ReportAt(isHere ? SyntaxFacts.NameOf(read).GetLocation() : call.NameLocation, Descriptor, call.Name);
    }

    /// <summary>The clients and handlers of our runtime make the last read of a cut stream throw.</summary>
    private static bool WatchesEnd(GatewayCall call, GatewayModel model, CancellationToken cancellationToken)
        => call.Receiver is { } client && model.Clients.InstancesOf(client, cancellationToken).Any(instance =>
            IsOurs(instance.Operation)
            || model.Registrations.For(instance, client, cancellationToken).Any(ClientRegistrations.HasGatewayHandler));

    private static bool IsOurs(IOperation value) => value switch
    {
        IPropertyReferenceOperation property => property.Property.ContainingType.IsWithin("OpenClaw.Resilience"),
        IInvocationOperation call => call.TargetMethod.ContainingType.IsWithin("OpenClaw.Resilience"),
        _ => false,
    };
}
