namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>
/// A disk in memory that loses, when the power fails, what was not flushed: of names those that their directory was not flushed for, of
/// files any pages written since the last flush. Each of these may also have survived, as chance has it.
/// </summary>
internal sealed class SimulatedDisk : IRunFileSystem
{
    // Small, so that a record lies on several pages and a mark on one of its own.
    private const int PageSize = 48;

    private readonly Dictionary<string, Folder> _folders = [];
    private readonly HashSet<string> _locks = [];
    private int _operations;

    public SimulatedDisk() => _folders.Add("/", new Folder());

    /// <summary>The operation before which the power fails; every one from there on throws.</summary>
    public int FailAt { get; set; } = int.MaxValue;

    public int Operations => _operations;

    public bool IsOnNetwork(string directory) => false;

    public bool DirectoryExists(string path) => _folders.ContainsKey(path);

    public void CreateDirectory(string path)
    {
        Do();
        _folders.Add(path, new Folder());
        Parent(path).Names.Add(Path.GetFileName(path));
    }

    public void FlushDirectory(string path)
    {
        Do();
        Folder folder = _folders[path];
        folder.DurableNames = [.. folder.Names];
    }

    public IReadOnlyList<string> DirectoryNames(string path) =>
        [.. _folders[path].Names.Where(name => _folders.ContainsKey(Path.Combine(path, name)))];

    public IReadOnlyList<string> FileNames(string path) => [.. _folders[path].Files.Keys];

    public IRunFile OpenFile(string path, bool create)
    {
        Do();
        Folder folder = Parent(path);
        string name = Path.GetFileName(path);
        if (!folder.Files.TryGetValue(name, out Inode? inode))
        {
            folder.Files.Add(name, inode = new Inode());
            folder.Names.Add(name);
        }

        return new File(this, inode);
    }

    public void DeleteFile(string path)
    {
        Do();
        Parent(path).Files.Remove(Path.GetFileName(path));
        Parent(path).Names.Remove(Path.GetFileName(path));
    }

    public void DeleteDirectory(string path) => throw new NotSupportedException();

    public IDisposable? TryLock(string path) => _locks.Add(path) ? new Lock(_locks, path) : null;

    public string? ReadText(string path) => null;

    public void WriteText(string path, string text)
    {
        using IRunFile file = OpenFile(path, create: true);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text), 0);
    }

    /// <summary>The process is gone, the machine is not: all that was written is there, whether flushed or not.</summary>
    public void AfterKill(int failAt)
    {
        _locks.Clear();
        FailAt = failAt;
    }

    /// <summary>What is found when the power is back.</summary>
    public SimulatedDisk AfterPowerFailure(Random chance, int failAt = int.MaxValue)
    {
        var disk = new SimulatedDisk { FailAt = failAt };
        disk._folders.Remove("/");
        Copy("/");
        return disk;

        void Copy(string path)
        {
            Folder folder = _folders[path];
            var copy = new Folder();
            disk._folders.Add(path, copy);
            foreach (string name in folder.Names.Where(name => folder.DurableNames.Contains(name) || chance.Next(2) == 0))
            {
                copy.Names.Add(name);
                copy.DurableNames.Add(name);
                if (folder.Files.TryGetValue(name, out Inode? inode))
                {
                    copy.Files.Add(name, inode.AfterPowerFailure(chance));
                }
                else
                {
                    Copy(Path.Combine(path, name));
                }
            }
        }
    }

    private Folder Parent(string path) => _folders[Path.GetDirectoryName(path)!];

    private void Do()
    {
        if (_operations++ >= FailAt)
        {
            throw new IOException("power failure");
        }
    }

    private sealed class Folder
    {
        public HashSet<string> Names { get; } = [];

        public HashSet<string> DurableNames { get; set; } = [];

        public Dictionary<string, Inode> Files { get; } = [];
    }

    private sealed class Inode
    {
        public byte[] Content { get; set; } = [];

        public byte[] Durable { get; set; } = [];

        public Inode AfterPowerFailure(Random chance)
        {
            byte[] survived = new byte[chance.Next(2) == 0 ? Content.Length : Durable.Length];
            for (int page = 0; page < survived.Length; page += PageSize)
            {
                byte[] source = chance.Next(2) == 0 ? Content : Durable;
                int end = Math.Min(Math.Min(page + PageSize, survived.Length), source.Length);
                if (end > page)
                {
                    source.AsSpan(page, end - page).CopyTo(survived.AsSpan(page));
                }
            }

            return new Inode { Content = survived, Durable = [.. survived] };
        }
    }

    private sealed class File(SimulatedDisk disk, Inode inode) : IRunFile
    {
        public long Length => inode.Content.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            int count = (int)Math.Clamp(inode.Content.Length - offset, 0, buffer.Length);
            inode.Content.AsSpan((int)Math.Min(offset, inode.Content.Length), count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset)
        {
            disk.Do();
            byte[] content = new byte[Math.Max(inode.Content.Length, offset + bytes.Length)];
            inode.Content.CopyTo(content, 0);
            bytes.CopyTo(content.AsSpan((int)offset));
            inode.Content = content;
        }

        public void SetLength(long length)
        {
            disk.Do();
            byte[] content = new byte[length];
            inode.Content.AsSpan(0, (int)Math.Min(length, inode.Content.Length)).CopyTo(content);
            inode.Content = content;
        }

        public void Flush()
        {
            disk.Do();
            inode.Durable = [.. inode.Content];
        }

        public void Dispose()
        {
        }
    }

    private sealed class Lock(HashSet<string> locks, string path) : IDisposable
    {
        public void Dispose() => locks.Remove(path);
    }
}
