using Microsoft.CodeAnalysis.Operations;

namespace OpenClaw.Analyzers.Gateway;

/// <summary>The options object of a strategy of Polly 8.</summary>
internal static class StrategyOptions
{
    /// <summary>The one creation that the options come from; null where there are several, or where it is out of sight.</summary>
    public static IObjectCreationOperation? Of(PipelineStrategy strategy, GatewayModel model, CancellationToken cancellationToken)
        => strategy.Added.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == "options") is { } argument
            && model.Values.OriginsOf(argument.Value, call: null, cancellationToken) is [{ Operation: IObjectCreationOperation options }]
                ? options
                : null;
}
