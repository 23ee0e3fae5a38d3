using Microsoft.CodeAnalysis;
using OpenClaw.Analyzers.Gateway;

namespace OpenClaw.Analyzers.Calls;

/// <summary>A rule that judges one gateway call.</summary>
internal abstract class CallRule
{
    public abstract DiagnosticDescriptor Descriptor { get; }

    public abstract void Check(CallContext context);
}

/// <summary>A recognised call and what a rule needs to judge it.</summary>
internal readonly struct CallContext(
    GatewayCall call,
    GatewayModel model,
    AnalyzerSettings settings,
    Action<Diagnostic> report,
    CancellationToken cancellationToken)
{
    public GatewayCall Call { get; } = call;

    public GatewayModel Model { get; } = model;

    public AnalyzerSettings Settings { get; } = settings;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public Protection Protection => Model.Protection.Of(Call, CancellationToken);

    /// <summary>Reports at the call's name, with the code that proves where the call goes as an additional location.</summary>
    public void Report(DiagnosticDescriptor descriptor, params object[] arguments)
        => Report(descriptor, descriptor.DefaultSeverity, arguments);

    public void Report(DiagnosticDescriptor descriptor, DiagnosticSeverity severity, params object[] arguments)
        => Report(descriptor, severity, Call.NameLocation, Call.Endpoint.Evidence is { IsInSource: true } evidence ? [evidence] : null, arguments);

    /// <summary>Reports at the call's name, with the code around it that the message speaks of as additional locations.</summary>
    public void ReportWith(IEnumerable<Location> evidence, DiagnosticDescriptor descriptor, params object[] arguments)
        => ReportWith(evidence, descriptor, descriptor.DefaultSeverity, arguments);

    public void ReportWith(IEnumerable<Location> evidence, DiagnosticDescriptor descriptor, DiagnosticSeverity severity, params object[] arguments)
        => Report(descriptor, severity, Call.NameLocation, evidence, arguments);

    /// <summary>Reports at a part of the call, or at what the call leads to, with the call's name as an additional location.</summary>
    public void ReportAt(Location location, DiagnosticDescriptor descriptor, params object[] arguments)
        => Report(descriptor, descriptor.DefaultSeverity, location, [Call.NameLocation], arguments);

    private void Report(DiagnosticDescriptor descriptor, DiagnosticSeverity severity, Location location, IEnumerable<Location>? evidence, object[] arguments)
        => report(Diagnostic.Create(
            descriptor,
            location,
            Call.AtMost(severity),
            additionalLocations: evidence,
            properties: null,
            messageArgs: arguments));
}
