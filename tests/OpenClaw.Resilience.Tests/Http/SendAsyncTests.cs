using System.Net;
using System.Net.Http.Json;
using System.Text;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Http;

/// <summary>Requests whose whole answer is read.</summary>
public sealed class SendAsyncTests
{
    private const string Draining = """{"error":{"code":"gateway_unavailable"}}""";
    private const string Address = "http://gateway/v1/chat/completions";
    private readonly VirtualTime _time = new();

    [Fact]
    public async Task Each_attempt_sends_a_message_of_its_own_with_everything_in_it()
    {
        var key = new HttpRequestOptionsKey<string>("key");
        using var transport = new ScriptedHandler(ScriptedHandler.Throw(Gateways.Refused), ScriptedHandler.Answer(200, "ok"));
        using var client = new HttpClient(transport) { BaseAddress = new Uri("http://gateway/") };
        client.DefaultRequestHeaders.Add("x-default", "d");
        using var request = new HttpRequestMessage(HttpMethod.Put, "v1/thing?q=1")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
            Content = new StringContent("body", Encoding.UTF8, "text/x-mine"),
        };
        request.Headers.TryAddWithoutValidation("x-odd", ["one", "not; valid=,"]);
        request.Options.Set(key, "value");

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal("ok", await response.Content.ReadAsStringAsync());
        Assert.Equal(2, transport.Requests.Count);
        Assert.NotSame(transport.Requests[0].Message, transport.Requests[1].Message);
        foreach (SentRequest sent in transport.Requests)
        {
            Assert.NotSame(request, sent.Message);
            Assert.Equal(HttpMethod.Put, sent.Message.Method);
            Assert.Equal("http://gateway/v1/thing?q=1", sent.Message.RequestUri!.AbsoluteUri);
            Assert.Equal((HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrHigher), (sent.Message.Version, sent.Message.VersionPolicy));
            Assert.Equal(["one", "not; valid=,"], sent.Message.Headers.NonValidated["x-odd"]);
            Assert.Equal("d", Assert.Single(sent.Message.Headers.GetValues("x-default")));
            Assert.True(sent.Message.Options.TryGetValue(key, out string? value));
            Assert.Equal("value", value);
            Assert.Equal("body", sent.Body);
            Assert.Equal("text/x-mine", sent.Message.Content!.Headers.ContentType!.MediaType);
            Assert.Equal(4, sent.Message.Content.Headers.ContentLength);
        }
    }

    [Fact]
    public async Task The_request_stays_the_callers_and_can_be_sent_again()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(200, "ok"));
        using var client = new HttpClient(transport) { BaseAddress = new Uri("http://gateway/") };
        client.DefaultRequestHeaders.Add("x-default", "d");
        using var request = new HttpRequestMessage(HttpMethod.Post, "path") { Content = new StringContent("body") };

        using HttpResponseMessage first = await SendAsync(client, request);
        using HttpResponseMessage second = await SendAsync(client, request);

        Assert.Equal("path", request.RequestUri!.OriginalString);
        Assert.Empty(request.Headers);
        Assert.Equal("body", await request.Content.ReadAsStringAsync());
        Assert.Equal(["body", "body"], transport.Requests.Select(sent => sent.Body));

        // Even HttpClient itself takes it still: the request has never been sent.
        using HttpResponseMessage third = await client.SendAsync(request);
        Assert.Equal(3, transport.Requests.Count);
    }

    public static TheoryData<string, Func<HttpContent>> Repeatable => new()
    {
        { "text", () => new StringContent("text") },
        { "bytes", () => new ByteArrayContent(Encoding.UTF8.GetBytes("bytes")) },
        { "seekable", () => new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes("seekable"))) },
        { "{\"a\":1}", () => JsonContent.Create(new Dictionary<string, int> { ["a"] = 1 }) },
        { "a=1", () => new FormUrlEncodedContent([new("a", "1")]) },
    };

    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task Repeatable_content_is_sent_again(string expected, Func<HttpContent> create)
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(503, Draining, "1"), ScriptedHandler.Answer(200));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = create() };

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal([expected, expected], transport.Requests.Select(sent => sent.Body));
    }

    [Fact]
    public async Task Content_that_was_read_and_is_gone_is_not_sent_again()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(503, Draining, "1"), ScriptedHandler.Answer(200));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StreamContent(new FeedStream().Feed("once").End()) };

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(["once"], transport.Requests.Select(sent => sent.Body));
    }

    [Fact]
    public async Task Content_that_nobody_has_read_yet_is_still_there()
    {
        var body = new FeedStream().Feed("once").End();
        using var inner = new ScriptedHandler(ScriptedHandler.Answer(200));
        using var transport = new RefusingHandler(inner, refusals: 2);
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new StreamContent(body) };

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(["once"], inner.Requests.Select(sent => sent.Body));
    }

    [Theory]
    [InlineData(20 * 1024 * 1024, 3)]
    [InlineData((20 * 1024 * 1024) + 1, 1)]
    public async Task Content_is_kept_up_to_what_a_gateway_accepts(int size, int attempts)
    {
        using var transport = new CountingHandler();
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = new ByteArrayContent(new byte[size]) };

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(attempts, transport.Requests);
        Assert.Equal((long)size * attempts, transport.Bytes);
    }

    [Fact]
    public async Task A_failure_status_is_returned_with_its_body_and_not_thrown()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(503, Draining, "1"));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal(3, transport.Requests.Count);
        Assert.Equal(Draining, await response.Content.ReadAsStringAsync());
        Assert.Equal(Draining, await new StreamReader(await response.Content.ReadAsStreamAsync()).ReadToEndAsync());
        Assert.Same(transport.Requests[2].Message, response.RequestMessage);
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("OPTIONS", 2)]
    [InlineData("POST", 1)]
    [InlineData("PUT", 1)]
    [InlineData("DELETE", 1)]
    public async Task A_method_that_only_reads_has_no_effects(string method, int attempts)
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(502));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(new HttpMethod(method), Address);
        using HttpResponseMessage response = await SendAsync(client, request);
        Assert.Equal(attempts, transport.Requests.Count);
    }

    [Fact]
    public async Task An_effect_that_is_named_wins_over_the_method()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(502));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Get, Address);
        using HttpResponseMessage response = await Gateways.OpenClaw(_time).SendAsync(client, request, CallEffect.Unknown);
        Assert.Single(transport.Requests);
    }

    [Fact]
    public async Task Only_rejections_and_missing_answers_are_thrown()
    {
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Throw(Gateways.Reset)));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 2);

        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.SendAsync(client, request));
        await Assert.ThrowsAsync<HttpRequestException>(() => pipeline.SendAsync(client, request));
        await Assert.ThrowsAsync<GatewayRejectedException>(() => pipeline.SendAsync(client, request));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(64 * 1024, 3)]
    [InlineData((64 * 1024) + 1, 1)]
    public async Task Only_the_bodies_of_small_errors_are_read(int length, int attempts)
    {
        string body = length < Draining.Length ? Draining : Draining + new string(' ', length - Draining.Length);
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(503, body, "1"));
        using var client = new HttpClient(transport);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);

        using HttpResponseMessage response = await SendAsync(client, request);

        Assert.Equal(attempts, transport.Requests.Count);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_attempt_limit_covers_the_whole_answer()
    {
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Stream(new FeedStream().Feed("a"), "text/plain")));
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        Task<HttpResponseMessage> call = pipeline.SendAsync(client, request);
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(10));

        _time.Advance(TimeSpan.FromMinutes(10));

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Contains("AttemptTimeout", exception.Message, StringComparison.Ordinal);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request)
    {
        Task<HttpResponseMessage> call = Gateways.OpenClaw(_time).SendAsync(client, request);
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));
        return await call;
    }

    private sealed class RefusingHandler(HttpMessageHandler inner, int refusals) : DelegatingHandler(inner)
    {
        private int _refusals = refusals;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            => _refusals-- > 0 ? throw Gateways.Refused() : base.SendAsync(request, cancellationToken);
    }

    private sealed class CountingHandler : HttpMessageHandler
    {
        public int Requests { get; private set; }

        public long Bytes { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            Bytes += (await request.Content!.ReadAsByteArrayAsync(cancellationToken)).Length;
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent(Draining) };
        }
    }
}
