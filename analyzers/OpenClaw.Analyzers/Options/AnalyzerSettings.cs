using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace OpenClaw.Analyzers;

/// <summary>What the user can tell the rules, by <c>.editorconfig</c> key or MSBuild property.</summary>
internal readonly struct AnalyzerSettings
{
    /// <summary>Default of <c>openclaw_step_threshold</c>: five turns in a row are still a conversation, more are a run.</summary>
    public const int DefaultStepThreshold = 5;

    /// <summary>Default of <c>openclaw_min_turn_seconds</c>: a turn with a few tools takes that long on a gateway that is well.</summary>
    public const int DefaultMinTurnSeconds = 120;

    private readonly AnalyzerConfigOptions? _options;

    public AnalyzerSettings(AnalyzerOptions options, SyntaxTree tree) => _options = options.AnalyzerConfigOptionsProvider.GetOptions(tree);

    /// <summary><c>openclaw_clients_are_protected</c>: something that no compilation can see protects the clients, a service mesh for one.</summary>
    public bool ClientsAreProtected => Read("openclaw_clients_are_protected", "OpenClawClientsAreProtected") is { } text
        && bool.TryParse(text, out bool value) && value;

    /// <summary>
    /// <c>openclaw_gateway_methods</c>: methods of the user's own that are gateway calls, as <c>Type.Method</c> or <c>Type.*</c>, with or without the
    /// namespace, separated by commas.
    /// </summary>
    public string? GatewayMethods => Read("openclaw_gateway_methods", "OpenClawGatewayMethods");

    /// <summary>Whether the project is published as native code, where nothing can be serialized by reflection.</summary>
    public bool IsAheadOfTime => Read("openclaw_publish_aot", "PublishAot") is { } text && bool.TryParse(text, out bool value) && value;

    /// <summary><c>openclaw_step_threshold</c>: how many turns in sequence, outside a loop, may go without a checkpoint.</summary>
    public int StepThreshold => Read("openclaw_step_threshold", "OpenClawStepThreshold") is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : DefaultStepThreshold;

    /// <summary><c>openclaw_min_turn_seconds</c>: the time that a turn must be given, in seconds; 0 accepts any limit.</summary>
    public TimeSpan MinTurn => TimeSpan.FromSeconds(Read("openclaw_min_turn_seconds", "OpenClawMinTurnSeconds") is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value
            : DefaultMinTurnSeconds);

    private string? Read(string key, string property)
        => _options is not null && (_options.TryGetValue(key, out string? value) || _options.TryGetValue("build_property." + property, out value)) ? value : null;
}
