namespace OpenClaw.Resilience;

/// <summary>Makes names in directories durable.</summary>
internal static class DurableDirectory
{
    /// <summary>Returns when the names created, renamed and deleted in the directory survive a power failure.</summary>
    /// <remarks>
    /// Windows has no such call and needs none: NTFS journals names, and flushing a file writes its directory entry along.
    /// </remarks>
    public static void Flush(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            Posix.FlushDirectory(path);
        }
    }
}
