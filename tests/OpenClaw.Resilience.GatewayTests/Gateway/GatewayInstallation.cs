using System.Reflection;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>The pinned gateway that <c>install.sh</c> has put into a folder.</summary>
internal sealed record GatewayInstallation(string Node, string Program)
{
    private const string Missing = "The gateway for these tests is not installed: './test --all' installs it.";

    /// <summary>Finds it, or skips the test; on a build machine the test fails, since nobody would notice that it was skipped.</summary>
    public static GatewayInstallation Require()
    {
        string root = typeof(GatewayInstallation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;
        string folder = Environment.GetEnvironmentVariable("OPENCLAW_TEST_CACHE") is { Length: > 0 } cache
            ? cache
            : Path.Combine(root, "artifacts", "gateway");
        bool isInstalled = File.Exists(Path.Combine(folder, "installed"));
        Assert.True(isInstalled || Environment.GetEnvironmentVariable("CI") != "true", Missing);
        Assert.SkipUnless(isInstalled, Missing);
        return new(Path.Combine(folder, "node"), Path.Combine(folder, "node_modules", "openclaw", "openclaw.mjs"));
    }
}
