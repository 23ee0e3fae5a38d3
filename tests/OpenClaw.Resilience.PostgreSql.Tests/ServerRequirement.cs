using OpenClaw.Resilience.PostgreSql.Tests.Server;

namespace OpenClaw.Resilience.PostgreSql.Tests;

/// <summary>What these tests need of the machine.</summary>
internal static class ServerRequirement
{
    /// <summary>Skips the test where no server is installed; on a build machine it fails, since nobody would notice that it was skipped.</summary>
    public static void Require()
    {
        bool isMissing = PostgreSqlInstallation.Find() is null;
        Assert.False(isMissing && Environment.GetEnvironmentVariable("CI") == "true", PostgreSqlInstallation.Missing);
        Assert.SkipWhen(isMissing, PostgreSqlInstallation.Missing);
    }
}
