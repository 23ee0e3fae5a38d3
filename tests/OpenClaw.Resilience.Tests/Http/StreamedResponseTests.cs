using System.Net;
using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Http;

/// <summary>Requests that return with the headers: limits, permit and failures of the content.</summary>
public sealed class StreamedResponseTests : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(7);
    private readonly VirtualTime _time = new();
    private readonly FeedStream _body = new();
    private readonly byte[] _buffer = new byte[64];

    public void Dispose() => _body.Dispose();

    [Fact]
    public async Task The_permit_is_held_until_the_response_is_disposed()
    {
        GatewayPipeline pipeline = Pipeline();
        HttpResponseMessage response = await SendAsync(pipeline);
        Assert.Equal(4, pipeline.State.FreePermits);

        response.Dispose();

        AssertNothingLeft(pipeline);
        Assert.True(_body.IsDisposed);
    }

    [Fact]
    public async Task The_permit_is_held_until_the_content_ends()
    {
        GatewayPipeline pipeline = Pipeline();
        using HttpResponseMessage response = await SendAsync(pipeline);
        _body.Feed("a").Feed("b").End();

        Assert.Equal("ab", await response.Content.ReadAsStringAsync());

        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task Disposing_the_stream_is_enough()
    {
        GatewayPipeline pipeline = Pipeline();
        HttpResponseMessage response = await SendAsync(pipeline);
        Stream stream = await response.Content.ReadAsStreamAsync();

        await stream.DisposeAsync();

        Assert.True(_body.IsDisposedAsynchronously);
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task Disposing_the_response_ends_a_read_that_is_under_way()
    {
        HttpResponseMessage response = await SendAsync(Pipeline());
        Task<int> reading = (await response.Content.ReadAsStreamAsync()).ReadAsync(_buffer).AsTask();
        Assert.False(reading.IsCompleted);

        response.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(VirtualTime.Patience));
    }

    [Fact]
    public async Task The_headers_have_the_first_byte_limit()
    {
        GatewayPipeline pipeline = Pipeline(options => options.FirstByteTimeout = TimeSpan.FromMinutes(3));
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Hang()));
        using HttpRequestMessage request = Request();
        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(3));

        _time.Advance(TimeSpan.FromMinutes(3));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Contains("FirstByteTimeout (180 s)", exception.Message, StringComparison.Ordinal);
        AssertNothingLeft(pipeline);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_read_has_the_idle_limit_however_the_content_is_read(bool asStream)
    {
        GatewayPipeline pipeline = Pipeline();
        using HttpResponseMessage response = await SendAsync(pipeline);
        _time.Advance(Idle);
        Task reading = asStream ? (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null) : response.Content.ReadAsStringAsync();
        await _time.WaitForTimerAsync(Idle);
        _time.Advance(Idle - TimeSpan.FromSeconds(1));
        _body.Feed("still alive");
        await _time.WaitForTimerAsync(Idle);
        _time.Advance(Idle - TimeSpan.FromSeconds(1));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("IdleTimeout", exception.Message, StringComparison.Ordinal);
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task The_readers_time_does_not_count()
    {
        GatewayPipeline pipeline = Pipeline(options => options.CallTimeout = Timeout.InfiniteTimeSpan);
        using HttpResponseMessage response = await SendAsync(pipeline);
        Stream stream = await response.Content.ReadAsStreamAsync();
        for (int i = 0; i < 5; i++)
        {
            Task<int> reading = stream.ReadAsync(_buffer).AsTask();
            _body.Feed("x");
            Assert.Equal(1, await reading);
            _time.Advance(3 * Idle);
        }

        _body.End();
        Assert.Equal(0, await stream.ReadAsync(_buffer));
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task A_blocking_read_has_the_limit_too()
    {
        GatewayPipeline pipeline = Pipeline();
        using HttpResponseMessage response = await SendAsync(pipeline);
        Stream stream = await response.Content.ReadAsStreamAsync();
        Task<int> reading = Task.Run(() => stream.Read(_buffer, 0, 1));
        await _time.WaitForTimerAsync(Idle);

        _time.Advance(Idle);

        await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
    }

    [Fact]
    public async Task The_deadline_ends_the_reading_and_frees_the_permit_even_when_nobody_reads()
    {
        GatewayPipeline pipeline = Pipeline();
        using HttpResponseMessage response = await SendAsync(pipeline);
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(5, pipeline.State.FreePermits);

        Stream stream = await response.Content.ReadAsStreamAsync();
        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => stream.ReadAsync(_buffer).AsTask());
        Assert.Contains("CallTimeout", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_token_ends_the_reading()
    {
        GatewayPipeline pipeline = Pipeline();
        using var caller = new CancellationTokenSource();
        using HttpResponseMessage response = await SendAsync(pipeline, caller.Token);
        Task<int> reading = (await response.Content.ReadAsStreamAsync()).ReadAsync(_buffer).AsTask();

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        Assert.Equal(caller.Token, exception.CancellationToken);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal(FailureKind.Cancelled, failure.Kind);
    }

    [Fact]
    public async Task The_readers_token_ends_the_read_and_is_no_failure_of_the_gateway()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await SendAsync(pipeline);
            using var reader = new CancellationTokenSource();
            Task<int> reading = (await response.Content.ReadAsStreamAsync()).ReadAsync(_buffer, reader.Token).AsTask();
            await reader.CancelAsync();
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
            Assert.Equal(reader.Token, exception.CancellationToken);
        }

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task A_body_that_breaks_keeps_its_exception_and_is_a_failure_to_the_circuit()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        using HttpResponseMessage response = await SendAsync(pipeline);
        var broken = new IOException("reset");
        _body.Feed("a").End(broken);

        var thrown = await Assert.ThrowsAsync<IOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null));

        Assert.Same(broken, thrown);
        Assert.True(GatewayFailure.Classify(thrown).MayHaveRun);
        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_target_that_breaks_says_nothing_about_the_gateway()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MinimumThroughput = 2);
        using HttpResponseMessage response = await SendAsync(pipeline);
        _body.Feed("a").End();
        await using var full = new Target(() => throw new IOException("disk full"));

        Assert.Contains("disk full", (await Assert.ThrowsAnyAsync<Exception>(() => response.Content.CopyToAsync(full))).ToString(), StringComparison.Ordinal);

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
    }

    [Fact]
    public async Task The_time_that_a_target_takes_does_not_count()
    {
        GatewayPipeline pipeline = Pipeline(options => options.CallTimeout = Timeout.InfiniteTimeSpan);
        using HttpResponseMessage response = await SendAsync(pipeline);
        _body.Feed("a").Feed("b").End();
        await using var slow = new Target(() => _time.Advance(3 * Idle));

        await response.Content.CopyToAsync(slow);

        Assert.Equal(2, slow.Writes);
    }

    [Fact]
    public async Task A_read_of_no_bytes_is_not_the_end()
    {
        GatewayPipeline pipeline = Pipeline();
        using HttpResponseMessage response = await SendAsync(pipeline);
        Stream stream = await response.Content.ReadAsStreamAsync();
        _body.Feed("a").End();

        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(4, pipeline.State.FreePermits);
        Assert.Equal(1, await stream.ReadAsync(_buffer));
    }

    [Fact]
    public async Task A_retried_response_gives_way_to_the_next_one()
    {
        using var transport = new ScriptedHandler(
            ScriptedHandler.Answer(503, """{"error":{"code":"gateway_unavailable"}}""", "1"), ScriptedHandler.Stream(_body.Feed("good").End()));
        using var client = new HttpClient(transport);
        using HttpRequestMessage request = Request();
        GatewayPipeline pipeline = Pipeline();
        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await call;
        Assert.Equal(4, pipeline.State.FreePermits);
        Assert.Equal("good", await response.Content.ReadAsStringAsync());
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task A_failed_response_with_an_unread_body_holds_no_permit_and_can_be_retried_and_read()
    {
        GatewayPipeline pipeline = Pipeline();
        var bodies = new List<FeedStream>();
        using var client = new HttpClient(new ScriptedHandler((request, _) =>
        {
            bodies.Add(new FeedStream().Feed("<html>").End());
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StreamContent(bodies[^1]), RequestMessage = request });
        }));
        using HttpRequestMessage request = Request();
        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead, CallEffect.None);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        using HttpResponseMessage response = await call;

        Assert.Equal(2, bodies.Count);
        Assert.True(bodies[0].IsDisposed);
        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal("<html>", await response.Content.ReadAsStringAsync());
        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task An_answer_without_content_holds_no_permit()
    {
        GatewayPipeline pipeline = Pipeline();
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(204)));
        using HttpRequestMessage request = Request();

        using HttpResponseMessage response = await pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);

        AssertNothingLeft(pipeline);
    }

    [Fact]
    public async Task The_content_keeps_its_headers()
    {
        using HttpResponseMessage response = await SendAsync(Pipeline());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Null(response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_storm_of_abandoned_responses_leaves_all_permits_free()
    {
        GatewayPipeline pipeline = Pipeline(options => options.MaxQueuedCalls = 1000);
        using var client = new HttpClient(new ScriptedHandler((request, _) => Task.FromResult(
            new HttpResponseMessage { Content = new StreamContent(new FeedStream().Feed("x")), RequestMessage = request })));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using HttpRequestMessage request = Request();
            using HttpResponseMessage response = await pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);
            if (i % 2 == 0)
            {
                await using Stream stream = await response.Content.ReadAsStreamAsync();
                Assert.Equal(1, await stream.ReadAsync(new byte[4]));
            }
        }))).WaitAsync(VirtualTime.Patience);

        AssertNothingLeft(pipeline);
    }

    /// <summary>A target of a copy that does something at each write.</summary>
    private sealed class Target(Action onWrite) : MemoryStream
    {
        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            onWrite();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    private static HttpRequestMessage Request() => new(HttpMethod.Post, "http://gateway/custom/path") { Content = new StringContent("{}") };

    private async Task<HttpResponseMessage> SendAsync(GatewayPipeline pipeline, CancellationToken cancellationToken = default)
    {
        var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Stream(_body)));
        using HttpRequestMessage request = Request();
        return await pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    // Another limit than that of the first byte, so that a test sees which one is running.
    private GatewayPipeline Pipeline(Action<GatewayOptions>? configure = null) => Gateways.OpenClaw(_time, options =>
    {
        options.IdleTimeout = Idle;
        configure?.Invoke(options);
    });

    private void AssertNothingLeft(GatewayPipeline pipeline)
    {
        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);
    }
}
