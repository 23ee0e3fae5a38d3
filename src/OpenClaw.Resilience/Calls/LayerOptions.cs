using System.Diagnostics.CodeAnalysis;
using Polly;

namespace OpenClaw.Resilience;

/// <summary>The name of an own layer in Polly's telemetry; the layer's numbers are in <see cref="GatewayOptions"/>.</summary>
internal sealed class LayerOptions : ResilienceStrategyOptions
{
    public LayerOptions(string name) => Name = name;
}

/// <summary>Adds own layers to a builder.</summary>
internal static class LayerBuilder
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Polly validates annotated members; these options have none.")]
    public static ResiliencePipelineBuilder AddLayer(
        this ResiliencePipelineBuilder builder, string name, Func<StrategyBuilderContext, ResilienceStrategy> create)
        => builder.AddStrategy(create, new LayerOptions(name));
}
