using System.Globalization;
using OpenClaw.Resilience.GatewayTests.Gateway;

namespace OpenClaw.Demo;

/// <summary>What <c>./demo</c> says.</summary>
/// <param name="Before">The agent as it was.</param>
/// <param name="After">The agent with the fixes.</param>
/// <param name="Work">A folder for its runs.</param>
/// <param name="Port">The gateway's port; 0 takes free ones. The second real gateway gets the next one.</param>
/// <param name="Installation">The real gateway, or null for the stand-in.</param>
internal sealed record DemoOptions(string Before, string After, string Work, int Port, GatewayInstallation? Installation)
{
    public const string Usage = "usage: Demo <agent before> <agent after> <work folder> [--port N] [--gateway <folder of the real one>]";

    /// <summary>Null when the arguments are no good.</summary>
    public static DemoOptions? Parse(string[] arguments)
    {
        int port = 0;
        GatewayInstallation? installation = null;
        for (int index = 3; index < arguments.Length; index += 2)
        {
            string value = index + 1 < arguments.Length ? arguments[index + 1] : "";
            bool isGood = arguments[index] switch
            {
                "--port" => int.TryParse(value, CultureInfo.InvariantCulture, out port) && port is >= 0 and < 65_535,
                "--gateway" => (installation = GatewayInstallation.Find(value)) is not null,
                _ => false,
            };
            if (!isGood)
            {
                return null;
            }
        }

        return arguments.Length < 3 ? null : new(arguments[0], arguments[1], arguments[2], port, installation);
    }
}
