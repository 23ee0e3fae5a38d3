using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Resilience.Tests.Runs;

public sealed class AgentRunInDoubtTests : RunTestBase
{
    [Fact]
    public async Task A_step_that_was_cut_off_is_not_repeated_and_says_everything()
    {
        DateTimeOffset startedAt = Clock.GetUtcNow();
        await CrashInAsync("act");

        await using AgentRun run = await ResumeAsync();
        var doubt = await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>));

        Assert.Equal(Run, doubt.RunId);
        Assert.Equal("act", doubt.Step);
        Assert.Equal(1, doubt.Attempt);
        Assert.Equal(startedAt, doubt.StartedAt);
        foreach (string part in new[] { "'act'", Run.Value, "2026-03-01 12:00:00Z", "OPENCLAW_ON_IN_DOUBT=RunAgain", "InDoubtAction.RunAgain" })
        {
            Assert.Contains(part, doubt.Message, StringComparison.Ordinal);
        }

        Assert.Equal([new InDoubtStep("act", 1, startedAt, null)], run.Recovery.InDoubt);
    }

    [Fact]
    public async Task It_stays_in_doubt_until_someone_decides()
    {
        await CrashInAsync("act");
        for (int process = 0; process < 3; process++)
        {
            AgentRun run = await ResumeAsync();
            await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>));
            await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>));
            Crash();
        }
    }

    [Fact]
    public async Task The_run_can_decide_to_run_again_with_the_same_key()
    {
        string? firstKey = null;
        AgentRun first = await ResumeAsync();
        _ = first.StepAsync("act", (step, _) =>
        {
            firstKey = step.IdempotencyKey;
            return new TaskCompletionSource<string>().Task;
        });
        Crash();

        await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, OnInDoubt = InDoubtAction.RunAgain });
        Assert.Single(run.Recovery.InDoubt);
        await run.StepAsync("act", (step, _) =>
        {
            Assert.Equal(2, step.Attempt);
            Assert.Equal(firstKey, step.IdempotencyKey);
            return Task.FromResult("again");
        });

        Assert.NotNull(firstKey);
    }

    [Fact]
    public async Task The_step_can_decide_and_overrules_the_run()
    {
        await CrashInAsync("act");
        await using AgentRun run = await AgentRun.ResumeAsync(Run, new AgentRunOptions { Store = Store, TimeProvider = Clock, OnInDoubt = InDoubtAction.RunAgain });

        await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>, new StepOptions { OnInDoubt = InDoubtAction.Throw }));
        Assert.Equal("ok", await run.StepAsync("act", Returns("ok"), new StepOptions { OnInDoubt = InDoubtAction.RunAgain }));
    }

    [Fact]
    public async Task Running_again_and_being_cut_off_again_is_in_doubt_again()
    {
        await CrashInAsync("act");
        await CrashInAsync("act", new StepOptions { OnInDoubt = InDoubtAction.RunAgain });

        await using AgentRun run = await ResumeAsync();
        var doubt = await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>));

        Assert.Equal(2, doubt.Attempt);
    }

    [Fact]
    public async Task Run_again_and_seen_to_fail_it_is_no_longer_in_doubt_for_this_process()
    {
        await CrashInAsync("act");
        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<FormatException>(
            () => run.StepAsync<string>("act", (_, _) => throw new FormatException(), new StepOptions { OnInDoubt = InDoubtAction.RunAgain }));

        Assert.Equal("third", await run.StepAsync("act", (step, _) => Task.FromResult(step.Attempt == 3 ? "third" : "?")));
    }

    [Fact]
    public async Task Steps_before_and_beside_the_doubtful_one_are_not_touched_by_it()
    {
        AgentRun first = await ResumeAsync();
        await first.StepAsync("act", Returns("done"));
        Crash();
        await CrashInAsync("other");

        await using AgentRun run = await ResumeAsync();

        Assert.Equal("done", await run.StepAsync("act", MustNotRun<string>));
        Assert.Equal("new", await run.StepAsync("act", Returns("new")));
        await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("other", MustNotRun<string>));
    }

    public static TheoryData<Exception, bool> Failures => new()
    {
        // What went wrong, and whether the work may have been done.
        { new FormatException(), false },
        { new InvalidOperationException("own check", new ArgumentException("x")), false },
        { new OperationCanceledException(), true },
        { new TaskCanceledException(null, new TimeoutException()), true },
        { new TimeoutException(), true },
        { new InvalidOperationException("wrapped", new TimeoutException()), true },
        { new AggregateException(new FormatException(), new TimeoutException()), true },
        { new AggregateException(new FormatException()), false },
        { new HttpRequestException(HttpRequestError.NameResolutionError), false },
        { new HttpRequestException(HttpRequestError.ConnectionError, null, new SocketException((int)SocketError.ConnectionRefused)), false },
        { new HttpRequestException(HttpRequestError.SecureConnectionError), false },
        { new HttpRequestException(HttpRequestError.ResponseEnded), true },
        { new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)), false },
        { new HttpRequestException("x", new IOException("x", new SocketException((int)SocketError.ConnectionReset))), true },
        { new HttpRequestException("x"), true },
        { new HttpRequestException("x", null, HttpStatusCode.BadRequest), false },
        { new HttpRequestException("x", null, HttpStatusCode.TooManyRequests), false },
        { new HttpRequestException("x", null, HttpStatusCode.RequestTimeout), true },
        { new HttpRequestException("x", null, HttpStatusCode.BadGateway), true },
        { new GatewayRejectedException("x", RejectionReason.CircuitOpen, TimeSpan.FromSeconds(1)), false },
        { new SdkException(502), true },
        { new SdkException(429), false },
        { new SocketException((int)SocketError.ConnectionRefused), false },
        { new SocketException((int)SocketError.HostNotFound), false },
        { new SocketException((int)SocketError.ConnectionReset), true },
        { new IOException("cut"), true },
        { new IOException("refused", new SocketException((int)SocketError.ConnectionRefused)), false },
        { new FileNotFoundException(), false },
        { new System.Net.WebSockets.WebSocketException(), true },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public async Task After_a_failure_the_next_process_runs_the_step_again_unless_its_work_may_have_been_done(Exception failure, bool inDoubt)
    {
        AgentRun first = await ResumeAsync();
        Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => first.StepAsync<string>("act", (_, _) => throw failure)));
        Crash();

        await using AgentRun run = await ResumeAsync();
        if (inDoubt)
        {
            var doubt = await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>));
            Assert.Contains(failure.GetType().FullName!, doubt.Message, StringComparison.Ordinal);
            Assert.Equal(failure.GetType().FullName, Assert.Single(run.Recovery.InDoubt).Failure);
        }
        else
        {
            Assert.Equal("again", await run.StepAsync("act", Returns("again")));
            Assert.Empty(run.Recovery.InDoubt);
        }
    }

    [Fact]
    public async Task The_process_that_saw_the_failure_may_run_the_step_again_whatever_it_was()
    {
        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => run.StepAsync<string>("act", (_, _) => throw new TimeoutException()));

        Assert.Equal("second", await run.StepAsync("act", (step, _) => Task.FromResult(step.Attempt == 2 ? "second" : "?")));
        Assert.Equal("next", await run.StepAsync("act", (step, _) => Task.FromResult(step.Key == "act#2" ? "next" : "?")));
    }

    [Fact]
    public async Task The_program_can_judge_failures_itself()
    {
        AgentRunOptions options = new()
        {
            Store = Store,
            TimeProvider = Clock,
            OnInDoubt = InDoubtAction.Throw,
            FailureMayHaveRun = exception => exception is FormatException,
        };
        AgentRun first = await AgentRun.ResumeAsync(Run, options);
        await Assert.ThrowsAsync<FormatException>(() => first.StepAsync<string>("a", (_, _) => throw new FormatException()));
        await Assert.ThrowsAsync<TimeoutException>(() => first.StepAsync<string>("b", (_, _) => throw new TimeoutException()));
        Crash();

        await using AgentRun run = await ResumeAsync();

        await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("a", MustNotRun<string>));
        Assert.Equal("ok", await run.StepAsync("b", Returns("ok")));
    }

    [Fact]
    public async Task A_failure_that_could_not_be_recorded_is_passed_on_and_leaves_the_step_in_doubt()
    {
        AgentRun first = await ResumeAsync();
        Store.BeforeAppend = record => record.Kind == StepRecordKind.StepFailed ? throw new CheckpointStoreException("disk full") : Task.CompletedTask;
        await Assert.ThrowsAsync<FormatException>(() => first.StepAsync<string>("act", (_, _) => throw new FormatException()));
        Crash();

        await using AgentRun run = await ResumeAsync();

        await Assert.ThrowsAsync<StepInDoubtException>(() => run.StepAsync("act", MustNotRun<string>));
    }

    [Fact]
    public async Task A_step_that_did_not_start_because_its_token_was_cancelled_leaves_no_trace()
    {
        await using AgentRun run = await ResumeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.StepAsync("act", MustNotRun<string>, new CancellationToken(canceled: true)));

        Assert.Single(Store.Appended);
        Assert.Equal("act", await run.StepAsync("act", (step, _) => Task.FromResult(step.Key)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("  ", null)]
    [InlineData("RunAgain", InDoubtAction.RunAgain)]
    [InlineData("runagain ", InDoubtAction.RunAgain)]
    [InlineData("THROW", InDoubtAction.Throw)]
    public void The_operator_decides_by_an_environment_variable(string? value, InDoubtAction? action) =>
        Assert.Equal(action, RunEnvironment.OnInDoubt(name => name == "OPENCLAW_ON_IN_DOUBT" ? value : "wrong variable"));

    [Theory]
    [InlineData("yes")]
    [InlineData("1")]
    [InlineData("0")]
    [InlineData("RunAgain,Throw")]
    public void A_value_that_is_not_understood_is_an_error(string value)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => RunEnvironment.OnInDoubt(_ => value));

        Assert.Contains("OPENCLAW_ON_IN_DOUBT", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Throw and RunAgain", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>What the exceptions of the SDKs have in common.</summary>
    private sealed class SdkException(int status) : Exception("failed")
    {
        public int Status => status;
    }
}
