using System.Globalization;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>How long the pipeline waits before it sends again, and when it does not wait at all.</summary>
public sealed class RetryWaitTests
{
    private const string Draining = """{"error":{"code":"gateway_unavailable"}}""";

    [Fact]
    public async Task Waits_grow_from_the_base_to_the_cap_and_are_spread()
    {
        Assert.Equal("1 2 4 8 16", await WaitsAsync(GatewayOptions.ForModelProvider(), random: 1));
        Assert.Equal("0.5 0.5 0.5 0.5 0.5", await WaitsAsync(GatewayOptions.ForModelProvider(), random: 0));
        Assert.Equal("1 2", await WaitsAsync(GatewayOptions.ForOpenClaw(), random: 1));

        GatewayOptions capped = GatewayOptions.ForModelProvider();
        capped.MaxDelay = TimeSpan.FromSeconds(3);
        Assert.Equal("1 2 3 3 3", await WaitsAsync(capped, random: 1));

        async Task<string> WaitsAsync(GatewayOptions options, double random)
        {
            var time = new VirtualTime();
            options.TimeProvider = time;
            options.MinimumThroughput = 10_000;
            options.Random = () => random;
            Task call = new GatewayPipeline(options).ExecuteAsync<int>(_ => throw Gateways.Refused());
            List<TimeSpan> waits = await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(31));
            await Assert.ThrowsAsync<HttpRequestException>(() => call);
            return string.Join(' ', waits.Select(wait => wait.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData("1", 0.0, 1)]
    [InlineData("1", 1.0, 1.5)]
    [InlineData("5", 0.0, 5)]
    [InlineData(" 2 ", 0.0, 2)]
    [InlineData("1.5", 0.0, 1.5)]
    // Nothing usable was asked: the growing wait.
    [InlineData("0", 1.0, 1)]
    [InlineData("-3", 1.0, 1)]
    [InlineData("soon", 1.0, 1)]
    [InlineData("1, 2", 1.0, 1)]
    [InlineData("", 1.0, 1)]
    public async Task The_wait_is_never_shorter_than_asked(string retryAfter, double random, double seconds)
        => Assert.Equal([TimeSpan.FromSeconds(seconds)], await WaitsAsync(retryAfter, random));

    [Fact]
    public async Task A_date_is_counted_from_the_pipelines_clock()
    {
        string date = new VirtualTime().GetUtcNow().AddSeconds(3).ToString("r", CultureInfo.InvariantCulture);
        string past = new VirtualTime().GetUtcNow().AddSeconds(-3).ToString("r", CultureInfo.InvariantCulture);
        string far = new VirtualTime().GetUtcNow().AddSeconds(6).ToString("r", CultureInfo.InvariantCulture);

        Assert.Equal([TimeSpan.FromSeconds(3)], await WaitsAsync(date, random: 0));
        Assert.Equal([TimeSpan.FromSeconds(1)], await WaitsAsync(past, random: 1));
        Assert.Empty(await WaitsAsync(far, random: 0));
    }

    [Theory]
    [InlineData("5.001")]
    [InlineData("99999999999999999999999999")]
    public async Task A_longer_wait_is_surfaced_and_not_slept(string retryAfter) => Assert.Empty(await WaitsAsync(retryAfter, random: 0));

    [Fact]
    public async Task Milliseconds_win_over_seconds()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, options => options.Random = () => 0);
        using var transport = new ScriptedHandler(
            async (request, token) =>
            {
                HttpResponseMessage response = await ScriptedHandler.Answer(503, Draining, "5")(request, token);
                response.Headers.TryAddWithoutValidation("retry-after-ms", "250");
                return response;
            },
            ScriptedHandler.Answer(200));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/");

        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request);

        Assert.Equal([TimeSpan.FromMilliseconds(250)], await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(31)));
    }

    [Fact]
    public async Task A_wait_that_would_miss_the_deadline_is_not_begun()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, options =>
        {
            options.Random = () => 1;
            options.CallTimeout = TimeSpan.FromSeconds(3);
        });
        int attempts = 0;

        // The first wait takes 1 s of 3; the second would take 2 of the 2 that are left.
        Task call = pipeline.ExecuteAsync<int>(_ => throw (++attempts > 0 ? Gateways.Refused() : null!));
        List<TimeSpan> waits = await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(2.5));

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal([TimeSpan.FromSeconds(1)], waits);
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task The_caller_can_cancel_the_wait()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, options => options.Random = () => 1);
        using var caller = new CancellationTokenSource();
        int attempts = 0;
        Task call = pipeline.ExecuteAsync<int>(_ => throw (++attempts > 0 ? Gateways.Refused() : null!), caller.Token);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(1));

        await caller.CancelAsync();

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(caller.Token, exception.CancellationToken);
        Assert.Equal(1, attempts);
        Assert.True(GatewayFailure.TryGet(exception, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Cancelled, false), (failure.Kind, failure.MayHaveRun));
        Assert.Equal(0, time.ActiveTimers);
    }

    [Fact]
    public async Task A_failed_response_is_disposed_before_the_wait()
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, options => options.Random = () => 1);
        var content = new TrackedContent();
        var responses = new Queue<HttpResponseMessage>(
        [
            new HttpResponseMessage(System.Net.HttpStatusCode.BadGateway) { Content = content },
            new HttpResponseMessage(System.Net.HttpStatusCode.OK),
        ]);

        Task<HttpResponseMessage> call = pipeline.ExecuteAsync(_ => Task.FromResult(responses.Dequeue()), CallEffect.None);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(1));

        Assert.True(content.IsDisposed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await call).StatusCode);
    }

    private static async Task<List<TimeSpan>> WaitsAsync(string retryAfter, double random)
    {
        var time = new VirtualTime();
        GatewayPipeline pipeline = Gateways.OpenClaw(time, options => options.Random = () => random);
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(503, Draining, retryAfter), ScriptedHandler.Answer(200));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://gateway/");
        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request);
        List<TimeSpan> waits = await time.SkipWaitsAsync(call, TimeSpan.FromSeconds(31));
        Assert.Equal(waits.Count == 0 ? 503 : 200, (int)(await call).StatusCode);
        return waits;
    }

    private sealed class TrackedContent : HttpContent
    {
        public bool IsDisposed { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
