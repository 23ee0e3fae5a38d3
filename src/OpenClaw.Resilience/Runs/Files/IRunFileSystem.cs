namespace OpenClaw.Resilience;

/// <summary>What the file store needs of a file system, one operation each, so that a test can fail or count any of them.</summary>
internal interface IRunFileSystem
{
    bool IsOnNetwork(string directory);

    bool DirectoryExists(string path);

    /// <summary>Creates one directory whose parent exists, readable by this user only where the system knows such a thing.</summary>
    void CreateDirectory(string path);

    /// <summary>Makes the names in a directory durable: those created, renamed and deleted.</summary>
    void FlushDirectory(string path);

    IReadOnlyList<string> DirectoryNames(string path);

    IReadOnlyList<string> FileNames(string path);

    IRunFile OpenFile(string path, bool create);

    void DeleteFile(string path);

    void DeleteDirectory(string path);

    /// <summary>Takes an exclusive lock that the system drops with the process; null when someone else has it.</summary>
    IDisposable? TryLock(string path);

    /// <summary>Reads a small text; null when it isn't there.</summary>
    string? ReadText(string path);

    void WriteText(string path, string text);
}

/// <summary>An open journal.</summary>
internal interface IRunFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer from the offset on and returns how many bytes there were.</summary>
    int Read(Span<byte> buffer, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    void SetLength(long length);

    /// <summary>Returns when the content is on durable storage.</summary>
    void Flush();
}
