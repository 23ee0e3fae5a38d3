using System.Text.Json;
using System.Text.Json.Nodes;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Runs;

/// <summary>A gateway session that has lost turns ends the run's step, and nothing else does.</summary>
public sealed class SessionContinuityTests : RunTestBase
{
    private const string Key = "agent:main:research-7";
    private readonly FakeSession _session = new();

    private StepOptions InSession => new() { Session = new SessionContinuityGuard(Key, _session.CountAsync) };

    [Fact]
    public async Task A_session_that_was_kept_goes_on()
    {
        await TakeTurnsAsync("plan", "act");
        Crash();

        await using AgentRun run = await ResumeAsync();
        await TakeTurnsAsync(run, "plan", "act", "write");

        Assert.Equal(3, _session.Turns);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_session_with_fewer_turns_than_the_run_knows_of_stops_it_before_anything_is_sent(int left)
    {
        await TakeTurnsAsync("plan", "act");
        Crash();
        _session.Turns = left;

        await using AgentRun run = await ResumeAsync();
        await TakeTurnsAsync(run, "plan", "act");
        var lost = await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.StepAsync("write", MustNotRun<string>, InSession));

        Assert.Equal((Run, "write", Key, 2, left), (lost.RunId, lost.Step, lost.SessionKey, lost.KnownTurns, lost.FoundTurns));
        Assert.DoesNotContain(Store.Appended, record => record.Step == "write");
        Assert.Equal(left, _session.Turns);
    }

    [Fact]
    public async Task The_run_knows_also_what_its_program_has_not_asked_for_yet()
    {
        await TakeTurnsAsync("plan");
        Crash();
        _session.Turns = 0;

        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.StepAsync("other", MustNotRun<string>, InSession));
    }

    [Fact]
    public async Task A_session_that_is_lost_under_a_running_program_stops_it_too()
    {
        await using AgentRun run = await ResumeAsync();
        await TakeTurnsAsync(run, "plan");
        _session.Turns = 0;

        await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.StepAsync("act", MustNotRun<string>, InSession));
    }

    [Fact]
    public async Task The_turns_from_before_the_run_are_known_when_a_step_has_only_started()
    {
        _session.Turns = 7;
        await CrashInAsync("plan", InSession);
        _session.Turns = 6;

        await using AgentRun run = await ResumeAsync();
        var lost = await Assert.ThrowsAsync<SessionContinuityLostException>(
            () => run.StepAsync("plan", MustNotRun<string>, new StepOptions { Session = InSession.Session, OnInDoubt = InDoubtAction.RunAgain }));

        Assert.Equal((7, 6), (lost.KnownTurns, lost.FoundTurns));
    }

    [Fact]
    public async Task A_step_that_did_not_finish_has_not_taken_a_turn_that_would_be_missed()
    {
        await CrashInAsync("plan", InSession);

        await using AgentRun run = await ResumeAsync();
        await run.StepAsync("plan", TurnAsync, new StepOptions { Session = InSession.Session, OnInDoubt = InDoubtAction.RunAgain });

        Assert.Equal(1, _session.Turns);
    }

    [Fact]
    public async Task A_failed_step_has_seen_what_it_saw()
    {
        _session.Turns = 3;
        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => run.StepAsync<string>("plan", (_, _) => throw new HttpRequestException("refused"), InSession));
        _session.Turns = 2;

        await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.StepAsync("plan", MustNotRun<string>, InSession));
    }

    [Fact]
    public async Task A_number_that_cannot_be_told_is_no_loss_and_does_not_make_the_run_forget()
    {
        await TakeTurnsAsync("plan", "act");
        Crash();
        _session.IsCompacted = true;
        _session.Turns = 0;
        await TakeTurnsAsync("plan", "act", "write");
        Crash();
        _session.IsCompacted = false;

        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<SessionContinuityLostException>(() => run.StepAsync("review", MustNotRun<string>, InSession));
    }

    [Fact]
    public async Task Another_session_has_nothing_to_do_with_it()
    {
        await TakeTurnsAsync("plan", "act");
        Crash();

        await using AgentRun run = await ResumeAsync();
        var fresh = new SessionContinuityGuard("agent:main:research-7b", _ => Task.FromResult<int?>(0));
        Assert.Equal("done", await run.StepAsync("write", Returns("done"), new StepOptions { Session = fresh }));
    }

    [Fact]
    public async Task A_finished_step_is_not_looked_at_again()
    {
        await TakeTurnsAsync("plan");
        Crash();
        _session.Counts = 0;

        await TakeTurnsAsync("plan");

        Assert.Equal(0, _session.Counts);
    }

    [Fact]
    public async Task A_count_that_fails_is_the_steps_failure_and_leaves_nothing_in_doubt()
    {
        await using AgentRun run = await ResumeAsync();
        var blind = new SessionContinuityGuard(Key, _ => throw new IOException("connection lost"));

        await Assert.ThrowsAsync<IOException>(() => run.StepAsync("plan", MustNotRun<string>, new StepOptions { Session = blind }));

        Assert.DoesNotContain(Store.Appended, record => record.Step == "plan");
        await run.StepAsync("plan", TurnAsync, InSession);
    }

    [Fact]
    public async Task A_task_is_not_run_again_for_a_lost_session()
    {
        await TakeTurnsAsync("plan");
        Crash();
        _session.Turns = 0;

        int tasks = 0;
        await Assert.ThrowsAsync<SessionContinuityLostException>(() => AgentRun.RunAsync(
            Run,
            (run, token) =>
            {
                tasks++;
                return run.StepAsync("act", MustNotRun<string>, InSession, token);
            },
            Options));

        Assert.Equal(1, tasks);
    }

    [Fact]
    public async Task The_records_hold_a_number_and_no_key()
    {
        _session.Turns = 4;
        await TakeTurnsAsync("plan");

        StepRecord[] records = [.. Store.Appended.Where(record => record.Step == "plan")];
        Assert.Equal([StepRecordKind.StepStarted, StepRecordKind.StepCompleted], records.Select(record => record.Kind));
        Assert.All(records, record => Assert.Matches("^session:[0-9a-f]{16}:4$", record.Detail));
    }

    [Theory]
    [InlineData("session:0123456789abcdef:")]
    [InlineData("session:0123456789abcdef:-1")]
    [InlineData("session:0123456789abcdef")]
    [InlineData("session:0123:1")]
    [InlineData("machine/17")]
    [InlineData("")]
    public void What_is_no_mark_is_not_taken_for_one(string detail) => Assert.False(SessionMark.TryParse(detail, out _));

    [Theory]
    [InlineData("""{"messages":[]}""", 0, true)]
    [InlineData("""{"messages":[{"role":"user"},{"role":"assistant"},{"role":"user"}],"hasMore":false}""", 2, true)]
    // After a reset only what follows it is shown.
    [InlineData("""{"messages":[{"role":"system","__openclaw":{"kind":"reset"}},{"role":"user"}]}""", 1, true)]
    [InlineData("""{"messages":[{"role":"system","__openclaw":{"kind":"compaction"}},{"role":"user"}]}""", 1, false)]
    [InlineData("""{"messages":[{"role":"user"}],"hasMore":true}""", 1, false)]
    // The gateway's own note after a restart.
    [InlineData("""{"messages":[{"role":"user"},{"role":"user","provenance":{"kind":"internal_system"}}]}""", 1, true)]
    [InlineData("""{"messages":[{"role":"user","__openclaw":{"id":"a"}},{"role":"user","__openclaw":{"id":"a"}},{"role":"user","__openclaw":{"id":"b"}}]}""", 2, true)]
    [InlineData("""{"rows":[]}""", 0, false)]
    [InlineData("null", 0, false)]
    public void A_transcript_is_counted_by_what_was_asked(string history, int turns, bool isAll)
        => Assert.Equal(new SessionTurns(turns, isAll), SessionTranscript.Count(JsonDocument.Parse(history).RootElement));

    [Fact]
    public async Task A_socket_asks_for_the_transcript_and_for_no_text()
    {
        await using var gateway = new SocketGateway(request => request.OkAsync(new() { ["messages"] = new JsonArray() }));
        await using var socket = new GatewaySocket(Gateways.OpenClaw(new VirtualTime()), new GatewaySocketOptions { Address = gateway.Address });
        await using AgentRun run = await ResumeAsync();

        await run.StepAsync("plan", TurnAsync, new StepOptions { Session = new SessionContinuityGuard(socket, Key) });

        JsonObject request = Assert.Single(gateway.Requests);
        Assert.Equal(
            ("chat.history", Key, 1),
            ((string?)request["method"], (string?)request["params"]!["sessionKey"], (int)request["params"]!["maxChars"]!));
    }

    private async Task TakeTurnsAsync(params string[] steps)
    {
        AgentRun run = await ResumeAsync();
        await TakeTurnsAsync(run, steps);
    }

    private async Task TakeTurnsAsync(AgentRun run, params string[] steps)
    {
        foreach (string step in steps)
        {
            await run.StepAsync(step, TurnAsync, InSession);
        }
    }

    private Task<string> TurnAsync(StepContext step, CancellationToken cancellationToken)
    {
        _session.Turns++;
        return Task.FromResult("answer");
    }

    private sealed class FakeSession
    {
        public int Turns { get; set; }

        public bool IsCompacted { get; set; }

        public int Counts { get; set; }

        public Task<int?> CountAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Counts++;
            return Task.FromResult<int?>(IsCompacted ? null : Turns);
        }
    }
}
