using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>OCG1002: neither the client, the token nor a wrapper limits the wait.</summary>
/// <remarks>
/// Reported beside OCG1001 on the same call: who decides that a call needs no retry still wants to know that it can hang, and the pipeline ends both.
/// </remarks>
internal sealed class MissingTimeout : CallRule
{
    public override DiagnosticDescriptor Descriptor => Descriptors.MissingTimeout;

    public override void Check(CallContext context)
    {
        DeadlineFact deadline = context.Model.Deadlines.Of(context.Call, context.CancellationToken);
        if (deadline.State is DeadlineState.Unbounded or DeadlineState.Abandoned or DeadlineState.LeftToCaller)
        {
            bool isLikelyDeliberate = deadline.State != DeadlineState.Unbounded || context.Call.IsProbe;
            context.Report(Descriptor, isLikelyDeliberate ? DiagnosticSeverity.Info : Descriptor.DefaultSeverity, context.Call.Name, deadline.Reason);
        }
    }
}
