namespace OpenClaw.Resilience.PostgreSql.Tests.Server;

/// <summary>The PostgreSQL programs that a distribution's package has installed.</summary>
internal sealed record PostgreSqlInstallation(string Programs)
{
    public const string Missing =
        "There is no PostgreSQL server to start: './test --all' installs it, or the package postgresql of the distribution.";

    // Debian keeps its versions apart; others put the programs where all programs are.
    private const string DebianRoot = "/usr/lib/postgresql";
    private static readonly string[] Elsewhere = ["/usr/bin", "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"];

    /// <summary>The newest one; null when there is none.</summary>
    public static PostgreSqlInstallation? Find() =>
        Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) is { } programs ? new(programs) : null;

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
