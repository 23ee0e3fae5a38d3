using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Calls;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Runs;

/// <summary>OCG1305: a server that keeps one conversation for all who ask, as a list of its own or under one key at the gateway.</summary>
internal sealed class SharedSession : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.SharedSession;

    public override void Check(CallContext context)
    {
        GatewayCall call = context.Call;
        if (call.Kind != CallKind.Turn || !RequestHandlers.Reach(call.Syntax, context.Model, context.CancellationToken))
        {
            return;
        }

        if (context.Model.Sessions.ConstantOf(call, context.CancellationToken) is { } key)
        {
            context.Report(Descriptor, $"'{call.Name}' names the session '{key}' for every request");
        }
        else if (Conversations.SentBy(call, context.Model, context.CancellationToken).FirstOrDefault(conversation => IsShared(conversation, context)) is { } shared)
        {
            context.Report(Descriptor, $"'{call.Name}' sends '{shared.Name}', of which there is one for all requests");
        }
    }

    private static bool IsShared(ISymbol conversation, CallContext context)
        => SharedObjects.Include(conversation, context.Call.Syntax, context.Model, context.CancellationToken)
            && Conversations.GrowsInRequests(conversation, context.Call.Syntax, context.Model, context.CancellationToken);
}
