using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Clients;

/// <summary>A rule that judges the creation of one client.</summary>
internal abstract class ClientRule
{
    public abstract DiagnosticDescriptor Descriptor { get; }

    public abstract void Check(ClientCreation client, GatewayModel model, Action<Diagnostic> report, CancellationToken cancellationToken);
}
