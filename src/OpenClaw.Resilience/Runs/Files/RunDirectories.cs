namespace OpenClaw.Resilience;

/// <summary>Creates directories so that they survive a power failure, whoever began to create them.</summary>
internal static class RunDirectories
{
    /// <summary>Creates the directory and those above it, and makes their names durable.</summary>
    public static void Ensure(IRunFileSystem files, string path)
    {
        var missing = new Stack<string>();
        string existing = path;
        while (!files.DirectoryExists(existing))
        {
            missing.Push(existing);
            existing = Path.GetDirectoryName(existing) ?? throw new DirectoryNotFoundException($"The root of '{path}' does not exist.");
        }

        // A process that created this one may have died before its name was durable.
        FlushParent(files, existing);
        while (missing.TryPop(out string? next))
        {
            files.CreateDirectory(next);
            FlushParent(files, next);
        }
    }

    private static void FlushParent(IRunFileSystem files, string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return;
        }

        try
        {
            files.FlushDirectory(parent);
        }
        catch (Exception exception) when (IsForbidden(exception))
        {
            // Whoever may not read a directory did not create what is in it just now: its names are as old as the system's own.
        }
    }

    private static bool IsForbidden(Exception exception) =>
        exception is UnauthorizedAccessException or IOException { HResult: PermissionDenied };

    // EACCES on every Unix.
    private const int PermissionDenied = 13;
}
