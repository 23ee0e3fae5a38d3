namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>
/// Every single file operation fails once, or all do from some point on: nothing acknowledged is lost, and the journal can be resumed.
/// </summary>
public sealed class JournalFaultTests
{
    private static readonly FileOperation[] Writing =
        [FileOperation.Write, FileOperation.SetLength, FileOperation.Flush, FileOperation.FlushDirectory, FileOperation.CreateDirectory, FileOperation.Open, FileOperation.WriteText];

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(1.0)]
    public async Task One_operation_fails(double written) => await ForEachOperationAsync(written, (index, failing) => index == failing);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.4)]
    [InlineData(1.0)]
    public async Task All_operations_fail_from_one_on(double written) =>
        await ForEachOperationAsync(written, (index, failing) => index >= failing);

    [Fact]
    public async Task After_a_failed_write_the_same_run_goes_on_and_does_not_repeat_the_step()
    {
        using var directory = new TemporaryDirectory();
        var disk = new InstrumentedFileSystem();
        await using AgentRun run = await OpenAsync(directory, disk);
        int executions = 0;
        disk.Fail = (operation, _) => operation == FileOperation.Write && disk.Count(FileOperation.Write) == 4 ? DiskFull() : null;
        disk.WrittenOfFailed = length => length / 2;

        var exception = await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", ExecuteAsync));
        Assert.Contains(directory.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("No space left", exception.Message, StringComparison.Ordinal);

        Assert.Equal(1, await run.StepAsync("act", ExecuteAsync));
        Assert.Equal(1, executions);
        Assert.Equal(2, await run.StepAsync("act", ExecuteAsync));

        Task<int> ExecuteAsync(StepContext step, CancellationToken cancellationToken) => Task.FromResult(++executions);
    }

    [Fact]
    public async Task After_a_failed_flush_the_journal_is_not_trusted_until_it_is_opened_again()
    {
        using var directory = new TemporaryDirectory();
        var disk = new InstrumentedFileSystem();
        await using (AgentRun run = await OpenAsync(directory, disk))
        {
            await run.StepAsync("plan", (_, _) => Task.FromResult(1));
            disk.Fail = (operation, _) => operation == FileOperation.Flush ? new IOException("I/O error") : null;
            await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", (_, _) => Task.FromResult(2)));
            disk.Fail = (_, _) => null;

            // The system may report success now although the page was dropped.
            var exception = await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", (_, _) => Task.FromResult(3)));
            Assert.Contains("Dispose of the run and resume it", exception.Message, StringComparison.Ordinal);
        }

        await using AgentRun next = await OpenAsync(directory, disk);
        Assert.Equal(1, await next.StepAsync<int>("plan", (_, _) => throw new InvalidOperationException("executed")));
        await Assert.ThrowsAsync<StepInDoubtException>(() => next.StepAsync<int>("act", (_, _) => throw new InvalidOperationException("executed")));
    }

    [Fact]
    public async Task After_a_torn_write_that_could_not_be_taken_back_the_journal_is_left_alone_until_it_is_opened_again()
    {
        using var directory = new TemporaryDirectory();
        var disk = new InstrumentedFileSystem { WrittenOfFailed = length => length / 2 };
        await using (AgentRun run = await OpenAsync(directory, disk))
        {
            await run.StepAsync("plan", (_, _) => Task.FromResult(1));
            disk.Fail = (operation, _) => operation is FileOperation.Write or FileOperation.SetLength ? new IOException("I/O error") : null;
            await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", (_, _) => Task.FromResult(2)));
            disk.Fail = (_, _) => null;
            int writes = disk.Count(FileOperation.Write);

            var exception = await Assert.ThrowsAsync<CheckpointStoreException>(() => run.StepAsync("act", (_, _) => Task.FromResult(3)));
            Assert.Contains("Dispose of the run and resume it", exception.Message, StringComparison.Ordinal);
            Assert.Equal(writes, disk.Count(FileOperation.Write));
        }

        await using AgentRun next = await OpenAsync(directory, disk);
        Assert.NotNull(next.Recovery.Repair);
        Assert.Equal(1, await next.StepAsync<int>("plan", (_, _) => throw new InvalidOperationException("executed")));
        Assert.Equal(4, await next.StepAsync("act", (_, _) => Task.FromResult(4)));
    }

    [Fact]
    public async Task A_journal_that_can_not_be_made_durable_when_it_is_opened_is_not_opened()
    {
        using var directory = new TemporaryDirectory();
        var disk = new InstrumentedFileSystem();
        await (await OpenAsync(directory, disk)).DisposeAsync();
        disk.Fail = (operation, _) => operation == FileOperation.Flush ? new IOException("I/O error") : null;

        await Assert.ThrowsAsync<CheckpointStoreException>(() => OpenAsync(directory, disk));

        disk.Fail = (_, _) => null;
        await (await OpenAsync(directory, disk)).DisposeAsync();
    }

    [Theory]
    [InlineData(nameof(FileOperation.CreateDirectory))]
    [InlineData(nameof(FileOperation.Lock))]
    [InlineData(nameof(FileOperation.WriteText))]
    [InlineData(nameof(FileOperation.Open))]
    public async Task A_folder_that_can_only_be_read_is_named_and_works_when_that_is_mended(string refused)
    {
        using var directory = new TemporaryDirectory();
        var disk = new InstrumentedFileSystem
        {
            Fail = (operation, _) => operation.ToString() == refused ? new UnauthorizedAccessException("Access is denied.") : null,
        };

        var exception = await Assert.ThrowsAsync<CheckpointStoreException>(() => OpenAsync(directory, disk));

        Assert.IsType<UnauthorizedAccessException>(exception.InnerException);
        Assert.Contains(directory.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains("Is the directory writable", exception.Message, StringComparison.Ordinal);
        disk.Fail = (_, _) => null;
        await using AgentRun run = await OpenAsync(directory, disk);
        Assert.Equal(1, await run.StepAsync("act", (_, _) => Task.FromResult(1)));
    }

    private static async Task ForEachOperationAsync(double written, Func<int, int, bool> fails)
    {
        int operations = await CountOperationsAsync();
        Assert.InRange(operations, 20, 100);
        int failures = 0;
        for (int failing = 0; failing < operations; failing++)
        {
            using var directory = new TemporaryDirectory();
            var program = new SampleProgram();
            var disk = new InstrumentedFileSystem { WrittenOfFailed = length => (int)(length * written) };
            disk.Fail = (operation, _) => Writing.Contains(operation) && fails(Index(disk), failing) ? DiskFull() : null;
            try
            {
                await program.LiveAsync(Open(directory, disk));
            }
            catch (CheckpointStoreException)
            {
                failures++;
            }

            // Another process, and the disk works again.
            await program.FinishAsync(Open(directory, new InstrumentedFileSystem()));
            Assert.Equal(6, program.Acknowledged.Count);
        }

        Assert.True(failures > 0, "No failure was ever seen.");
    }

    private static async Task<int> CountOperationsAsync()
    {
        using var directory = new TemporaryDirectory();
        var disk = new InstrumentedFileSystem();
        var program = new SampleProgram();
        await program.LiveAsync(Open(directory, disk));
        return Index(disk) + 1;
    }

    /// <summary>Which of the operations that can fail is the last one asked for.</summary>
    private static int Index(InstrumentedFileSystem disk) => disk.Done.Count(done => Writing.Contains(done.Operation)) - 1;

    private static FileCheckpointStore Open(TemporaryDirectory directory, InstrumentedFileSystem disk) =>
        new(new FileCheckpointStoreOptions { Directory = directory.File("runs") }, disk, TimeProvider.System);

    private static Task<AgentRun> OpenAsync(TemporaryDirectory directory, InstrumentedFileSystem disk) =>
        AgentRun.ResumeAsync(RunId.From("faults"), new AgentRunOptions { Store = Open(directory, disk), OnInDoubt = InDoubtAction.Throw });

    private static IOException DiskFull() => new("No space left on device", 28);
}
