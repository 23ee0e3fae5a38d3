namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>What a file operation does.</summary>
internal enum FileOperation
{
    Write,
    SetLength,
    Flush,
    FlushDirectory,
    CreateDirectory,
    Open,
    Lock,
    WriteText,
    Read,
}

/// <summary>The real file system with a list of what was done to it, and with failures at will.</summary>
internal sealed class InstrumentedFileSystem : IRunFileSystem
{
    private static readonly PhysicalRunFileSystem Disk = PhysicalRunFileSystem.Instance;

    private readonly object _lock = new();
    private readonly List<(FileOperation Operation, string Path, long Bytes)> _done = [];

    public bool Network { get; init; }

    /// <summary>Asked before each operation; what it returns is thrown.</summary>
    public Func<FileOperation, int, Exception?> Fail { get; set; } = (_, _) => null;

    /// <summary>Of a failing write, how many bytes reach the file all the same.</summary>
    public Func<int, int> WrittenOfFailed { get; set; } = _ => 0;

    public IReadOnlyList<(FileOperation Operation, string Path, long Bytes)> Done
    {
        get
        {
            lock (_lock)
            {
                return [.. _done];
            }
        }
    }

    public int Count(FileOperation operation) => Done.Count(done => done.Operation == operation);

    public bool IsOnNetwork(string directory) => Network;

    public bool DirectoryExists(string path) => Disk.DirectoryExists(path);

    public void CreateDirectory(string path)
    {
        Do(FileOperation.CreateDirectory, path);
        Disk.CreateDirectory(path);
    }

    public void FlushDirectory(string path)
    {
        Do(FileOperation.FlushDirectory, path);
        Disk.FlushDirectory(path);
    }

    public IReadOnlyList<string> DirectoryNames(string path) => Disk.DirectoryNames(path);

    public IReadOnlyList<string> FileNames(string path) => Disk.FileNames(path);

    public IRunFile OpenFile(string path, bool create)
    {
        Do(FileOperation.Open, path);
        return new File(this, path, Disk.OpenFile(path, create));
    }

    public void DeleteFile(string path) => Disk.DeleteFile(path);

    public void DeleteDirectory(string path) => Disk.DeleteDirectory(path);

    public IDisposable? TryLock(string path)
    {
        Do(FileOperation.Lock, path);
        return Disk.TryLock(path);
    }

    public string? ReadText(string path) => Disk.ReadText(path);

    public void WriteText(string path, string text)
    {
        Do(FileOperation.WriteText, path);
        Disk.WriteText(path, text);
    }

    private void Do(FileOperation operation, string path, long bytes = 0)
    {
        int index;
        lock (_lock)
        {
            index = _done.Count;
            _done.Add((operation, path, bytes));
        }

        if (Fail(operation, index) is { } exception)
        {
            throw exception;
        }
    }

    private sealed class File(InstrumentedFileSystem owner, string path, IRunFile inner) : IRunFile
    {
        public long Length => inner.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            owner.Do(FileOperation.Read, path, buffer.Length);
            return inner.Read(buffer, offset);
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            try
            {
                owner.Do(FileOperation.Write, path, bytes.Length);
            }
            catch
            {
                inner.Write(bytes[..owner.WrittenOfFailed(bytes.Length)], offset);
                throw;
            }

            inner.Write(bytes, offset);
        }

        public void SetLength(long length)
        {
            owner.Do(FileOperation.SetLength, path);
            inner.SetLength(length);
        }

        public void Flush()
        {
            owner.Do(FileOperation.Flush, path);
            inner.Flush();
        }

        public void Dispose() => inner.Dispose();
    }
}
