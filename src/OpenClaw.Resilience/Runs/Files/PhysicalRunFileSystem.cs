using System.Text;

namespace OpenClaw.Resilience;

/// <summary>The file system of this machine.</summary>
internal sealed class PhysicalRunFileSystem : IRunFileSystem
{
    // ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION as HRESULT.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);

    // A run holds prompts and answers: they are nobody else's.
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnlyFile | UnixFileMode.UserExecute;

    public static PhysicalRunFileSystem Instance { get; } = new();

    public bool IsOnNetwork(string directory)
    {
        if (OperatingSystem.IsWindows() && IsShare(directory))
        {
            return true;
        }

        string place = OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory;
        return new DriveInfo(place).DriveType == DriveType.Network;
    }

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnlyDirectory);
        }
    }

    public void FlushDirectory(string path) => DurableDirectory.Flush(path);

    public IReadOnlyList<string> DirectoryNames(string path) =>
        Directory.Exists(path) ? [.. Directory.EnumerateDirectories(path).Select(Path.GetFileName)!] : [];

    public IReadOnlyList<string> FileNames(string path) =>
        Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Select(Path.GetFileName)!] : [];

    public IRunFile OpenFile(string path, bool create) =>
        new PhysicalRunFile(Open(path, create ? FileMode.OpenOrCreate : FileMode.Open, FileShare.Read));

    public void DeleteFile(string path) => File.Delete(path);

    public void DeleteDirectory(string path) => Directory.Delete(path);

    /// <remarks>
    /// On Unix the framework locks files opened for one user only, but says nothing when the file system refuses or a switch turns that
    /// off. So the lock is asked for once more, and the answer is looked at; on the same descriptor that changes nothing.
    /// </remarks>
    public IDisposable? TryLock(string path)
    {
        FileStream stream;
        try
        {
            stream = Open(path, FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }

        bool locked = false;
        try
        {
            locked = OperatingSystem.IsWindows() || Posix.TryLock(stream.SafeFileHandle, path);
            return locked ? stream : null;
        }
        finally
        {
            if (!locked)
            {
                stream.Dispose();
            }
        }
    }

    public string? ReadText(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(stream);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void WriteText(string path, string text)
    {
        using FileStream stream = Open(path, FileMode.OpenOrCreate, FileShare.Read);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        stream.Write(bytes);
        stream.SetLength(bytes.Length);
    }

    /// <summary>
    /// A share has no drive letter, and DriveInfo takes nothing else; <c>\\?\</c> and <c>\\.\</c> are local unless they name UNC.
    /// </summary>
    private static bool IsShare(string directory) =>
        directory.StartsWith(@"\\?\UNC\", StringComparison.OrdinalIgnoreCase)
        || (directory.StartsWith(@"\\", StringComparison.Ordinal) && directory is not [_, _, '?' or '.', '\\', ..]);

    private static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode == FileMode.Open ? null : OwnerOnlyFile;
        }

        return new FileStream(path, options);
    }

    private static bool IsHeld(IOException exception) =>
        OperatingSystem.IsWindows() ? exception.HResult is SharingViolation or LockViolation : Posix.IsWouldBlock(exception.HResult);
}
