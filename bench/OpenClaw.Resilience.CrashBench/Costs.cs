using System.Diagnostics;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.CrashBench;

/// <summary>What a durable step costs with the embedded store: counted, and timed against raw files in the same run.</summary>
internal static class Costs
{
    private const int RunSteps = 500;
    private const int Part = 50;
    private const int Alone = 500;
    private const int Slices = 61;
    private const int PerSlice = 10;
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
            "dotnet", typeof(Costs).Assembly.Location, "steps", scratch.New(), $"{RunSteps}", $"{size}", "0"]) { RedirectStandardOutput = true };
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

    /// <summary>One writer: a raw file, a record and whole steps, one after the other, each timed.</summary>
    private static async Task AloneAsync(ScratchFolder scratch, int size)
    {
        using RawFile raw = new(scratch.New(), size);
        await using StoreUnderTest store = await StoreUnderTest.OpenAsync(scratch.New(), "alone", size);
        (double[] times, double[] processor) = await InTurnsAsync(
            Alone,
            () => Task.Run(() => raw.Append(1)),
            () => Task.Run(() => store.AppendAsync(1)),
            () => Task.Run(() => store.StepAsync(1)),
            () => Task.Run(store.StepWithRecordAsync));
        Row($"raw append and flush of {size >> 10} KiB", $"{times[0] * 1e6:N0} µs");
        Row("… : an append to the store, speed", $"{times[0] / times[1]:F2}");
        Row("… : a step with its start mark, whose result is a text", $"{times[0] / times[2]:F2}");
        Row("… : … a record that holds the text", $"{times[0] / times[3]:F2}");
        Row("processor time for each: raw, append, text, record", string.Join(" / ", processor.Select(time => $"{time * 1e6:N0} µs")));
    }

    /// <summary>Many writers at once, each with a file or a run of its own.</summary>
    private static async Task ManyAsync(ScratchFolder scratch)
    {
        RawFile[] files = [.. Enumerable.Range(0, Many).Select(_ => new RawFile(scratch.New(), Small))];
        string place = scratch.New();
        StoreUnderTest[] stores = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => StoreUnderTest.OpenAsync(place, $"many-{i}", Small)));
        using ThreadForEach threads = new([.. files.Select<RawFile, Action>(file => () => file.Append(PerSlice))]);
        (double[] times, double[] processor) = await InTurnsAsync(
            Slices,
            () => Task.Run(threads.RunAll),
            () => Task.WhenAll(files.Select(file => Task.Run(() => file.Append(PerSlice)))),
            () => Task.WhenAll(stores.Select(store => Task.Run(() => store.AppendAsync(PerSlice)))),
            () => Task.WhenAll(stores.Select(store => Task.Run(() => store.StepAsync(PerSlice)))));
        Row($"{Many} raw files of 2 KiB at once, a thread each, from one flush to the next", $"{times[0] / (Many * PerSlice) * 1e6:N0} µs");
        Row("… : the same on the thread pool, speed", $"{times[0] / times[1]:F2}");
        Row($"… : appends to the stores of {Many} runs", $"{times[0] / times[2]:F2}");
        Row($"… : steps of {Many} runs", $"{times[0] / times[3]:F2}");
        Row("processor time for each: raw, on the pool, append, step", string.Join(" / ", processor.Select(time => $"{time / (Many * PerSlice) * 1e6:N0} µs")));
        Array.ForEach(files, file => file.Dispose());
        foreach (StoreUnderTest store in stores)
        {
            await store.DisposeAsync();
        }
    }

    /// <summary>
    /// The median time of each work, and the mean of the processor's, taken in turns so that whatever else the machine does hits all of them
    /// alike.
    /// </summary>
    private static async Task<(double[] Times, double[] Processor)> InTurnsAsync(int rounds, params Func<Task>[] works)
    {
        List<double>[] times = [.. works.Select(_ => new List<double>())];
        double[] processor = new double[works.Length];
        for (int round = -rounds / 10; round < rounds; round++)
        {
            for (int i = 0; i < works.Length; i++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                long began = Stopwatch.GetTimestamp();
                await works[i]();
                if (round >= 0)
                {
                    times[i].Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                    processor[i] += (Environment.CpuUsage.TotalTime - before).TotalSeconds / rounds;
                }
            }
        }

        return ([.. times.Select(list => list.Order().ElementAt(list.Count / 2))], processor);
    }

    private static void Row(string name, string value) => Console.WriteLine($"| {name} | {value} |");

    private sealed class ScratchFolder(string parent) : IDisposable
    {
        private readonly string _path = Directory.CreateDirectory(Path.Combine(parent, $"openclaw-costs-{Environment.ProcessId}")).FullName;
        private int _count;

        public string New() => Path.Combine(_path, $"{_count++}");

        public void Dispose() => Directory.Delete(_path, recursive: true);
    }

    /// <summary>Threads that are there before the clock runs: the most that the system can do at once.</summary>
    private sealed class ThreadForEach : IDisposable
    {
        private readonly Barrier _barrier;
        private volatile bool _isOver;

        public ThreadForEach(Action[] works)
        {
            _barrier = new Barrier(works.Length + 1);
            foreach (Action work in works)
            {
                new Thread(() => Serve(work)) { IsBackground = true }.Start();
            }
        }

        public void RunAll()
        {
            _barrier.SignalAndWait();
            _barrier.SignalAndWait();
        }

        public void Dispose()
        {
            _isOver = true;
            _barrier.SignalAndWait();
        }

        private void Serve(Action work)
        {
            _barrier.SignalAndWait();
            while (!_isOver)
            {
                work();
                _barrier.SignalAndWait();
                _barrier.SignalAndWait();
            }
        }
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
        private readonly Answer _result = new(new string('x', size));
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
                await run.StepAsync("act", (_, _) => Task.FromResult(_result.Text));
            }
        }

        public Task StepWithRecordAsync() => run.StepAsync("act", (_, _) => Task.FromResult(_result));

        public async ValueTask DisposeAsync()
        {
            await run.DisposeAsync();
            await store.ReleaseAsync(lease);
        }
    }

    private sealed record Answer(string Text);
}
