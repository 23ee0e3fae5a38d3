namespace OpenClaw.Resilience.Tests.Runs;

public sealed class FileCheckpointStoreTests : CheckpointStoreContract
{
    private static readonly RunId Run = RunId.From("files", 1);

    private readonly TemporaryDirectory _directory = new();

    public override void Dispose()
    {
        base.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Nothing_is_created_before_a_run_is_opened()
    {
        string path = _directory.File("later");

        Assert.Equal(path, new FileCheckpointStore(new FileCheckpointStoreOptions { Directory = path }).Directory);

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task Missing_directories_are_created_for_this_user_only()
    {
        string path = _directory.File("a/b/runs");
        FileCheckpointStore store = new(new FileCheckpointStoreOptions { Directory = path });

        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));

        string journal = Assert.Single(Directory.EnumerateFiles(path, "*.journal", SearchOption.AllDirectories));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(journal));
        }
    }

    [Fact]
    public async Task The_lock_file_outlives_the_run_and_pruning()
    {
        FileCheckpointStore store = Open();
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.RunCompleted(0));
        await store.ReleaseAsync(lease);

        Assert.Equal(1, await store.PruneAsync(Records.Noon.AddDays(1)));

        string left = Assert.Single(Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories));
        Assert.EndsWith(".lock", left, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(left).Length);
    }

    [Fact]
    public async Task Each_generation_has_a_journal_and_pruning_leaves_the_open_one()
    {
        FileCheckpointStore store = Open();
        for (int generation = 1; generation <= 3; generation++)
        {
            RunLease lease = await store.AcquireAsync(Run);
            Assert.Equal(generation, lease.Generation);
            await store.AppendAsync(lease, generation < 3 ? Records.RunCompleted(0) : Records.Opened(0));
            await store.ReleaseAsync(lease);
        }

        Assert.Equal(["1.journal", "2.journal", "3.journal"], Journals());
        Assert.Equal(2, await store.PruneAsync(Records.Noon.AddDays(1)));
        Assert.Equal(["3.journal"], Journals());
        Assert.Single(await Open().InspectAsync(Run));

        string[] Journals() => [.. Directory.EnumerateFiles(_directory.Path, "*.journal", SearchOption.AllDirectories).Select(Path.GetFileName).Order()!];
    }

    [Fact]
    public async Task Pruning_leaves_what_it_can_not_read_and_what_is_not_a_run()
    {
        FileCheckpointStore store = Open();
        RunLease lease = await store.AcquireAsync(Run);
        for (int i = 0; i < 3; i++)
        {
            await store.AppendAsync(lease, Records.Completed(i, $"s{i}"));
        }

        await store.AppendAsync(lease, Records.RunCompleted(3));
        await store.ReleaseAsync(lease);
        string journal = Directory.EnumerateFiles(_directory.Path, "1.journal", SearchOption.AllDirectories).Single();
        byte[] bytes = File.ReadAllBytes(journal);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(journal, bytes);
        Directory.CreateDirectory(_directory.File("empty"));
        Directory.CreateDirectory(_directory.File("foreign"));
        File.WriteAllText(_directory.File("foreign/notes.txt"), "mine");

        Assert.Equal(0, await store.PruneAsync(DateTimeOffset.MaxValue, includeStale: true));

        Assert.Equal(bytes, File.ReadAllBytes(journal));
        Assert.True(Directory.Exists(_directory.File("empty")));
        Assert.True(File.Exists(_directory.File("foreign/notes.txt")));
        Assert.Single(Directory.EnumerateFiles(_directory.File(".locks")));
    }

    [Fact]
    public async Task A_journal_of_another_run_is_refused()
    {
        FileCheckpointStore store = Open();
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));
        await store.ReleaseAsync(lease);
        RunId other = RunId.From("files", 2);
        await store.InspectAsync(other);
        File.Copy(JournalOf(Run), JournalOf(other), overwrite: true);

        var exception = await Assert.ThrowsAsync<CheckpointCorruptedException>(() => store.AcquireAsync(other));

        Assert.Equal(JournalOf(other), exception.Path);
        Assert.Contains(Run.Value, exception.Message, StringComparison.Ordinal);
        Assert.Single(await store.InspectAsync(Run));
    }

    [Fact]
    public async Task A_refused_run_is_not_left_locked()
    {
        FileCheckpointStore store = Open();
        await store.InspectAsync(Run);
        byte[] good = File.ReadAllBytes(JournalOf(Run));
        RunId other = RunId.From("files", 2);
        await store.InspectAsync(other);
        File.Copy(JournalOf(other), JournalOf(Run), overwrite: true);
        await Assert.ThrowsAsync<CheckpointCorruptedException>(() => store.AcquireAsync(Run));

        File.WriteAllBytes(JournalOf(Run), good);

        Assert.Empty(await store.InspectAsync(Run));
    }

    [Fact]
    public async Task A_network_file_system_is_refused_unless_allowed()
    {
        var network = new InstrumentedFileSystem { Network = true };
        FileCheckpointStore refused = new(new FileCheckpointStoreOptions { Directory = _directory.Path }, network, TimeProvider.System);
        FileCheckpointStore allowed = new(new FileCheckpointStoreOptions { Directory = _directory.Path, AllowNetworkFileSystem = true }, network, TimeProvider.System);

        var exception = await Assert.ThrowsAsync<CheckpointStoreException>(() => refused.AcquireAsync(Run));
        await Assert.ThrowsAsync<CheckpointStoreException>(() => refused.AcquireAsync(Run));

        Assert.Contains(_directory.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(FileCheckpointStoreOptions.AllowNetworkFileSystem), exception.Message, StringComparison.Ordinal);
        Assert.Empty(await allowed.InspectAsync(Run));
    }

    [Fact]
    public void This_machines_own_disk_is_no_network() => Assert.False(PhysicalRunFileSystem.Instance.IsOnNetwork(_directory.Path));

    [Fact]
    public async Task A_place_that_can_not_be_written_is_named()
    {
        File.WriteAllText(_directory.File("file"), "in the way");
        FileCheckpointStore store = new(new FileCheckpointStoreOptions { Directory = _directory.File("file/runs") });

        var exception = await Assert.ThrowsAsync<CheckpointStoreException>(() => store.AcquireAsync(Run));

        Assert.Contains(_directory.File("file/runs"), exception.Message, StringComparison.Ordinal);
        Assert.Contains("OPENCLAW_RUNS_DIRECTORY", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_names_the_directory_and_must_name_it_absolutely()
    {
        Assert.Equal(_directory.Path, FileCheckpointStore.DefaultDirectory(name => name == "OPENCLAW_RUNS_DIRECTORY" ? _directory.Path : null));
        var exception = Assert.Throws<InvalidOperationException>(() => FileCheckpointStore.DefaultDirectory(_ => "runs"));
        Assert.Contains("OPENCLAW_RUNS_DIRECTORY", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_default_directory_is_the_users_and_not_temporary()
    {
        string directory = FileCheckpointStore.DefaultDirectory(_ => null);

        Assert.EndsWith(Path.Combine("OpenClaw.Resilience", "runs"), directory, StringComparison.Ordinal);
        Assert.StartsWith(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), directory, StringComparison.Ordinal);
        Assert.False(directory.StartsWith(Path.GetTempPath(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lease_of_another_store_is_refused()
    {
        FileCheckpointStore store = Open();
        RunLease foreign = await new InMemoryCheckpointStore().AcquireAsync(Run);

        await Assert.ThrowsAsync<ArgumentException>(() => store.AppendAsync(foreign, Records.Opened(0)));
    }

    [Fact]
    public async Task A_directory_that_vanishes_between_runs_is_made_again()
    {
        FileCheckpointStore store = Open();
        await store.InspectAsync(Run);
        Directory.Delete(_directory.Path, recursive: true);

        Assert.Empty(await store.InspectAsync(Run));
    }

    protected override ICheckpointStore OpenStore() => Open();

    /// <summary>A process that dies loses its lock and its open file, and deletes nothing.</summary>
    protected override Task AbandonAsync(RunLease lease)
    {
        ((FileRunLease)lease).Release(() => { });
        return Task.CompletedTask;
    }

    private FileCheckpointStore Open() => new(new FileCheckpointStoreOptions { Directory = _directory.Path });

    private string JournalOf(RunId run) => Path.Combine(_directory.Path, RunLayout.NameOf(run), "1.journal");
}
