namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>The power fails before every single operation, and what was not flushed is there or not as chance has it.</summary>
public sealed class PowerFailureTests
{
    private const int Chances = 12;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_the_run_can_always_be_resumed()
    {
        int operations = await CountOperationsAsync();
        Assert.InRange(operations, 30, 100);
        for (int failAt = 0; failAt < operations; failAt++)
        {
            for (int seed = 0; seed < Chances; seed++)
            {
                await FailAndFinishAsync(failAt, seed);
            }
        }
    }

    [Fact]
    public async Task What_a_killed_process_left_unflushed_is_safe_before_the_next_one_acts_on_it()
    {
        int operations = await CountOperationsAsync();
        for (int killAt = 0; killAt < operations; killAt++)
        {
            for (int seed = 0; seed < Chances; seed++)
            {
                var chance = new Random(seed);
                var program = new SampleProgram();
                var disk = new SimulatedDisk { FailAt = killAt };
                await LiveAsync(program, disk);
                disk.AfterKill(failAt: killAt + chance.Next(operations));
                await LiveAsync(program, disk);

                await program.FinishAsync(Open(disk.AfterPowerFailure(chance)));
            }
        }
    }

    [Fact]
    public async Task Records_that_were_read_are_durable_before_anything_is_appended()
    {
        var disk = new SimulatedDisk();
        FileCheckpointStore first = Open(disk);
        RunLease lease = await first.AcquireAsync(SampleProgram.Run);
        await first.AppendAsync(lease, Records.Opened(0));
        disk.FailAt = disk.Operations + 1;
        await Assert.ThrowsAsync<CheckpointStoreException>(() => first.AppendAsync(lease, Records.Completed(1, "a")));
        disk.AfterKill(failAt: int.MaxValue);

        FileCheckpointStore second = Open(disk);
        lease = await second.AcquireAsync(SampleProgram.Run);
        int read = (await second.ReadAllAsync(lease)).Count;

        Assert.Equal(2, read);
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(read, (await Open(disk.AfterPowerFailure(new Random(seed))).InspectAsync(SampleProgram.Run)).Count);
        }
    }

    [Fact]
    public async Task The_power_may_fail_again_during_the_recovery()
    {
        var chance = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            var program = new SampleProgram();
            var disk = new SimulatedDisk { FailAt = chance.Next(20, 60) };
            while (!program.IsComplete)
            {
                await LiveAsync(program, disk);
                disk = disk.AfterPowerFailure(chance, failAt: chance.Next(5, 60));
            }
        }
    }

    [Fact]
    public async Task Parallel_steps_whose_marks_fill_pages_of_their_own_do_not_make_a_run_unreadable()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var chance = new Random(seed);
            var disk = new SimulatedDisk();
            HashSet<string> acknowledged = [];
            AgentRun run = await AgentRun.ResumeAsync(SampleProgram.Run, Options(disk));
            var gates = Enumerable.Range(0, 8).Select(_ => new TaskCompletionSource<int>()).ToArray();
            Task[] branches = [.. gates.Select((gate, i) => BranchAsync(StepName.ForItem("b", i), gate.Task))];
            for (int i = chance.Next(8); i >= 0; i--)
            {
                gates[i].SetResult(i);
                await branches[i];
            }

            SimulatedDisk after = disk.AfterPowerFailure(chance);
            await using AgentRun next = await AgentRun.ResumeAsync(SampleProgram.Run, Options(after));
            Assert.True(next.Recovery.StepsRestored >= acknowledged.Count);
            for (int i = 0; i < 8; i++)
            {
                StepName name = StepName.ForItem("b", i);
                if (acknowledged.Contains(name.ToString()))
                {
                    Assert.Equal(i, await next.StepAsync<int>(name, (_, _) => throw new InvalidOperationException("executed")));
                }
            }

            async Task BranchAsync(StepName name, Task<int> gate)
            {
                await run.StepAsync(name, (_, _) => gate);
                acknowledged.Add(name.ToString());
            }
        }
    }

    private static async Task FailAndFinishAsync(int failAt, int seed)
    {
        var program = new SampleProgram();
        var disk = new SimulatedDisk { FailAt = failAt };
        await LiveAsync(program, disk);

        await program.FinishAsync(Open(disk.AfterPowerFailure(new Random(seed))));
    }

    private static async Task LiveAsync(SampleProgram program, SimulatedDisk disk)
    {
        try
        {
            await program.LiveAsync(Open(disk));
        }
        catch (CheckpointStoreException)
        {
            // The power is gone.
        }
    }

    private static async Task<int> CountOperationsAsync()
    {
        var disk = new SimulatedDisk();
        await new SampleProgram().LiveAsync(Open(disk));
        return disk.Operations;
    }

    private static FileCheckpointStore Open(SimulatedDisk disk) =>
        new(new FileCheckpointStoreOptions { Directory = "/home/user/runs" }, disk, TimeProvider.System);

    private static AgentRunOptions Options(SimulatedDisk disk) => new() { Store = Open(disk), OnInDoubt = InDoubtAction.Throw };
}
