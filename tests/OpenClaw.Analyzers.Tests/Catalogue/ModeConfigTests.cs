using System.Text;
using Microsoft.CodeAnalysis;

namespace OpenClaw.Analyzers.Tests.Catalogue;

/// <summary>The global configurations of the modes are generated from the descriptors.</summary>
public sealed class ModeConfigTests
{
    public static TheoryData<string> Modes => new("None", "Brownfield", "Default", "Recommended", "Strict");

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_configuration_of_a_mode_says_what_the_descriptors_say(string mode)
    {
        var text = new StringBuilder();
        text.Append("# Generated from the rules by ModeConfigTests. The level is low: your own configuration wins.\n");
        text.Append("is_global = true\n");
        text.Append("global_level = -99\n");
        foreach (DiagnosticDescriptor rule in Rules.All)
        {
            if (SeverityIn(mode, rule) is { } severity)
            {
                text.Append("\n# ").Append(rule.Title).Append("\ndotnet_diagnostic.").Append(rule.Id).Append(".severity = ").Append(severity).Append('\n');
            }
        }

        Repository.AssertGenerated($"src/OpenClaw.Analyzers.Package/config/openclaw-{mode.ToLowerInvariant()}.globalconfig", text.ToString());
    }

    /// <summary>Null where the descriptor's own severity stands, which also keeps the findings of a rule that are reported one level lower.</summary>
    private static string? SeverityIn(string mode, DiagnosticDescriptor rule) => (mode, rule.IsEnabledByDefault, rule.DefaultSeverity) switch
    {
        ("Default", _, _) => null,
        ("None", _, _) => "none",
        ("Brownfield", true, DiagnosticSeverity.Warning) => "suggestion",
        ("Brownfield", _, _) => "none",
        ("Recommended", true, _) => "warning",
        ("Recommended", false, _) => "suggestion",
        ("Strict", true, DiagnosticSeverity.Warning) => "error",
        ("Strict", _, _) => "warning",
        _ => throw new ArgumentException($"No such mode: {mode}", nameof(mode)),
    };
}
