using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience;

/// <summary>What is counted, traced and logged of calls. Numbers and names of the library only: never a prompt, an answer or a secret.</summary>
internal static class CallTelemetry
{
    private const string GatewayTag = "gateway";
    private const string OutcomeTag = "outcome";
    private const string TypeTag = "type";

    private static readonly ActivitySource Activities = new(GatewayTelemetry.Name);
    private static readonly Meter Meter = new(GatewayTelemetry.Name);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "openclaw_requests_total", "{call}", "Calls that ended, by outcome: success, failure, rejected, cancelled.");

    private static readonly Counter<long> Errors = Meter.CreateCounter<long>(
        "openclaw_errors_total", "{call}", "Calls that failed or were rejected, by type of failure and by who has to act (agent, infrastructure, tool).");

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "openclaw_retries_total", "{attempt}", "Attempts after the first, by the type of the failure before them.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        "openclaw_request_duration_seconds",
        "s",
        "From the call to its end, which for a stream is its last element; with queue, attempts and waits.",
        tags: null,
        // A probe takes milliseconds, an agent turn minutes.
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800] });

    // Weak: a gauge must not keep a pipeline alive that nobody else knows any more.
    private static readonly ConditionalWeakTable<GatewayPipeline, object?> Pipelines = [];

    static CallTelemetry()
    {
        Meter.CreateObservableGauge(
            "openclaw_circuit_state", () => Observe(static gateway => CircuitNumber(gateway.Circuit)), unit: null, "0 closed, 1 half open, 2 open.");
        Meter.CreateObservableGauge(
            "openclaw_queue_length", () => Observe(static gateway => gateway.QueuedCalls), "{call}", "Calls that wait for a permit.");
        Meter.CreateObservableGauge(
            "openclaw_session_queue_length",
            () => Observe(static gateway => gateway.Sessions.WaitingCalls),
            "{call}",
            "Calls that wait for an earlier turn of their session.");
        Meter.CreateObservableGauge(
            "openclaw_calls_in_flight",
            () => Observe(static gateway => gateway.Options.MaxConcurrentCalls - gateway.FreePermits),
            "{call}",
            "Calls that hold a permit.");
    }

    /// <summary>Includes a pipeline in the gauges for as long as it lives.</summary>
    public static void Watch(GatewayPipeline pipeline) => Pipelines.Add(pipeline, null);

    /// <summary>The span of a call, or null when nobody listens. Becomes the current one, so only for methods that restore that.</summary>
    public static Activity? Start(CallScope call)
    {
        Activity? activity = Activities.StartActivity("openclaw.call", ActivityKind.Client);
        activity?.SetTag("openclaw.gateway", call.Gateway.Options.Name);
        if (activity is not null && call.Session is { } session)
        {
            activity.SetTag("openclaw.session", Digest(session));
        }

        return activity;
    }

    /// <summary>An attempt failed and another one follows.</summary>
    public static void Retry(CallScope call, GatewayFailure failure, TimeSpan delay)
    {
        Retries.Add(1, new(GatewayTag, call.Gateway.Options.Name), new(TypeTag, NameOf(failure.Kind)));
        call.Activity?.AddEvent(new ActivityEvent("retry", tags: new ActivityTagsCollection { ["type"] = NameOf(failure.Kind) }));
        call.Gateway.Log.AttemptFailed(call.Gateway.Options.Name, call.Attempts, failure.Kind, failure.StatusCode, delay);
    }

    /// <summary>Nothing of the call is left.</summary>
    public static void End(CallScope call, GatewayFailure? failure, RejectionReason? rejection, TimeSpan duration)
    {
        string gateway = call.Gateway.Options.Name;
        string outcome = failure switch
        {
            null => "success",
            { Kind: FailureKind.Cancelled } => "cancelled",
            _ => rejection is null ? "failure" : "rejected",
        };
        string? type = failure is null or { Kind: FailureKind.Cancelled } ? null : rejection is { } reason ? NameOf(reason) : NameOf(failure.Kind);
        if (call.Activity is { } activity)
        {
            activity.SetTag("openclaw.attempts", call.Attempts);
            activity.SetTag("openclaw.outcome", outcome);
            if (type is not null)
            {
                activity.SetTag("error.type", type);
                activity.SetTag("openclaw.may_have_run", failure!.MayHaveRun);
                activity.SetStatus(ActivityStatusCode.Error, type);
            }

            activity.Dispose();
        }

        // What runs inside of a call is part of it: counted once.
        if (call.IsNested)
        {
            return;
        }

        Requests.Add(1, new(GatewayTag, gateway), new(OutcomeTag, outcome));
        Duration.Record(duration.TotalSeconds, new(GatewayTag, gateway), new(OutcomeTag, outcome));
        if (type is null)
        {
            return;
        }

        Errors.Add(1, new(GatewayTag, gateway), new(TypeTag, type), new("error_class", NameOf(failure!.Class)));
        if (rejection is { } refused)
        {
            call.Gateway.Log.CallRejected(gateway, refused);
        }
        else
        {
            call.Gateway.Log.CallFailed(
                gateway, call.Attempts, duration, failure.Kind, failure.Class, failure.StatusCode, failure.MayHaveRun, failure.Advice);
        }
    }

    // Sessions are named after people and accounts: enough to tell them apart, and no name. Of no metric, which would grow with each user.
    private static string Digest(string session)
        => Hex.Lower(SHA256.HashData(Encoding.UTF8.GetBytes(session)).AsSpan(0, 8));

    private static IEnumerable<Measurement<long>> Observe(Func<GatewayState, long> read)
    {
        foreach ((GatewayPipeline pipeline, _) in Pipelines)
        {
            yield return new Measurement<long>(read(pipeline.State), new KeyValuePair<string, object?>(GatewayTag, pipeline.Name));
        }
    }

    private static long CircuitNumber(CircuitState state) => state switch
    {
        CircuitState.Closed => 0,
        CircuitState.HalfOpen => 1,
        _ => 2,
    };

    private static string NameOf(FailureKind kind) => kind switch
    {
        FailureKind.Transient => "transient",
        FailureKind.Throttled => "throttled",
        FailureKind.Lockout => "lockout",
        FailureKind.Permanent => "permanent",
        FailureKind.Truncated => "truncated",
        _ => "cancelled",
    };

    private static string NameOf(FailureClass failureClass) => failureClass switch
    {
        FailureClass.Agent => "agent",
        FailureClass.Tool => "tool",
        _ => "infrastructure",
    };

    private static string NameOf(RejectionReason reason) => reason switch
    {
        RejectionReason.CircuitOpen => "circuit_open",
        RejectionReason.QueueFull => "queue_full",
        RejectionReason.SessionQueueFull => "session_queue_full",
        _ => "lockout",
    };
}
