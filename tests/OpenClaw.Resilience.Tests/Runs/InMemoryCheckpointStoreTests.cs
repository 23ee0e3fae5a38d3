namespace OpenClaw.Resilience.Tests.Runs;

public sealed class InMemoryCheckpointStoreTests : CheckpointStoreContract
{
    private static readonly RunId Run = RunId.From("memory");

    private readonly ManualClock _clock = new();
    private readonly InMemoryCheckpointStore _store;

    public InMemoryCheckpointStoreTests() => _store = new InMemoryCheckpointStore(_clock);

    [Fact]
    public async Task A_lease_lasts_as_long_as_it_is_renewed()
    {
        RunLease lease = await _store.AcquireAsync(Run, "worker-1", TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(29));
        await _store.RenewAsync(lease);
        _clock.Advance(TimeSpan.FromSeconds(29));

        await Assert.ThrowsAsync<CheckpointConflictException>(() => _store.AcquireAsync(Run, "worker-2"));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("worker-2", (await _store.AcquireAsync(Run, "worker-2")).Owner);
    }

    [Fact]
    public async Task A_lease_that_ran_out_and_that_nobody_took_still_writes()
    {
        RunLease lease = await _store.AcquireAsync(Run, "worker-1", TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromMinutes(5));

        await _store.AppendAsync(lease, Records.Opened(0));

        Assert.Single(await _store.ReadAllAsync(lease));
    }

    [Fact]
    public async Task What_the_caller_does_to_its_buffer_later_does_not_change_the_record()
    {
        byte[] payload = [1, 2, 3];
        RunLease lease = await _store.AcquireAsync(Run);
        await _store.AppendAsync(lease, Records.Completed(0, "a") with { Payload = payload });

        payload[0] = 99;

        Assert.Equal([1, 2, 3], (await _store.ReadAllAsync(lease))[0].Payload.ToArray());
    }

    protected override ICheckpointStore OpenStore() => _store;

    protected override Task AbandonAsync(RunLease lease)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        return Task.CompletedTask;
    }
}
