using System.Diagnostics;
using System.Globalization;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>What a durable step costs with the embedded store: counted, and timed against raw files in the same run.</summary>
internal static class Costs
{
    private const int RunSteps = 500;
    private const int Part = 50;
    private const int Slices = 31;
    private const int Many = 32;
    private const int Small = 2 << 10;
    private const int Large = 64 << 10;

    public static async Task RunAsync(string folder)
    {
        using ScratchFolder scratch = new(folder);
        Console.WriteLine($"On {new DriveInfo(folder).DriveFormat}. {Environment.ProcessorCount} processors.");
        Console.WriteLine("| | |\n|---|---:|");
        await CountAsync(scratch, Small);
        await CountAsync(scratch, Large);
        await FlushesAsync(scratch, Small);
        await AloneAsync(scratch, Small);
        await AloneAsync(scratch, Large);
        await ManyAsync(scratch);
    }

    /// <summary>Bytes on disk, and whether the last steps cost what the first did.</summary>
    private static async Task CountAsync(ScratchFolder scratch, int size)
    {
        // Once for nothing: what is compiled and loaded on first use is no cost of a step.
        await Steps.RunAsync(scratch.New(), "warm", Part, size, _ => { });
        string place = scratch.New();
        Dictionary<int, ProcessIo> seen = [];
        await Steps.RunAsync(place, "run", RunSteps, size, taken =>
        {
            if (taken is 0 or Part or RunSteps - Part or RunSteps)
            {
                seen[taken] = ProcessIo.Now();
            }
        });

        long results = (long)RunSteps * size;
        long stored = new DirectoryInfo(place).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Row($"bytes on disk, {RunSteps} steps of {size >> 10} KiB", $"{stored:N0}");
        Row("… of the results", $"{(double)stored / results:F3} ×");
        ProcessIo first = seen[Part] - seen[0], last = seen[RunSteps] - seen[RunSteps - Part];
        Row($"write system calls, first {Part} steps / last {Part}", $"{first.Calls:N0} / {last.Calls:N0}");
        Row($"bytes written, first {Part} steps / last {Part}", $"{first.Bytes:N0} / {last.Bytes:N0}");
    }

    /// <summary>Flushes by the system's own count, from outside the process.</summary>
    private static async Task FlushesAsync(ScratchFolder scratch, int size)
    {
        string report = scratch.New();
        var start = new ProcessStartInfo("strace", [
            "-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,sync,syncfs", "-o", report,
            "dotnet", typeof(Costs).Assembly.Location, "steps", scratch.New(), $"{RunSteps}", $"{size}"]);
        try
        {
            using Process strace = Process.Start(start)!;
            await strace.WaitForExitAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Row("flushes", "not counted: there is no strace");
            return;
        }

        int flushes = File.ReadLines(report).Count(line => line.Contains("sync", StringComparison.Ordinal) && !line.Contains("resumed>", StringComparison.Ordinal));
        Row($"flushes of a run of {RunSteps} steps, by strace", $"{flushes:N0}");
        Row("… for each step", $"{(double)flushes / RunSteps:F3}");
    }

    /// <summary>One writer: a record, a whole step, and a raw file, in turns.</summary>
    private static async Task AloneAsync(ScratchFolder scratch, int size)
    {
        const int PerSlice = 20;
        using RawFile raw = new(scratch.New(), size);
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync(scratch.New(), "alone", size);
        List<double> appends = [], steps = [], times = [];
        for (int slice = 0; slice <= Slices; slice++)
        {
            double rawTime = await TimeAsync(() => Task.Run(() => raw.Append(PerSlice)));
            double appendTime = await TimeAsync(() => Task.Run(() => store.AppendAsync(PerSlice)));
            double stepTime = await TimeAsync(() => Task.Run(() => store.StepAsync(PerSlice)));
            if (slice > 0)
            {
                appends.Add(rawTime / appendTime);
                steps.Add(rawTime / stepTime);
                times.Add(stepTime / PerSlice * 1e6);
            }
        }

        Row($"raw append and flush of {size >> 10} KiB : an append to the store, speed", Ratio(appends));
        Row("… : a step with its start mark", Ratio(steps));
        Row("… a step takes, median", $"{Median(times):N0} µs");
    }

    /// <summary>Many writers at once, each with a file or a run of its own, in turns.</summary>
    private static async Task ManyAsync(ScratchFolder scratch)
    {
        const int PerSlice = 10;
        RawFile[] files = [.. Enumerable.Range(0, Many).Select(_ => new RawFile(scratch.New(), Small))];
        string place = scratch.New();
        StoreUnderTest[] stores = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => StoreUnderTest.OpenAsync(place, $"many-{i}", Small)));
        List<double> threads = [], pooled = [], steps = [], appends = [];
        for (int slice = 0; slice <= Slices; slice++)
        {
            double threadTime = await TimeAsync(() => OnThreadsAsync(files, file => file.Append(PerSlice)));
            double poolTime = await TimeAsync(() => Task.WhenAll(files.Select(file => Task.Run(() => file.Append(PerSlice)))));
            double appendTime = await TimeAsync(() => Task.WhenAll(stores.Select(store => Task.Run(() => store.AppendAsync(PerSlice)))));
            double stepTime = await TimeAsync(() => Task.WhenAll(stores.Select(store => Task.Run(() => store.StepAsync(PerSlice)))));
            if (slice > 0)
            {
                threads.Add(threadTime);
                pooled.Add(threadTime / poolTime);
                appends.Add(threadTime / appendTime);
                steps.Add(threadTime / stepTime);
            }
        }

        Row($"{Many} raw files of 2 KiB, a thread each, median", $"{Median(threads) / (Many * PerSlice) * 1e6:N0} µs a flush");
        Row("… : the same on the thread pool, speed", Ratio(pooled));
        Row($"… : {Many} stores' appends", Ratio(appends));
        Row($"… : {Many} runs' steps", Ratio(steps));
        Array.ForEach(files, file => file.Dispose());
        foreach (StoreUnderTest store in stores)
        {
            await store.DisposeAsync();
        }
    }

    private static async Task OnThreadsAsync(RawFile[] files, Action<RawFile> work)
    {
        Thread[] threads = [.. files.Select(file => new Thread(() => work(file)))];
        Array.ForEach(threads, thread => thread.Start());
        await Task.Run(() => Array.ForEach(threads, thread => thread.Join()));
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static string Ratio(List<double> ratios)
    {
        double[] sorted = [.. ratios.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"{Median(ratios):F2} ({sorted[sorted.Length / 4]:F2} to {sorted[sorted.Length * 3 / 4]:F2})");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Row(string name, string value) => Console.WriteLine($"| {name} | {value} |");

    /// <summary>What this process has asked the system to write, by <c>/proc/self/io</c>.</summary>
    private readonly record struct ProcessIo(long Calls, long Bytes)
    {
        public static ProcessIo Now()
        {
            Dictionary<string, long> counts = File.ReadLines("/proc/self/io").Select(line => line.Split(": "))
                .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
            return new ProcessIo(counts["syscw"], counts["wchar"]);
        }

        public static ProcessIo operator -(ProcessIo later, ProcessIo earlier) => new(later.Calls - earlier.Calls, later.Bytes - earlier.Bytes);
    }

    private sealed class ScratchFolder(string parent) : IDisposable
    {
        private readonly string _path = Directory.CreateDirectory(Path.Combine(parent, $"openclaw-costs-{Environment.ProcessId}")).FullName;
        private int _count;

        public string New() => Path.Combine(_path, $"{_count++}");

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }

    /// <summary>The least that can be durable: one write and one flush for each record.</summary>
    private sealed class RawFile(string path, int size) : IDisposable
    {
        private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite);
        private readonly byte[] _bytes = new byte[size];
        private long _end;

        public void Append(int count)
        {
            for (int i = 0; i < count; i++)
            {
                RandomAccess.Write(_file, _bytes, _end);
                RandomAccess.FlushToDisk(_file);
                _end += _bytes.Length;
            }
        }

        public void Dispose() => _file.Dispose();
    }

    private sealed class StoreUnderTest(ICheckpointStore store, RunLease lease, AgentRun run, int size) : IAsyncDisposable
    {
        private readonly string _result = new('x', size);
        private readonly byte[] _payload = new byte[size];
        private long _sequence;

        public static async Task<StoreUnderTest> OpenAsync(string folder, string name, int size)
        {
            var store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = folder });
            RunLease lease = await store.AcquireAsync(RunId.Create($"{name}-records"));
            AgentRun run = await AgentRun.ResumeAsync(RunId.Create(name), new AgentRunOptions { Store = store });
            return new StoreUnderTest(store, lease, run, size);
        }

        public async Task AppendAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await store.AppendAsync(lease, new StepRecord
                {
                    Sequence = _sequence++, Kind = StepRecordKind.StepCompleted, At = DateTimeOffset.UtcNow, Step = "act", Attempt = 1, Payload = _payload,
                });
            }
        }

        public async Task StepAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                await run.StepAsync("act", (_, _) => Task.FromResult(_result));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await run.DisposeAsync();
            await store.ReleaseAsync(lease);
        }
    }
}
