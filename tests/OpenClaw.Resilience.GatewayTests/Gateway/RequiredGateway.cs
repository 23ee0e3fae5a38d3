using System.Reflection;

namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>The installation that the tests use.</summary>
internal static class RequiredGateway
{
    private const string Missing = "The gateway for these tests is not installed: './test --all' installs it.";

    /// <summary>Finds it, or skips the test; on a build machine the test fails, since nobody would notice that it was skipped.</summary>
    public static GatewayInstallation Find()
    {
        string root = typeof(RequiredGateway).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;
        string folder = Environment.GetEnvironmentVariable("OPENCLAW_TEST_CACHE") is { Length: > 0 } cache
            ? cache
            : Path.Combine(root, "artifacts", "gateway");
        GatewayInstallation? installation = GatewayInstallation.Find(folder);
        Assert.True(installation is not null || Environment.GetEnvironmentVariable("CI") != "true", Missing);
        Assert.SkipWhen(installation is null, Missing);
        return installation!;
    }
}
