using System.Diagnostics;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Telemetry;

/// <summary>What an OpenTelemetry exporter, and a log, get to see of calls.</summary>
public sealed class CallTelemetryTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly string _gateway = $"gateway-{Guid.NewGuid():N}";
    private readonly LogRecorder _log = new();
    private readonly Exported _exported;

    public CallTelemetryTests() => _exported = new Exported(_gateway);

    public void Dispose() => _exported.Dispose();

    [Fact]
    public async Task A_call_that_succeeds_is_counted_timed_and_traced()
    {
        await Create().ExecuteAsync(_ => Task.FromResult(1));

        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=success}"));
        Assert.Equal(1, _exported.Metric("openclaw_request_duration_seconds{outcome=success}"));
        Activity span = Assert.Single(_exported.Spans);
        Assert.Equal(("openclaw.call", ActivityKind.Client, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(1, span.GetTagItem("openclaw.attempts"));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_span_tells_sessions_apart_and_does_not_name_them()
    {
        GatewayPipeline pipeline = Create();
        foreach (string? session in new[] { "alice@example.org", "bob@example.org", "alice@example.org", null })
        {
            await (session is null ? pipeline : pipeline.ForSession(session)).ExecuteAsync(_ => Task.FromResult(1));
        }

        string?[] digests = [.. _exported.Spans.Select(span => (string?)span.GetTagItem("openclaw.session"))];
        Assert.Equal((16, digests[0], null), (digests[0]!.Length, digests[2], digests[3]));
        Assert.NotEqual(digests[0], digests[1]);
        Assert.DoesNotContain(_exported.Spans.SelectMany(span => span.Tags), tag => tag.Value?.Contains("example", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_retry_is_counted_and_logged_with_its_wait()
    {
        int attempts = 0;
        Task<int> call = Create().ExecuteAsync(_ => ++attempts == 1 ? throw Gateways.Refused() : Task.FromResult(1));
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await call;

        Assert.Equal(1, _exported.Metric("openclaw_retries_total{type=transient}"));
        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=success}"));
        Assert.StartsWith($"Warning 1: Gateway {_gateway}: attempt 1 failed (Transient, status (null)). The next one follows after ", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal("retry", Assert.Single(Assert.Single(_exported.Spans).Events).Name);
    }

    [Fact]
    public async Task A_failure_is_counted_by_type_and_by_who_has_to_act()
    {
        GatewayPipeline pipeline = Create();
        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Status(400)));
        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));

        Assert.Equal(2, _exported.Metric("openclaw_requests_total{outcome=failure}"));
        Assert.Equal(1, _exported.Metric("openclaw_errors_total{error_class=agent,type=permanent}"));
        Assert.Equal(1, _exported.Metric("openclaw_errors_total{error_class=infrastructure,type=transient}") ?? _exported.Metric("openclaw_errors_total{error_class=infrastructure,type=truncated}"));
        Assert.All(_exported.Spans, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.All(_log.Lines, line => Assert.StartsWith($"Warning 2: Gateway {_gateway}: the call failed after 1 attempts", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_answer_without_an_exception_is_a_failure_too()
    {
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(400)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/");
        using HttpResponseMessage response = await Create().SendAsync(client, request);

        Assert.Equal(1, _exported.Metric("openclaw_errors_total{error_class=agent,type=permanent}"));
    }

    [Fact]
    public async Task Neither_log_nor_span_holds_a_word_of_the_call()
    {
        const string Secret = "sk-secret prompt";
        await Assert.ThrowsAsync<HttpRequestException>(
            () => Create().ExecuteAsync<int>(_ => throw new HttpRequestException(Secret, new InvalidOperationException(Secret), System.Net.HttpStatusCode.BadRequest)));

        Assert.DoesNotContain(_log.Lines, line => line.Contains("secret", StringComparison.Ordinal));
        Activity span = Assert.Single(_exported.Spans);
        Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", span.StatusDescription ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_is_no_error()
    {
        using var cancellation = new CancellationTokenSource();
        Task call = Create().ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);

        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=cancelled}"));
        Assert.Equal(ActivityStatusCode.Unset, Assert.Single(_exported.Spans).Status);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_call_that_reaches_a_limit_is_a_failure_and_not_a_cancellation()
    {
        Task call = Create().ExecuteAsync(token => Task.Delay(Timeout.Infinite, token));
        _time.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);

        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=failure}"));
    }

    [Fact]
    public async Task Gauges_show_permits_queue_and_circuit()
    {
        GatewayPipeline pipeline = Create(options => options.MaxConcurrentCalls = 1);
        var gate = new TaskCompletionSource();
        Task first = pipeline.ExecuteAsync(_ => gate.Task);
        Task second = pipeline.ForSession("a").ExecuteAsync(_ => Task.CompletedTask);
        Task third = pipeline.ForSession("a").ExecuteAsync(_ => Task.CompletedTask);

        Assert.Equal(1, _exported.Metric("openclaw_calls_in_flight{}"));
        Assert.Equal(1, _exported.Metric("openclaw_session_queue_length{}"));
        Assert.Equal(1, _exported.Metric("openclaw_queue_length{}"));
        Assert.Equal(0, _exported.Metric("openclaw_circuit_state{}"));
        gate.SetResult();
        await Task.WhenAll(first, second, third);

        Assert.Equal(0, _exported.Metric("openclaw_calls_in_flight{}"));
        Assert.Equal(0, _exported.Metric("openclaw_session_queue_length{}"));
        Assert.Equal(0, _exported.Metric("openclaw_queue_length{}"));
    }

    [Fact]
    public async Task The_life_of_a_circuit_is_logged_and_its_rejections_are_counted()
    {
        GatewayPipeline pipeline = Create(options => options.MinimumThroughput = 2);
        for (int i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.ExecuteAsync<int>(_ => throw Gateways.Reset()));
        }

        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.ExecuteAsync(_ => Task.FromResult(1)));
        Assert.Equal(2, _exported.Metric("openclaw_circuit_state{}"));
        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=rejected}"));
        Assert.Equal(1, _exported.Metric("openclaw_errors_total{error_class=infrastructure,type=circuit_open}"));
        _time.Advance(TimeSpan.FromSeconds(15));
        await pipeline.ExecuteAsync(_ => Task.FromResult(1));

        Assert.Equal(0, _exported.Metric("openclaw_circuit_state{}"));
        Assert.Equal(
            ["Error 4", "Warning 3", "Information 5", "Information 6"],
            _log.Lines.Select(line => line.Split(':')[0]).Where(line => line != "Warning 2"));
    }

    [Fact]
    public async Task A_lockout_is_logged_once()
    {
        GatewayPipeline pipeline = Create();
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(429, """{"error":{"type":"rate_limited"}}""")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/");
        using HttpResponseMessage response = await pipeline.SendAsync(client, request);
        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.SendAsync(client, request));

        Assert.Single(_log.Lines, line => line.StartsWith("Error 7", StringComparison.Ordinal));
        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=rejected}"));
    }

    [Fact]
    public async Task A_call_within_a_call_is_a_span_below_it_and_counts_once()
    {
        GatewayPipeline pipeline = Create();
        await pipeline.ExecuteAsync(token => pipeline.ExecuteAsync(_ => Task.FromResult(1), token));

        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=success}"));
        Assert.Equal(2, _exported.Spans.Count);
        Assert.Equal(_exported.Spans[1].SpanId, _exported.Spans[0].ParentSpanId);
    }

    [Fact]
    public async Task The_span_of_a_stream_ends_with_the_stream_and_is_nobodys_parent_meanwhile()
    {
        GatewayPipeline pipeline = Create();
        await foreach (int element in pipeline.ExecuteStreamingAsync(token => Elements.Of(token, 1, 2)))
        {
            Assert.Empty(_exported.Spans);
            Assert.Null(Activity.Current);
        }

        Assert.Single(_exported.Spans);
        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=success}"));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_counted_as_a_failure()
    {
        GatewayPipeline pipeline = Create();
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            await foreach (int element in pipeline.ExecuteStreamingAsync(token => Elements.BrokenAfter(1, Gateways.Reset(), token)))
            {
                Assert.Equal(1, element);
            }
        });

        Assert.Equal(1, _exported.Metric("openclaw_requests_total{outcome=failure}"));
        Assert.Null(_exported.Metric("openclaw_requests_total{outcome=success}"));
    }

    [Fact]
    public void A_synchronous_stream_leaves_the_callers_span_alone()
    {
        foreach (int element in Create().ExecuteStreaming(_ => Enumerable.Range(1, 2)))
        {
            Assert.Null(Activity.Current);
        }

        Assert.Single(_exported.Spans);
    }

    private GatewayPipeline Create(Action<GatewayOptions>? configure = null) => Gateways.OpenClaw(_time, options =>
    {
        options.Name = _gateway;
        options.LoggerFactory = _log;
        configure?.Invoke(options);
    });
}
