using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests;

/// <summary>The connection breaks between a statement and its answer.</summary>
public sealed class LostAnswerTests(PostgreSqlServer server) : DatabaseTest(server)
{
    private const string CountOfRecords = "SELECT count(*) FROM openclaw.records";
    private static readonly RunId Run = RunId.From("lost answer");
    private static readonly PostgreSqlCheckpointStoreOptions Once = new() { RetryFor = TimeSpan.Zero };
    private static readonly PostgreSqlCheckpointStoreOptions Patient = new() { RetryFor = TimeSpan.FromMinutes(1) };

    private CuttingProxy _proxy = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _proxy = new CuttingProxy(Server.Port);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_append_that_was_committed_is_found_and_not_written_again()
    {
        (PostgreSqlCheckpointStore store, RunLease lease) = await OpenAsync(Patient);

        _proxy.LoseAnswers();
        Task append = store.AppendAsync(lease, Records.Completed(1, "act"));
        await CommittedAsync(2);
        _proxy.CutClients();
        await append;

        await store.AppendAsync(lease, Records.Started(2, "next"));
        Assert.Equal(["", "act", "next"], (await store.ReadAllAsync(lease)).Select(record => record.Step));
    }

    [Fact]
    public async Task An_append_that_never_arrived_is_written_once_even_if_it_arrives_later()
    {
        (PostgreSqlCheckpointStore store, RunLease lease) = await OpenAsync(Patient);

        TaskCompletionSource late = _proxy.HoldRequests();
        Task append = store.AppendAsync(lease, Records.Completed(1, "act"));
        await _proxy.RequestIsHeldAsync();
        _proxy.CutClients();
        await append;
        await DeliverAsync(late);

        Assert.Equal(["", "act"], (await store.ReadAllAsync(lease)).Select(record => record.Step));
    }

    [Fact]
    public async Task Once_the_caller_has_read_that_a_record_is_not_there_it_does_not_appear()
    {
        (PostgreSqlCheckpointStore store, RunLease lease) = await OpenAsync(Once);

        TaskCompletionSource late = _proxy.HoldRequests();
        Task append = store.AppendAsync(lease, Records.Completed(1, "late"));
        await _proxy.RequestIsHeldAsync();
        _proxy.CutClients();
        await Assert.ThrowsAsync<CheckpointStoreException>(() => append);
        Assert.Single(await ReadAfterCutAsync(store, lease));
        await DeliverAsync(late);

        Assert.Single(await store.ReadAllAsync(lease));
        await store.AppendAsync(lease, Records.Completed(1, "other"));
        Assert.Equal(["", "other"], (await store.ReadAllAsync(lease)).Select(record => record.Step));
    }

    [Fact]
    public async Task A_store_that_gives_up_says_nothing_of_a_conflict_and_the_caller_finds_the_record()
    {
        (PostgreSqlCheckpointStore store, RunLease lease) = await OpenAsync(Once);

        _proxy.LoseAnswers();
        Task append = store.AppendAsync(lease, Records.Completed(1, "act"));
        await CommittedAsync(2);
        _proxy.CutClients();

        await Assert.ThrowsAsync<CheckpointStoreException>(() => append);
        Assert.Equal(["", "act"], (await ReadAfterCutAsync(store, lease)).Select(record => record.Step));
    }

    [Fact]
    public async Task An_acquisition_whose_answer_was_lost_does_not_lock_its_own_worker_out()
    {
        PostgreSqlCheckpointStore store = OpenStore(Patient, _proxy.Port);
        await store.ReleaseAsync(await store.AcquireAsync(Run));

        _proxy.LoseAnswers();
        Task<RunLease> acquisition = store.AcquireAsync(Run);
        await UntilAsync("SELECT holder IS NOT NULL FROM openclaw.runs");
        _proxy.CutClients();

        await store.AppendAsync(await acquisition, Records.Opened(0));
        Assert.Equal(1L, await ScalarAsync<long>(CountOfRecords));
    }

    [Fact]
    public async Task Who_lost_the_run_while_cut_off_is_told_so()
    {
        (PostgreSqlCheckpointStore store, RunLease lease) = await OpenAsync(Patient);
        TaskCompletionSource late = _proxy.HoldRequests();
        Task append = store.AppendAsync(lease, Records.Completed(1, "stale"));
        await _proxy.RequestIsHeldAsync();
        await ExpireLeasesAsync();
        PostgreSqlCheckpointStore other = OpenStore();
        RunLease taken = await other.AcquireAsync(Run);

        _proxy.CutClients();

        var conflict = await Assert.ThrowsAsync<CheckpointConflictException>(() => append);
        Assert.Equal(CheckpointConflict.FencedOff, conflict.Conflict);
        await DeliverAsync(late);
        Assert.Single(await other.ReadAllAsync(taken));
    }

    [Fact]
    public async Task A_step_whose_result_was_committed_without_an_answer_runs_once()
    {
        PostgreSqlCheckpointStore store = OpenStore(Patient, _proxy.Port);
        await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = store });
        int executions = 0;
        var isRunning = new TaskCompletionSource();
        var mayReturn = new TaskCompletionSource();
        Task<string> step = run.StepAsync("act", async (_, _) =>
        {
            executions++;
            isRunning.SetResult();
            await mayReturn.Task;
            return "done";
        });
        await isRunning.Task;
        _proxy.LoseAnswers();
        mayReturn.SetResult();
        await CommittedAsync(3);
        _proxy.CutClients();

        Assert.Equal("done", await step);
        await run.CompleteAsync();
        Assert.Equal(1, executions);
        Assert.Equal(1L, await ScalarAsync<long>(CountOfRecords + " WHERE kind = 3"));
    }

    [Fact]
    public async Task Backends_ended_at_any_moment_cost_no_record_and_double_none()
    {
        const int Count = 60;
        PostgreSqlCheckpointStore store = OpenStore(Patient);
        RunLease lease = await store.AcquireAsync(Run);
        for (int i = 0; i < Count; i++)
        {
            Task append = store.AppendAsync(lease, Records.Completed(i, $"s{i}"));
            if (i % 3 == 0)
            {
                await ScalarAsync<long>("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'worker'");
            }

            await append;
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"s{i}"), (await store.ReadAllAsync(lease)).Select(record => record.Step));
    }

    private async Task<(PostgreSqlCheckpointStore Store, RunLease Lease)> OpenAsync(PostgreSqlCheckpointStoreOptions options)
    {
        PostgreSqlCheckpointStore store = OpenStore(options, _proxy.Port);
        RunLease lease = await store.AcquireAsync(Run);
        await store.AppendAsync(lease, Records.Opened(0));
        return (store, lease);
    }

    private Task CommittedAsync(int records) => UntilAsync($"SELECT count(*) >= {records} FROM openclaw.records");

    private Task UntilAsync(string condition) => Eventually.HoldsAsync(() => ScalarAsync<bool>(condition));

    /// <summary>Lets what was held back reach the server, and waits until the server has dealt with it and ended that session.</summary>
    private async Task DeliverAsync(TaskCompletionSource held)
    {
        held.SetResult();
        await _proxy.HeldRequestsAreAnsweredAsync();
    }

    /// <summary>Reads as a caller does who tries until the store can be reached: a pool may hold more than one broken connection.</summary>
    private static async Task<List<StepRecord>> ReadAfterCutAsync(PostgreSqlCheckpointStore store, RunLease lease)
    {
        List<StepRecord>? records = null;
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                records = await store.ReadAllAsync(lease);
                return true;
            }
            catch (CheckpointStoreException)
            {
                return false;
            }
        });
        return records!;
    }
}
