using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OpenClaw.Resilience;

/// <summary>What durable files need and the framework doesn't offer: flushing a directory, and a lock whose failure is told.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class Posix
{
    private const int ReadOnly = 0;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Interrupted = 4;

    // The one flag of open(2) that differs: without it a child process would inherit the descriptor for a moment.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : OperatingSystem.IsLinux() ? 0x80000 : 0;

    // EWOULDBLOCK: 11 on Linux, 35 on macOS and the BSDs.
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Makes the names in a directory durable.</summary>
    /// <exception cref="IOException">The system refused; names may be lost on a power failure.</exception>
    public static void FlushDirectory(string path)
    {
        int descriptor = Retry(() => Open(path, ReadOnly | CloseOnExec));
        if (descriptor < 0)
        {
            throw Failure("open", path);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // The framework's fsync: checked, and F_FULLFSYNC on macOS, where fsync alone leaves data in the drive's cache.
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Takes an exclusive lock on an open file, which the system drops with the last descriptor of it.</summary>
    /// <returns>False when someone else holds it.</returns>
    /// <exception cref="IOException">The file system has no such locks.</exception>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        if (Retry(() => Flock(file, LockExclusive | LockNonBlocking)) == 0)
        {
            return true;
        }

        return IsWouldBlock(Marshal.GetLastPInvokeError()) ? false : throw Failure("lock", path);
    }

    public static bool IsWouldBlock(int error) => error == WouldBlock;

    private static int Retry(Func<int> call)
    {
        int result;
        do
        {
            result = call();
        }
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);

        return result;
    }

    private static IOException Failure(string what, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"Could not {what} '{path}': {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
