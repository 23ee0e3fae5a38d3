using System.Diagnostics;

namespace OpenClaw.Resilience.PostgreSql.Tests.Server;

/// <summary>Starts programs as a user who is not root, for PostgreSQL refuses that one.</summary>
internal static class Unprivileged
{
    /// <summary>The user that the package makes for its own server.</summary>
    private const string User = "postgres";

    /// <summary>Starts a program under the process id that is returned: nothing stands between it and the caller.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--init-groups", "--", program, .. arguments]
            : [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C";
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }

    /// <summary>Hands an empty folder to that user.</summary>
    public static void Give(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            using Process chown = Process.Start("chown", [User, folder]);
            chown.WaitForExit();
            if (chown.ExitCode != 0)
            {
                throw new InvalidOperationException($"'{folder}' could not be given to user {User}.");
            }
        }
    }
}
