using System.Runtime.CompilerServices;

namespace OpenClaw.Resilience;

/// <summary>Keeps runs in files: one append-only journal per generation of a run. The embedded default.</summary>
/// <remarks>
/// <para>For one machine. A run is held by a lock of the operating system, which ends with the process: after <c>kill -9</c> the next one
/// takes the run at once, while a paused or slow owner keeps it however long that takes. Renewal is not needed.</para>
/// <para>A step costs one flush. The format is described in <c>docs/checkpoint-format.md</c>.</para>
/// </remarks>
public sealed class FileCheckpointStore : ICheckpointStore
{
    private readonly IRunFileSystem _files;
    private readonly RunLayout _layout;
    private readonly bool _allowNetwork;
    private readonly TimeProvider _timeProvider;
    private readonly object _prepareLock = new();
    private bool _prepared;

    /// <summary>A store at the default place: see <see cref="FileCheckpointStoreOptions.Directory"/>.</summary>
    /// <exception cref="InvalidOperationException">The user has no local application data and <c>OPENCLAW_RUNS_DIRECTORY</c> isn't set, or
    /// it is no absolute path.</exception>
    public FileCheckpointStore()
        : this(new FileCheckpointStoreOptions())
    {
    }

    /// <summary>A store in the given directory. Nothing is created before a run is opened.</summary>
    /// <exception cref="InvalidOperationException">No directory is given, the user has no local application data and
    /// <c>OPENCLAW_RUNS_DIRECTORY</c> isn't set, or it is no absolute path.</exception>
    public FileCheckpointStore(FileCheckpointStoreOptions options)
        : this(options, PhysicalRunFileSystem.Instance, TimeProvider.System)
    {
    }

    internal FileCheckpointStore(FileCheckpointStoreOptions options, IRunFileSystem files, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(options);
        _files = files;
        _timeProvider = timeProvider;
        _allowNetwork = options.AllowNetworkFileSystem;
        _layout = new RunLayout(Path.GetFullPath(options.Directory ?? DefaultDirectory(Environment.GetEnvironmentVariable)));
    }

    /// <summary>The directory that holds the runs.</summary>
    public string Directory => _layout.Root;

    /// <inheritdoc/>
    public async Task<RunLease> AcquireAsync(RunId runId, string owner, TimeSpan duration, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        string name = RunLayout.NameOf(runId);
        cancellationToken.ThrowIfCancellationRequested();
        RunLease? lease = null;
        await DiskThreads.Shared.RunAsync(() => lease = Acquire(runId, name, owner)).ConfigureAwait(false);
        return lease!;
    }

    /// <inheritdoc/>
    /// <remarks>A lock needs no renewal.</remarks>
    public Task RenewAsync(RunLease lease, CancellationToken cancellationToken = default)
    {
        Own(lease);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StepRecord> ReadAsync(
        RunLease lease, long fromSequence = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FileRunLease own = Own(lease);
        IReadOnlyList<StepRecord> records = [];
        await DiskThreads.Shared
            .RunAsync(() => records = Guard(() => own.Journal.Read(fromSequence).ToList(), $"read run '{own.RunId}'"))
            .ConfigureAwait(false);
        foreach (StepRecord record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }
    }

    /// <inheritdoc/>
    public async Task AppendAsync(RunLease lease, StepRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        FileRunLease own = Own(lease);
        cancellationToken.ThrowIfCancellationRequested();
        if (record.IsDurable)
        {
            await DiskThreads.Shared.RunAsync(() => Append(own, record)).ConfigureAwait(false);
        }
        else
        {
            // Without a flush this is a copy into the page cache: shorter than any hand-over.
            Append(own, record);
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(RunLease lease)
    {
        FileRunLease own = Cast(lease);
        Guard(() => own.Release(() => DeleteOwner(own.Name)), $"release run '{own.RunId}'");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>A journal that can't be read is left where it is; <see cref="AcquireAsync"/> says what is wrong with it.</remarks>
    public async Task<int> PruneAsync(DateTimeOffset endedBefore, bool includeStale = false, CancellationToken cancellationToken = default)
    {
        int deleted = 0;
        await DiskThreads.Shared.RunAsync(() =>
        {
            var pruning = new JournalPruning(_files, _layout, endedBefore, includeStale);
            deleted = Guard(() => pruning.Run(cancellationToken), "prune runs");
        }).ConfigureAwait(false);
        return deleted;
    }

    internal static string DefaultDirectory(Func<string, string?> environment)
    {
        if (RunEnvironment.Directory(environment) is { } directory)
        {
            return directory;
        }

        string data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? Path.Combine(data, "OpenClaw.Resilience", "runs")
            : throw new InvalidOperationException(
                "This user has no folder for local application data (is HOME set?). Name a directory for runs that survives restarts: "
                + $"set {RunEnvironment.DirectoryVariable} or FileCheckpointStoreOptions.Directory.");
    }

    private FileRunLease Acquire(RunId runId, string name, string owner) => Guard(
        () =>
        {
            Prepare();
            if (_files.TryLock(_layout.LockOf(name)) is not { } held)
            {
                RunOwner other = RunOwner.Decode(_files.ReadText(_layout.OwnerOf(name)));
                throw new CheckpointConflictException(runId, other.Name, other.Since);
            }

            Journal? journal = null;
            try
            {
                _files.WriteText(_layout.OwnerOf(name), new RunOwner(owner, _timeProvider.GetUtcNow()).Encode());
                (journal, int generation) = OpenJournal(runId, name);
                return new FileRunLease(runId, owner, generation, journal, name, held) { Repair = journal.Repaired };
            }
            catch
            {
                journal?.Dispose();
                held.Dispose();
                throw;
            }
        },
        $"open run '{runId}'");

    private (Journal Journal, int Generation) OpenJournal(RunId runId, string name)
    {
        if (!_files.DirectoryExists(_layout.DirectoryOf(name)))
        {
            _files.CreateDirectory(_layout.DirectoryOf(name));
        }

        int generation = _files.FileNames(_layout.DirectoryOf(name)).Max(RunLayout.GenerationOf) ?? 1;
        Journal journal = Journal.Open(_files, _layout.JournalOf(name, generation), runId, generation);
        if (!journal.IsComplete)
        {
            return (journal, generation);
        }

        long token = journal.LastToken;
        journal.Dispose();
        generation++;
        return (Journal.Open(_files, _layout.JournalOf(name, generation), runId, generation, token), generation);
    }

    private void Append(FileRunLease lease, StepRecord record)
    {
        Guard(() => lease.Journal.Append(record, lease.RunId, lease.FencingToken), $"append to run '{lease.RunId}'");
    }

    /// <summary>Once for each store: the directories exist, their names are durable, and they are where a lock holds.</summary>
    private void Prepare()
    {
        lock (_prepareLock)
        {
            if (_prepared && _files.DirectoryExists(_layout.Locks))
            {
                return;
            }

            RunDirectories.Ensure(_files, _layout.Root);
            RunDirectories.Ensure(_files, _layout.Locks);
            if (!_allowNetwork && _files.IsOnNetwork(_layout.Root))
            {
                throw new CheckpointStoreException(
                    $"'{Directory}' is on a network file system, where locks and flushes can't be relied on. Use a local directory, "
                    + $"a store made for several machines, or set {nameof(FileCheckpointStoreOptions.AllowNetworkFileSystem)}.");
            }

            _prepared = true;
        }
    }

    private void DeleteOwner(string name)
    {
        try
        {
            _files.DeleteFile(_layout.OwnerOf(name));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is only read while the lock is held, and the next holder overwrites it.
        }
    }

    private static FileRunLease Own(RunLease lease)
    {
        FileRunLease own = Cast(lease);
        return own.IsReleased
            ? throw new CheckpointConflictException(
                own.RunId, CheckpointConflict.FencedOff, $"Run '{own.RunId}' was given back; its lease is no longer valid.")
            : own;
    }

    private static FileRunLease Cast(RunLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return lease as FileRunLease ?? throw new ArgumentException($"The lease is of another store: {lease.GetType()}.", nameof(lease));
    }

    private void Guard(Action action, string what) => Guard(() => { action(); return true; }, what);

    private T Guard<T>(Func<T> action, string what)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointStoreException(
                $"Could not {what} in '{Directory}': {exception.Message} "
                + $"Is the directory writable and the disk not full? Another one can be named in {RunEnvironment.DirectoryVariable}.",
                exception);
        }
    }
}
