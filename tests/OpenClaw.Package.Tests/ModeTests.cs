namespace OpenClaw.Package.Tests;

/// <summary>The modes, in a real build.</summary>
[Collection(nameof(PackedFeed))]
public sealed class ModeTests(PackedFeed feed)
{
    [Fact]
    public async Task A_mode_sets_all_rules_and_the_users_own_configuration_wins()
    {
        using var user = new Sandbox(feed);
        user.WriteProject("App.csproj", more: $"""
            <ItemGroup>
              <PackageReference Include="OpenClaw.Resilience" Version="{feed.Version}" />
            </ItemGroup>
            """);
        user.WriteNaiveProgram();

        Assert.Equal((1, "OCG1001 OCG1301"), await user.BuildAsync("-p:OpenClawAnalysisMode=Strict"));
        Assert.Equal((0, ""), await user.BuildAsync("-p:OpenClawAnalysisMode=None"));
        Assert.Equal((0, ""), await user.BuildAsync("-p:OpenClawAnalysisMode=Brownfield"));
        Assert.Equal((0, "OCG1001 OCG1301"), await user.BuildAsync("-p:OpenClawAnalysisMode=recommended"));

        user.Write(".editorconfig", "root = true\n[*.cs]\ndotnet_diagnostic.OCG1001.severity = none\n");
        Assert.Equal((1, "OCG1301"), await user.BuildAsync("-p:OpenClawAnalysisMode=Strict"));
    }

    [Fact]
    public async Task An_unknown_mode_is_an_error_that_names_the_known_ones()
    {
        using var user = new Sandbox(feed);
        user.WriteProject("App.csproj", more: $"""
            <ItemGroup>
              <PackageReference Include="OpenClaw.Resilience" Version="{feed.Version}" />
            </ItemGroup>
            """);
        user.WriteNaiveProgram();

        (int exitCode, string output) = await user.TryRunAsync("build -p:OpenClawAnalysisMode=Strickt");

        Assert.Equal(1, exitCode);
        Assert.Contains("error OCG9001: OpenClawAnalysisMode is 'Strickt'. Use None, Brownfield, Default, Recommended or Strict.", output, StringComparison.Ordinal);
    }
}
