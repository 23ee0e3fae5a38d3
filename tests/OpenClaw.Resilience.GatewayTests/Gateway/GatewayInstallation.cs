namespace OpenClaw.Resilience.GatewayTests.Gateway;

/// <summary>The pinned gateway that <c>install.sh</c> has put into a folder.</summary>
internal sealed record GatewayInstallation(string Node, string Program)
{
    /// <summary>What is installed in the folder, or null.</summary>
    public static GatewayInstallation? Find(string folder) => File.Exists(Path.Combine(folder, "installed"))
        ? new(Path.Combine(folder, "node"), Path.Combine(folder, "node_modules", "openclaw", "openclaw.mjs"))
        : null;
}
