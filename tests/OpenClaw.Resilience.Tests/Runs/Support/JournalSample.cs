namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A journal made by the store, with the places of its records, to be damaged.</summary>
internal sealed class JournalSample
{
    private JournalSample(byte[] bytes, IReadOnlyList<StepRecord> records, IReadOnlyList<int> offsets)
    {
        Bytes = bytes;
        Records = records;
        Offsets = offsets;
    }

    public static RunId Run { get; } = RunId.From("journal", 1);

    public byte[] Bytes { get; }

    public IReadOnlyList<StepRecord> Records { get; }

    /// <summary>Where each record begins, and at last where the file ends.</summary>
    public IReadOnlyList<int> Offsets { get; }

    public static string PathIn(string directory) => Path.Combine(directory, RunLayout.NameOf(Run), "1.journal");

    public static FileCheckpointStore OpenStore(string directory) => new(new FileCheckpointStoreOptions { Directory = directory });

    public static async Task<JournalSample> MakeAsync(params StepRecord[] records)
    {
        using var directory = new TemporaryDirectory();
        FileCheckpointStore store = OpenStore(directory.Path);
        List<int> offsets = [];
        RunLease lease = await store.AcquireAsync(Run);
        foreach (StepRecord record in records)
        {
            offsets.Add((int)new FileInfo(PathIn(directory.Path)).Length);
            await store.AppendAsync(lease, record);
        }

        await store.ReleaseAsync(lease);
        byte[] bytes = File.ReadAllBytes(PathIn(directory.Path));
        offsets.Add(bytes.Length);
        return new JournalSample(bytes, records, offsets);
    }

    /// <summary>Two finished steps: a mark and a result each.</summary>
    public static Task<JournalSample> MakeTwoStepsAsync() => MakeAsync(
        Runs.Records.Opened(0),
        Runs.Records.Started(1, "plan"),
        Runs.Records.Completed(2, "plan", "\"first\""),
        Runs.Records.Started(3, "act"),
        Runs.Records.Completed(4, "act", "\"second\""));

    /// <summary>Opens a journal with other bytes in it and returns what it holds.</summary>
    public static async Task<(IReadOnlyList<StepRecord> Records, JournalRepair? Repair)> ReadAsync(string directory, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathIn(directory))!);
        File.WriteAllBytes(PathIn(directory), bytes);
        FileCheckpointStore store = OpenStore(directory);
        RunLease lease = await store.AcquireAsync(Run);
        try
        {
            return (await store.ReadAllAsync(lease), lease.Repair);
        }
        finally
        {
            await store.ReleaseAsync(lease);
        }
    }

    public byte[] Flip(int offset, int bit)
    {
        byte[] damaged = [.. Bytes];
        damaged[offset] ^= (byte)(1 << bit);
        return damaged;
    }
}
