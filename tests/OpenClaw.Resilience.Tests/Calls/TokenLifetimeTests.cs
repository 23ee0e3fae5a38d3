using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>A token that a callback has kept belongs to its call for ever.</summary>
public sealed class TokenLifetimeTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task A_token_kept_from_an_earlier_call_is_never_cancelled_by_a_later_ones_limit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.AttemptTimeout = TimeSpan.FromMinutes(1));
        var kept = new List<CancellationToken>();
        for (int i = 0; i < 50; i++)
        {
            await pipeline.ExecuteAsync(token =>
            {
                kept.Add(token);
                return Task.CompletedTask;
            });
            Task late = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token));
            _time.Advance(TimeSpan.FromMinutes(1));
            await Assert.ThrowsAsync<TaskCanceledException>(() => late);
        }

        Assert.All(kept, token => Assert.False(token.IsCancellationRequested));
        Assert.Equal(50, kept.Distinct().Count());
    }

    [Fact]
    public async Task A_kept_token_can_still_be_used()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        CancellationToken kept = default;
        await pipeline.ExecuteAsync(token =>
        {
            kept = token;
            return Task.CompletedTask;
        });

        using CancellationTokenRegistration registration = kept.Register(() => { });
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(kept);
        Assert.False(kept.WaitHandle.WaitOne(0));
    }

    [Fact]
    public async Task Each_attempt_has_a_token_of_its_own()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var tokens = new List<CancellationToken>();
        Task call = pipeline.ExecuteAsync<int>(token =>
        {
            tokens.Add(token);
            throw Gateways.Refused();
        });
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        await Assert.ThrowsAsync<HttpRequestException>(() => call);

        Assert.Equal(3, tokens.Distinct().Count());
    }

    [Fact]
    public async Task A_finished_call_leaves_no_registration_on_the_callers_token()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var caller = new CancellationTokenSource();
        CancellationToken kept = default;
        await pipeline.ExecuteAsync(
            token =>
            {
                kept = token;
                return Task.CompletedTask;
            },
            caller.Token);

        await caller.CancelAsync();

        Assert.False(kept.IsCancellationRequested);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task The_token_of_a_running_call_follows_the_caller()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var caller = new CancellationTokenSource();
        Task call = pipeline.ExecuteAsync(token => Task.Delay(Timeout.Infinite, token), caller.Token);

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(caller.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task A_returned_stream_keeps_the_permit_and_its_limits_until_it_is_disposed()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        var body = new FeedStream().Feed("hello");
        byte[] buffer = new byte[16];

        Stream stream = await pipeline.ExecuteAsync(_ => Task.FromResult<Stream>(body));
        Assert.Equal(0, pipeline.State.FreePermits);
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(5, await stream.ReadAsync(buffer));

        Task<int> stalled = stream.ReadAsync(buffer).AsTask();
        _time.Advance(TimeSpan.FromMinutes(10));
        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => stalled);
        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Contains("IdleTimeout", exception.Message, StringComparison.Ordinal);

        await stream.DisposeAsync();
        Assert.True(body.IsDisposed);
        Assert.Equal(1, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Fact]
    public async Task A_stream_in_memory_is_returned_as_it_is()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var memory = new MemoryStream([1, 2, 3]);

        Assert.Same(memory, await pipeline.ExecuteAsync(_ => Task.FromResult<Stream>(memory)));
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_stream_that_nobody_disposes_gives_its_permit_back_at_the_deadline()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MaxConcurrentCalls = 1);
        Stream forgotten = await pipeline.ExecuteAsync(_ => Task.FromResult<Stream>(new FeedStream()));
        Assert.Equal(0, pipeline.State.FreePermits);

        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(1, pipeline.State.FreePermits);
        await Assert.ThrowsAsync<TaskCanceledException>(() => forgotten.ReadAsync(new byte[1]).AsTask());
    }

    [Fact]
    public async Task A_returned_response_has_an_idle_limit_for_its_content_but_no_permit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        var body = new FeedStream().Feed("hello");

        using HttpResponseMessage response = await pipeline.ExecuteAsync(
            _ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(body) }));
        Assert.Equal(5, pipeline.State.FreePermits);
        Assert.Equal(0, _time.ActiveTimers);

        Task<string> reading = response.Content.ReadAsStringAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(10));
        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
        Assert.IsType<TimeoutException>(exception.InnerException);
    }

    [Fact]
    public async Task The_content_of_a_returned_response_still_follows_the_caller()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var caller = new CancellationTokenSource();
        using HttpResponseMessage response = await pipeline.ExecuteAsync(
            _ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new FeedStream()) }), caller.Token);
        Task<string> reading = response.Content.ReadAsStringAsync();

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => reading);
        Assert.Equal(caller.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task A_buffered_response_can_be_read_in_every_way_and_more_than_once()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(200, """{"a":1}""")));

        HttpResponseMessage response = await pipeline.ExecuteAsync(token => client.GetAsync("http://gateway/", token));

        await using (Stream stream = await response.Content.ReadAsStreamAsync())
        {
            Assert.Equal("""{"a":1}""", await new StreamReader(stream, leaveOpen: true).ReadToEndAsync());
            stream.Position = 0;
            Assert.Equal('{', stream.ReadByte());
        }

        Assert.Equal("""{"a":1}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("""{"a":1}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(7, response.Content.Headers.ContentLength);
    }
}
