using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpenClaw.Resilience.RunWorker;

/// <summary>
/// What steps did and what was acknowledged, a line each, in the page cache before the next thing happens: <c>kill -9</c> loses none of it.
/// </summary>
public sealed partial class EffectLog(string path) : IDisposable
{
    private readonly object _lock = new();
    private readonly FileStream _stream = Open(path);

    /// <summary>E executed, A acknowledged, D in doubt, C complete, F fenced off.</summary>
    public void Write(string what, int generation, string step, string value)
    {
        byte[] line = Encoding.UTF8.GetBytes($"{what}\t{generation}\t{step}\t{value}\n");
        lock (_lock)
        {
            // Another process may have written since; where the system can't append, only the holder of the run writes.
            _stream.Seek(0, SeekOrigin.End);
            _stream.Write(line);
        }
    }

    public void Dispose() => _stream.Dispose();

    /// <summary>
    /// Several processes write at once when one of them was paused. Linux appends each line whole to a file opened for that, wherever
    /// the writer thinks that it is.
    /// </summary>
    private static FileStream Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }

        const int WriteOnly = 1, Create = 0x40, Append = 0x400, CloseOnExec = 0x80000, OwnerOnly = 0x180;
        int descriptor = OpenFile(path, WriteOnly | Create | Append | CloseOnExec, OwnerOnly);
        return descriptor >= 0
            ? new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Write, bufferSize: 0)
            : throw new IOException($"Could not open '{path}': {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags, int mode);
}
