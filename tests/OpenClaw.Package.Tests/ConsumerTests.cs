namespace OpenClaw.Package.Tests;

/// <summary>What a user does with the packages.</summary>
[Collection(nameof(PackedFeed))]
public sealed class ConsumerTests(PackedFeed feed)
{
    private const string Findings = "OCG1001 OCG1301";

    private const string CentralVersions = """
        <Project>
          <PropertyGroup>
            <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
          </PropertyGroup>
          <ItemGroup>
            <PackageVersion Include="OpenAI" Version="2.15.0" />
          </ItemGroup>
        </Project>
        """;

    [Fact]
    public async Task One_package_gives_diagnostics_and_dotnet_format_fixes_them()
    {
        using var user = new Sandbox(feed);
        user.WriteProject("App.csproj");
        user.WriteNaiveProgram();
        await user.RunAsync($"add package OpenClaw.Resilience --version {feed.Version}");

        Assert.Equal((0, Findings), await user.BuildAsync());
        await user.RunAsync("format analyzers App.csproj --no-restore");

        Assert.Equal((0, ""), await user.BuildAsync("-warnaserror"));
        string code = user.Read("Assistant.cs");
        Assert.Contains("GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(", code, StringComparison.Ordinal);
        Assert.Contains("await run.StepAsync(\"note\", (_, ct) => AskAsync($\"{topic}: {step}\", ct), cancellationToken)", code, StringComparison.Ordinal);
        Assert.Equal("started", (await user.RunAsync("run --no-build")).Trim());

        await user.RunAsync("format analyzers App.csproj --no-restore --verify-no-changes");
    }

    [Fact]
    public async Task The_analyzer_package_alone_gives_diagnostics_and_leaves_nothing_in_the_output()
    {
        using var user = new Sandbox(feed);
        user.WriteProject("App.csproj");
        user.WriteNaiveProgram();
        await user.RunAsync($"add package OpenClaw.Analyzers --version {feed.Version}");

        Assert.Equal((0, Findings), await user.BuildAsync());

        Assert.Contains("<PrivateAssets>all</PrivateAssets>", user.Read("App.csproj"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(user.Folder, "bin"), "*OpenClaw*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_fixes_add_the_runtime_where_only_the_analyzers_are(bool centralVersions)
    {
        using var user = new Sandbox(feed);
        if (centralVersions)
        {
            user.Write("Directory.Packages.props", CentralVersions);
        }

        user.WriteProject("App.csproj", centralVersions: centralVersions);
        user.WriteNaiveProgram();
        await user.RunAsync($"add package OpenClaw.Analyzers --version {feed.Version}");

        // Until the restore the rules cannot see through the calls that were just wrapped: the second run fixes what is behind them.
        await user.RunAsync("format analyzers App.csproj");
        await user.RunAsync("restore");
        await user.RunAsync("format analyzers App.csproj");

        Assert.Equal((0, ""), await user.BuildAsync("-warnaserror"));
        string versions = user.Read(centralVersions ? "Directory.Packages.props" : "App.csproj");
        Assert.Contains($"Include=\"OpenClaw.Resilience\" Version=\"{feed.Version}\"", versions, StringComparison.Ordinal);
        Assert.Equal(centralVersions, user.Read("App.csproj").Contains("<PackageReference Include=\"OpenClaw.Resilience\" />", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_gets_the_analyzers_through_its_library_and_publishes_only_the_runtime()
    {
        using var user = new Sandbox(feed);
        user.WriteProject("Library/Library.csproj", outputType: "Library", more: $"""
            <ItemGroup>
              <PackageReference Include="OpenClaw.Resilience" Version="{feed.Version}" />
            </ItemGroup>
            """);
        user.Write("Library/Thing.cs", "namespace Library; public static class Thing { public static string Name => OpenClaw.Resilience.GatewayPipeline.Shared.Name; }\n");
        user.WriteProject("App/App.csproj", more: """
            <ItemGroup>
              <ProjectReference Include="../Library/Library.csproj" />
            </ItemGroup>
            """);
        user.WriteNaiveProgram("App");
        user.Write("App/Program.cs", "System.Console.WriteLine(Library.Thing.Name);\n");

        Assert.Equal((0, Findings), await user.BuildAsync("App"));
        await user.RunAsync("publish App -o out");

        string[] published = [.. Directory.GetFiles(Path.Combine(user.Folder, "out"), "*.dll").Select(Path.GetFileName).OfType<string>()];
        Assert.Contains("OpenClaw.Resilience.dll", published);
        Assert.Contains("Polly.Core.dll", published);
        Assert.DoesNotContain(published, name => name.StartsWith("OpenClaw.Analyzers", StringComparison.Ordinal));
        Assert.Equal("default", (await DotNet.RunAsync(user.Folder, "out/App.dll", TestContext.Current.CancellationToken)).Trim());
    }

    [Fact]
    public async Task Central_package_management_works()
    {
        using var user = new Sandbox(feed);
        user.Write("Directory.Packages.props", CentralVersions);
        user.WriteProject("App.csproj", centralVersions: true);
        user.WriteNaiveProgram();
        await user.RunAsync($"add package OpenClaw.Resilience --version {feed.Version}");

        Assert.Equal((0, Findings), await user.BuildAsync());
        Assert.Contains($"Include=\"OpenClaw.Resilience\" Version=\"{feed.Version}\"", user.Read("Directory.Packages.props"), StringComparison.Ordinal);
    }
}
