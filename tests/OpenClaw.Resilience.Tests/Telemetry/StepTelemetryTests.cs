using System.Diagnostics;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Telemetry;

/// <summary>What an OpenTelemetry exporter gets to see of the steps of runs.</summary>
public sealed class StepTelemetryTests : IDisposable
{
    private readonly string _task = $"task{Guid.NewGuid():N}"[..20];
    private readonly InMemoryCheckpointStore _store = new(TimeProvider.System);
    private readonly Exported _exported;

    public StepTelemetryTests() => _exported = new Exported(_task);

    public void Dispose() => _exported.Dispose();

    [Fact]
    public async Task Steps_are_counted_by_task_and_name_without_their_items()
    {
        await using (AgentRun run = await ResumeAsync())
        {
            await run.StepAsync("plan", (_, _) => Task.FromResult("a"));
            await run.StepAsync(StepName.ForItem("act", 1), (_, _) => Task.FromResult("b"));
            await run.StepAsync(StepName.ForItem("act", 2), (_, _) => Task.FromResult("c"));
        }

        await using AgentRun again = await ResumeAsync();
        await again.StepAsync("plan", (_, _) => Task.FromResult("not run"));

        Assert.Equal(1, _exported.Metric("openclaw_task_steps_started_total{step=plan}"));
        Assert.Equal(2, _exported.Metric("openclaw_task_steps_completed_total{step=act}"));
        Assert.Equal(1, _exported.Metric("openclaw_task_steps_restored_total{step=plan}"));
        Assert.Equal(["plan", "act", "act"], _exported.Spans.Select(span => span.GetTagItem("openclaw.step")));
    }

    [Fact]
    public async Task A_step_that_fails_was_started_and_not_completed()
    {
        await using AgentRun run = await ResumeAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => run.StepAsync<string>("act", (_, _) => throw new InvalidOperationException("secret")));

        Assert.Equal(1, _exported.Metric("openclaw_task_steps_started_total{step=act}"));
        Assert.Null(_exported.Metric("openclaw_task_steps_completed_total{step=act}"));
        Activity span = Assert.Single(_exported.Spans);
        Assert.Equal((ActivityStatusCode.Error, "InvalidOperationException"), (span.Status, span.StatusDescription));
    }

    [Fact]
    public async Task The_task_type_can_be_named()
    {
        await using AgentRun run = await AgentRun.ResumeAsync(RunId.Create("order-4711"), new AgentRunOptions { Store = _store, TaskType = _task });
        await run.StepAsync("act", (_, _) => Task.FromResult("a"));

        Assert.Equal(1, _exported.Metric("openclaw_task_steps_completed_total{step=act}"));
    }

    [Theory]
    [InlineData("order-4711")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("order-0123456789abcdef0123456789abcdeX")]
    public void An_id_of_another_form_never_becomes_a_task_type(string id) => Assert.Equal("run", RunId.Create(id).Kind);

    private Task<AgentRun> ResumeAsync() => AgentRun.ResumeAsync(RunId.From(_task, 1), new AgentRunOptions { Store = _store });
}
