using OpenClaw.Resilience.Tests.Support;
using Polly.CircuitBreaker;

namespace OpenClaw.Resilience.Tests.Http;

/// <summary>Server-sent events: what is a good end, and what happens after another.</summary>
public sealed class EventStreamTests
{
    private const string Chat = "http://gateway/v1/chat/completions";
    private const string Responses = "http://gateway/v1/responses";
    private const string Messages = "http://provider/v1/messages";
    private const string Text = """data: {"choices":[{"delta":{"content":"hi"},"finish_reason":null}]}""" + "\n\n";
    private const string Finish = """data: {"choices":[{"delta":{},"finish_reason": "stop"}]}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Error = """data: {"error":{"message":"upstream","type":"rate_limit_error"}}""" + "\n\n";
    private readonly VirtualTime _time = new();

    public static TheoryData<string, string> Good => new()
    {
        { Chat, Text + Finish + Done },
        { Chat, ": comment\r\n" + Text + Finish.Replace("\n", "\r\n", StringComparison.Ordinal) + "data:[DONE]\r\n\r\n" },
        { Chat + "/", Text + Finish + Done },
        { Chat, Text + Finish + "data: [DONE]" },
        { Responses, "event: response.created\ndata: {}\n\nevent: response.completed\ndata: {\"response\":{\"error\":null}}\n\n" },
        { Responses, "event: response.incomplete\ndata: {}\n\n" + Done },
        { Messages, "event: message_start\ndata: {}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n" },
        // A proxy has left the names out.
        { Responses, "data: {\"type\":\"response.created\"}\n\ndata: {\"type\": \"response.completed\",\"response\":{}}\n\n" + Done },
        // Nobody here knows how other streams end.
        { "http://gateway/mcp", "data: {}\n\n" },
        { "http://gateway/v1/im/messages", "data: {}\n\n" },
    };

    public static TheoryData<string, string, HttpRequestError, FailureKind> Bad => new()
    {
        { Chat, "", HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Chat, Text, HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Chat, Text + Finish, HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Chat, Text + Finish + "data: [DON", HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Chat, Done, HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Chat, Text + Done, HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Chat, Error + Done, HttpRequestError.InvalidResponse, FailureKind.Throttled },
        { Chat, Text + Finish + Error + Done, HttpRequestError.InvalidResponse, FailureKind.Throttled },
        { Chat, "data: {\"error\":{\"type\":\"authentication_error\"}}\n\n" + Done, HttpRequestError.InvalidResponse, FailureKind.Permanent },
        { Chat, "data: {\"error\":{\"type\":\"api_error\"}}\n\n" + Done, HttpRequestError.InvalidResponse, FailureKind.Transient },
        { Responses, "event: response.created\ndata: {}\n\n" + Done, HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Responses, "event: response.failed\ndata: {\"response\":{\"error\":{\"code\":\"x\"}}}\n\n" + Done, HttpRequestError.InvalidResponse, FailureKind.Transient },
        { Responses, "event: response.failed\ndata: {\"response\":{\"error\":{\"code\":\"rate_limit_error\"}}}\n\n" + Done, HttpRequestError.InvalidResponse, FailureKind.Throttled },
        { Responses, "data: {\"type\":\"response.completed\",\"resp", HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Responses, "event: response.completed\n", HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Responses, "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"rate_limit_error\"}}}\n\n", HttpRequestError.InvalidResponse, FailureKind.Throttled },
        { Messages, "event: message_start\ndata: {}\n\n", HttpRequestError.ResponseEnded, FailureKind.Truncated },
        { Messages, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n", HttpRequestError.InvalidResponse, FailureKind.Throttled },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_complete_stream_ends_normally(string address, string events)
    {
        foreach (int chunk in new[] { 1, 7, 4096 })
        {
            using HttpResponseMessage response = await SendAsync(Gateways.OpenClaw(_time), address, events, chunk);
            await using Stream stream = await response.Content.ReadAsStreamAsync();
            Assert.Equal(events, await new StreamReader(stream).ReadToEndAsync());
        }

        using HttpResponseMessage buffered = await SendAsync(Gateways.OpenClaw(_time), address, events, 4096, HttpCompletionOption.ResponseContentRead);
        Assert.Equal(events, await buffered.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Another_end_makes_the_last_read_fail_after_all_bytes_but_a_terminator(
        string address, string events, HttpRequestError error, FailureKind kind)
    {
        foreach (int chunk in new[] { 1, 7, 4096 })
        {
            GatewayPipeline pipeline = Gateways.OpenClaw(_time);
            using HttpResponseMessage response = await SendAsync(pipeline, address, events, chunk);
            var received = new MemoryStream();

            HttpIOException thrown = (await Assert.ThrowsAnyAsync<HttpIOException>(
                async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(received)))!;

            string delivered = System.Text.Encoding.UTF8.GetString(received.ToArray());
            Assert.StartsWith(events.Replace(Done, "", StringComparison.Ordinal), delivered, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]\n", delivered, StringComparison.Ordinal);
            Assert.Equal(error, thrown.HttpRequestError);
            GatewayFailure failure = GatewayFailure.Classify(thrown);
            Assert.Equal((kind, true), (failure.Kind, failure.MayHaveRun));
            Assert.Equal(5, pipeline.State.FreePermits);
        }
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_copy_fails_in_the_same_way(string address, string events, HttpRequestError error, FailureKind kind)
    {
        using HttpResponseMessage response = await SendAsync(Gateways.OpenClaw(_time), address, events, 7);

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());

        Assert.Equal(error, thrown.HttpRequestError);
        Assert.Equal(kind, GatewayFailure.Classify(thrown).Kind);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_buffered_answer_fails_in_the_call_itself(string address, string events, HttpRequestError error, FailureKind kind)
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        var thrown = await Assert.ThrowsAsync<HttpRequestException>(
            () => SendAsync(pipeline, address, events, 4096, HttpCompletionOption.ResponseContentRead));

        Assert.Equal(error, thrown.HttpRequestError);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((kind, true), (failure.Kind, failure.MayHaveRun));
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_buffered_answer_that_is_refused_is_disposed()
    {
        var content = new TrackedContent(Text);
        using var client = new HttpClient(new ScriptedHandler((request, _) => Task.FromResult(
            new HttpResponseMessage { Content = content, RequestMessage = request })));
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat);

        await Assert.ThrowsAsync<HttpRequestException>(() => Gateways.OpenClaw(_time).SendAsync(client, request));

        Assert.True(content.IsDisposed);
    }

    [Fact]
    public async Task The_failure_stays_for_whoever_reads_on()
    {
        using HttpResponseMessage response = await SendAsync(Gateways.OpenClaw(_time), Chat, Text, 4096);
        Stream stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal(Text.Length, await stream.ReadAsync(new byte[4096]));
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAnyAsync<HttpIOException>(() => stream.ReadAsync(new byte[1]).AsTask());
        }
    }

    [Fact]
    public async Task A_compressed_stream_is_not_judged()
    {
        using var client = new HttpClient(new ScriptedHandler(async (request, token) =>
        {
            HttpResponseMessage response = await ScriptedHandler.Answer(200, "compressed", mediaType: "text/event-stream")(request, token);
            response.Content.Headers.ContentEncoding.Add("gzip");
            return response;
        }));
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat);
        using HttpResponseMessage response = await Gateways.OpenClaw(_time).SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("compressed", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Broken_streams_open_the_circuit()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 2);
        using HttpResponseMessage response = await SendAsync(pipeline, Chat, Text, 4096);
        await Assert.ThrowsAnyAsync<HttpIOException>(async () => await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null));
        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
    }

    [Fact]
    public async Task An_error_event_counts_even_when_the_reader_stops_at_it()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 2);
        string events = "data: {\"error\":{\"type\":\"api_error\"}}\n\n" + Done;
        using (HttpResponseMessage response = await SendAsync(pipeline, Chat, events, 4096))
        {
            Stream stream = await response.Content.ReadAsStreamAsync();
            Assert.Equal(events.Length - Done.Length, await stream.ReadAsync(new byte[4096]));
        }

        Assert.Equal(CircuitState.Open, pipeline.State.Circuit);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Theory]
    [InlineData(Text + Error + Done)]
    [InlineData(Error + Done)]
    [InlineData(Text + Done)]
    [InlineData(Done)]
    public async Task A_reader_who_would_stop_at_the_terminator_meets_the_failure_instead(string events)
    {
        foreach (int chunk in new[] { 1, 7, 4096 })
        {
            GatewayPipeline pipeline = Gateways.OpenClaw(_time);
            using HttpResponseMessage response = await SendAsync(pipeline, Chat, events, chunk);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

            await Assert.ThrowsAnyAsync<HttpIOException>(async () =>
            {
                while (await reader.ReadLineAsync() != "data: [DONE]")
                {
                }
            });

            Assert.Equal(5, pipeline.State.FreePermits);
        }
    }

    [Fact]
    public async Task A_reader_who_stops_at_the_terminator_sees_no_failure_and_leaves_none()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time, options => options.MinimumThroughput = 2);
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await SendAsync(pipeline, Chat, Text + Finish + Done, 4096);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line && line != "data: [DONE]")
            {
            }
        }

        Assert.Equal(CircuitState.Closed, pipeline.State.Circuit);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Fact]
    public async Task A_line_of_absurd_length_is_passed_on_and_does_not_hide_the_end()
    {
        string events = "data: " + new string('x', 200_000) + "\n\n" + Text + Finish + Done;
        using HttpResponseMessage response = await SendAsync(Gateways.OpenClaw(_time), Chat, events, 4096);
        Assert.Equal(events, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public void Watching_takes_little_memory_however_long_a_line_is()
    {
        using var response = new HttpResponseMessage
        {
            Content = new StringContent("", System.Text.Encoding.UTF8, "text/event-stream"),
            RequestMessage = new HttpRequestMessage(HttpMethod.Post, Chat),
        };
        using var call = new CallScope(Gateways.OpenClaw(_time).State, CallEffect.Unknown, CancellationToken.None);
        EventStreamWatch watch = EventStreamWatch.TryCreate(response, call.Gateway.Options)!;
        byte[] chunk = new byte[64 * 1024];
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 256; i++)
        {
            watch.Append(chunk);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public async Task An_answer_that_is_no_event_stream_is_not_looked_at()
    {
        using var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Answer(200, """{"error":"the word"}""")));
        using var request = new HttpRequestMessage(HttpMethod.Post, Chat);
        using HttpResponseMessage response = await Gateways.OpenClaw(_time).SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("""{"error":"the word"}""", await response.Content.ReadAsStringAsync());
    }

    private sealed class TrackedContent(string events) : StringContent(events, System.Text.Encoding.UTF8, "text/event-stream")
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        GatewayPipeline pipeline,
        string address,
        string events,
        int chunk,
        HttpCompletionOption completion = HttpCompletionOption.ResponseHeadersRead)
    {
        var body = new FeedStream();
        for (int i = 0; i < events.Length; i += chunk)
        {
            body.Feed(events.Substring(i, Math.Min(chunk, events.Length - i)));
        }

        var client = new HttpClient(new ScriptedHandler(ScriptedHandler.Stream(body.End())));
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("{}") };
        return await pipeline.SendAsync(client, request, completion);
    }
}
