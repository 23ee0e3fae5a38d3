using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenClaw.Resilience;

/// <summary>What is counted and traced of the steps of runs. Items and results stay out: names are few, items are not.</summary>
internal static class StepTelemetry
{
    private static readonly ActivitySource Activities = new(GatewayTelemetry.Name);
    private static readonly Meter Meter = new(GatewayTelemetry.Name);

    private static readonly Counter<long> Started = Meter.CreateCounter<long>(
        "openclaw_task_steps_started_total", "{step}", "Steps that began to run.");

    private static readonly Counter<long> Completed = Meter.CreateCounter<long>(
        "openclaw_task_steps_completed_total", "{step}", "Steps whose result was stored.");

    private static readonly Counter<long> Restored = Meter.CreateCounter<long>(
        "openclaw_task_steps_restored_total", "{step}", "Steps whose stored result was handed out instead of running them again.");

    private static readonly Counter<long> InDoubt = Meter.CreateCounter<long>(
        "openclaw_task_steps_in_doubt_total", "{step}", "Steps that an earlier process had started and that nobody knows the outcome of.");

    private static readonly Counter<long> TaskRetries = Meter.CreateCounter<long>(
        "openclaw_task_retries_total", "{retry}", "Tasks that were run again from their last finished step.");

    /// <summary>Counts a step and opens its span, which becomes the current one: for asynchronous methods only.</summary>
    public static Activity? Start(string taskType, StepName step, int attempt)
    {
        Count(Started, taskType, step);
        Activity? activity = Activities.StartActivity("openclaw.step");
        activity?.SetTag("openclaw.task_type", taskType);
        activity?.SetTag("openclaw.step", step.Name);
        activity?.SetTag("openclaw.attempt", attempt);
        return activity;
    }

    public static void Complete(string taskType, StepName step) => Count(Completed, taskType, step);

    public static void Restore(string taskType, StepName step) => Count(Restored, taskType, step);

    public static void Doubt(string taskType, StepName step) => Count(InDoubt, taskType, step);

    public static void RetryTask(string taskType) => TaskRetries.Add(1, new KeyValuePair<string, object?>("task_type", taskType));

    private static void Count(Counter<long> counter, string taskType, StepName step)
        => counter.Add(1, new("task_type", taskType), new("step", step.Name));
}
