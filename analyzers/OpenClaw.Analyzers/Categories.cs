namespace OpenClaw.Analyzers;

/// <summary>Categories of the rules. Without spaces: a category with a space cannot be configured in bulk.</summary>
internal static class Categories
{
    public const string Calls = "OpenClaw.Calls";
    public const string Retry = "OpenClaw.Retry";
    public const string Clients = "OpenClaw.Clients";
    public const string Runs = "OpenClaw.Runs";
}
