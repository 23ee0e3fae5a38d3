namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>What a step costs, counted in operations and bytes: no clock is asked.</summary>
public sealed class CheckpointCostTests : IDisposable
{
    private const int Steps = 500;
    private static readonly RunId Run = RunId.From("cost", 1);

    private readonly TemporaryDirectory _directory = new();
    private readonly InstrumentedFileSystem _disk = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Five_hundred_steps_cost_one_flush_each_and_hardly_more()
    {
        await RunAsync(complete: true);

        int flushes = _disk.Count(FileOperation.Flush) + _disk.Count(FileOperation.FlushDirectory);
        Assert.InRange(flushes, Steps + 2, Steps * 1.05);
    }

    [Fact]
    public async Task Each_result_is_flushed_before_it_is_acknowledged_and_the_first_with_all_names()
    {
        await using AgentRun run = await OpenAsync();
        string[] flushed = [.. _disk.Done.Where(done => done.Operation == FileOperation.FlushDirectory).Select(done => done.Path)];
        Assert.Contains(_directory.Path, flushed);
        Assert.Contains(Path.Combine(_directory.Path, RunLayout.NameOf(Run)), flushed);

        for (int i = 0; i < 20; i++)
        {
            int before = _disk.Done.Count;
            await StepAsync(run, i);
            Assert.Equal(
                [FileOperation.Write, FileOperation.Write, FileOperation.Flush],
                _disk.Done.Skip(before).Select(done => done.Operation));
        }
    }

    [Fact]
    public async Task The_start_mark_is_written_before_the_step_and_not_flushed()
    {
        await using AgentRun run = await OpenAsync();
        int before = _disk.Done.Count;

        await run.StepAsync("act", (_, _) =>
        {
            Assert.Equal([FileOperation.Write], _disk.Done.Skip(before).Select(done => done.Operation));
            return Task.FromResult(1);
        });
    }

    [Fact]
    public async Task The_journal_is_hardly_larger_than_the_results()
    {
        long results = await RunAsync(complete: true);

        long size = new DirectoryInfo(_directory.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Assert.InRange(size, results, results * 1.2);
    }

    [Fact]
    public async Task The_last_steps_cost_what_the_first_cost()
    {
        await RunAsync(complete: false);
        (FileOperation Operation, string Path, long Bytes)[] operations =
            [.. _disk.Done.SkipWhile(done => done.Operation != FileOperation.Flush || done.Path.Contains(".locks", StringComparison.Ordinal)).SkipWhile(done => done.Operation != FileOperation.Write)];

        const int PerStep = 3;
        Assert.Equal(Steps * PerStep, operations.Length);
        Assert.Equal(operations[..(50 * PerStep)], operations[^(50 * PerStep)..]);
    }

    [Fact]
    public async Task Resuming_five_hundred_steps_costs_no_write_and_no_flush_for_any_of_them()
    {
        await RunAsync(complete: false);
        int before = _disk.Done.Count;

        await using AgentRun run = await OpenAsync();
        for (int i = 0; i < Steps; i++)
        {
            await run.StepAsync<string>(StepName.ForItem("step", i), (_, _) => throw new InvalidOperationException("executed"));
        }

        Assert.InRange(_disk.Done.Skip(before).Count(done => done.Operation is FileOperation.Write), 1, 1);
        Assert.InRange(_disk.Done.Skip(before).Count(done => done.Operation is FileOperation.Flush or FileOperation.FlushDirectory), 3, 8);
    }

    private async Task<long> RunAsync(bool complete)
    {
        await using AgentRun run = await OpenAsync();
        long bytes = 0;
        for (int i = 0; i < Steps; i++)
        {
            bytes += (await StepAsync(run, i)).Length;
        }

        if (complete)
        {
            await run.CompleteAsync();
        }

        return bytes;
    }

    private static Task<string> StepAsync(AgentRun run, int number) =>
        run.StepAsync(StepName.ForItem("step", number), (_, _) => Task.FromResult(new string((char)('a' + (number % 26)), 2000)));

    private Task<AgentRun> OpenAsync() => AgentRun.ResumeAsync(
        Run, new AgentRunOptions { Store = new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = _directory.Path }, _disk, TimeProvider.System) });
}
