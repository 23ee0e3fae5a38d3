namespace OpenClaw.Resilience;

/// <summary>The environment variables that an operator can set. A value that isn't understood is an error, never ignored.</summary>
internal static class RunEnvironment
{
    public const string OnInDoubtVariable = "OPENCLAW_ON_IN_DOUBT";
    public const string DirectoryVariable = "OPENCLAW_RUNS_DIRECTORY";

    /// <exception cref="InvalidOperationException">The variable is set to something else than the name of an action.</exception>
    public static InDoubtAction? OnInDoubt(Func<string, string?> read)
    {
        string? value = read(OnInDoubtVariable);
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        foreach (InDoubtAction action in Enum.GetValues<InDoubtAction>())
        {
            if (string.Equals(action.ToString(), value.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return action;
            }
        }

        throw new InvalidOperationException(
            $"The environment variable {OnInDoubtVariable} is '{value}'; "
            + $"accepted are {string.Join(" and ", Enum.GetNames<InDoubtAction>())}.");
    }

    /// <exception cref="InvalidOperationException">The variable holds a relative path, which would mean another directory after a restart
    /// elsewhere.</exception>
    public static string? Directory(Func<string, string?> read)
    {
        string? value = read(DirectoryVariable);
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        return Path.IsPathFullyQualified(value)
            ? value
            : throw new InvalidOperationException($"The environment variable {DirectoryVariable} is '{value}', which is no absolute path.");
    }
}
