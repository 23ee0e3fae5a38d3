using System.Globalization;
using OpenClaw.Resilience.PostgreSql.Tests.Server;
using OpenClaw.Resilience.Tests.Runs;

namespace OpenClaw.Resilience.PostgreSql.Tests;

/// <summary>Several want one run, and some of them sleep longer than their lease.</summary>
public sealed class ManyWorkersTests(PostgreSqlServer server) : DatabaseTest(server)
{
    private const int Workers = 4;
    private const int Enough = 120;
    private static readonly RunId Run = RunId.Create("shared");

    [Fact]
    public async Task Of_four_workers_with_pauses_longer_than_the_lease_none_writes_after_another_has_taken_the_run()
    {
        History history = new();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(number => Task.Run(() => WorkAsync(number, history))));

        await ExpireLeasesAsync();
        List<StepRecord> stored = await OpenStore().InspectAsync(Run);
        Assert.True(stored.Count >= Enough);
        Assert.Equal(stored.Count, history.Acknowledged.Count);
        Assert.All(stored, record => Assert.Equal(record.Step, history.Acknowledged[record.Sequence].Step));
        Assert.True(history.Refused > 0, "no worker ever wrote late, so nothing was shown");

        // Once a higher token has written, no lower one does: also by what the server has stored.
        Assert.Equal(0L, await ScalarAsync<long>(
            "SELECT count(*) FROM (SELECT token < lag(token) OVER (ORDER BY sequence) AS back FROM openclaw.records) AS steps WHERE back"));
        Assert.All(stored, record => Assert.Equal(history.Acknowledged[record.Sequence].Token, long.Parse(record.Detail, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Two_processes_that_share_a_run_execute_each_step_once()
    {
        const int Steps = 60;
        using TemporaryDirectory directory = new();
        string log = Path.Combine(directory.Path, "log");
        string place = Server.ConnectionString(Database);
        using (WorkerProcess one = Compete(), other = Compete())
        {
            await one.ExpectSuccessAsync();
            await other.ExpectSuccessAsync();
        }

        EffectLogChecker check = EffectLogChecker.Check(await File.ReadAllLinesAsync(log), await OpenStore().InspectAsync(Run), generation: 1);
        Assert.Empty(check.Violations);
        Assert.Equal(Steps, check.Acknowledged);

        WorkerProcess Compete() => WorkerProcess.Start("compete", place, Run.Value, log, Steps.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_lease_lasts_as_long_as_it_is_renewed_by_the_servers_clock()
    {
        PostgreSqlCheckpointStore store = OpenStore();
        RunLease lease = await store.AcquireAsync(Run, "worker-1", TimeSpan.FromMinutes(5));
        await ExecuteAsync("UPDATE openclaw.runs SET expires_at = clock_timestamp() + interval '1 minute'");

        await store.RenewAsync(lease);

        Assert.True(await ScalarAsync<bool>("SELECT expires_at > clock_timestamp() + interval '4 minutes' FROM openclaw.runs"));
        await ExpireLeasesAsync();
        await store.AppendAsync(lease, Records.Opened(0));
        Assert.Equal("worker-2", (await OpenStore().AcquireAsync(Run, "worker-2")).Owner);
        await Assert.ThrowsAsync<CheckpointConflictException>(() => store.RenewAsync(lease));
    }

    /// <summary>Takes the run, writes a few records, sleeps until someone else may take the run, and writes on as if nothing had
    /// been.</summary>
    private async Task WorkAsync(int number, History history)
    {
        Random random = new(number);
        PostgreSqlCheckpointStore store = OpenStore();
        while (!history.IsOver)
        {
            RunLease lease;
            try
            {
                lease = await store.AcquireAsync(Run, $"worker-{number}");
            }
            catch (CheckpointConflictException conflict) when (conflict.Conflict == CheckpointConflict.Held)
            {
                continue;
            }

            history.Taken(lease.FencingToken);
            try
            {
                int next = (await store.ReadAllAsync(lease)).Count;
                for (int i = 0; i < 8; i++)
                {
                    if (random.Next(4) == 0)
                    {
                        await ExpireLeasesAsync();
                        await history.OtherTokenAsync(lease.FencingToken);
                    }

                    StepRecord record = Records.Completed(next++, $"{number}-{random.Next()}") with { Detail = $"{lease.FencingToken}" };
                    await store.AppendAsync(lease, record);
                    history.Acknowledge(record, lease.FencingToken);
                }

                await store.ReleaseAsync(lease);
            }
            catch (CheckpointConflictException conflict) when (conflict.Conflict == CheckpointConflict.FencedOff)
            {
                history.Refuse();
            }
            catch
            {
                history.Fail();
                throw;
            }
        }
    }

    /// <summary>What was acknowledged, to whom.</summary>
    private sealed class History
    {
        private readonly Dictionary<long, (string Step, long Token)> _acknowledged = [];
        private int _refused;
        private long _newest;
        private volatile bool _isOver;

        public IReadOnlyDictionary<long, (string Step, long Token)> Acknowledged => _acknowledged;

        public int Refused => _refused;

        /// <summary>Enough was written, or a worker has failed.</summary>
        public bool IsOver
        {
            get
            {
                lock (_acknowledged)
                {
                    return _isOver || _acknowledged.Count >= Enough;
                }
            }
        }

        public void Acknowledge(StepRecord record, long token)
        {
            lock (_acknowledged)
            {
                _acknowledged.Add(record.Sequence, (record.Step, token));
            }
        }

        public void Taken(long token)
        {
            lock (_acknowledged)
            {
                _newest = Math.Max(_newest, token);
            }
        }

        public void Refuse() => Interlocked.Increment(ref _refused);

        /// <summary>Waits until a later owner has the run, or the work is done.</summary>
        public Task OtherTokenAsync(long token) => Eventually.HoldsAsync(() => IsOver || Volatile.Read(ref _newest) > token);

        /// <summary>Nobody waits for one who has failed.</summary>
        public void Fail() => _isOver = true;
    }
}
