namespace OpenClaw.Resilience.PostgreSql.Tests.Server;

/// <summary>The PostgreSQL programs that a distribution's package has installed.</summary>
internal sealed record PostgreSqlInstallation(string Programs)
{
    private const string Missing =
        "There is no PostgreSQL server for these tests: './test --all' installs it, or the package postgresql of the distribution.";

    // Debian keeps its versions apart; others put the programs where all programs are.
    private const string DebianRoot = "/usr/lib/postgresql";
    private static readonly string[] Elsewhere = ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"];

    /// <summary>The newest one, or the test is skipped; on a build machine it fails, since nobody would notice that it was skipped.</summary>
    public static PostgreSqlInstallation Require()
    {
        string? programs = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
        Assert.True(programs is not null || Environment.GetEnvironmentVariable("CI") != "true", Missing);
        Assert.SkipWhen(programs is null, Missing);
        return new PostgreSqlInstallation(programs!);
    }

    private static IEnumerable<string> Candidates()
    {
        IEnumerable<string> debian = Directory.Exists(DebianRoot)
            ? Directory.EnumerateDirectories(DebianRoot)
                .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out int version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"))
            : [];
        return [.. debian, .. Elsewhere];
    }
}
