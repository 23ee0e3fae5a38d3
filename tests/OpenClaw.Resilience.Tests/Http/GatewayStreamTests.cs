using System.Net.ServerSentEvents;
using System.Text;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Http;

/// <summary>Events that are read by hand: all of them, or an exception.</summary>
public sealed class GatewayStreamTests
{
    private const string Text = """data: {"choices":[{"delta":{"content":"h\u00f6"},"finish_reason":null}]}""" + "\n\n";
    private const string Finish = """data: {"choices":[{"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";
    private const string Chat = ": keep-alive\n\n" + Text + Finish + Done;

    private const string Responses =
        "event: response.created\ndata: {\"type\":\"response.created\"}\n\n"
        + "event: response.output_text.delta\ndata: {\"delta\":\"hö\"}\n\n"
        + "event: response.completed\ndata: {\"response\":{\"output\":[{}],\"error\":null}}\n\n";

    private const string Messages =
        "event: message_start\r\ndata: {}\r\n\r\nevent: content_block_delta\r\ndata: {}\r\n\r\nevent: message_stop\r\ndata: {\"type\":\"message_stop\"}\r\n\r\n";

    private readonly VirtualTime _time = new();

    public static TheoryData<string, int> Complete => new()
    {
        { Chat, 2 },
        { Responses, 3 },
        { Responses + Done, 3 },
        { Responses.Replace("completed", "incomplete", StringComparison.Ordinal), 3 },
        { Messages, 3 },
        { Text + Finish + "data: [DONE]", 2 },
        { "data: {\"type\":\"response.created\"}\n\ndata: {\"type\":\"response.completed\",\"response\":{}}\n\n" + Done, 2 },
        { "data: {\"choices\":[\ndata: {\"finish_reason\":\"stop\"}]}\n\n" + Done, 1 },
    };

    public static TheoryData<string, FailureKind, int> Failed => new()
    {
        { """data: {"error":{"message":"x","type":"rate_limit_error"}}""" + "\n\n" + Done, FailureKind.Throttled, 0 },
        { Text + Text + """data: {"error":{"message":"x","type":"api_error"}}""" + "\n\n" + Done, FailureKind.Transient, 2 },
        { Text + Finish + """data: {"error":{"type":"authentication_error"}}""" + "\n\n" + Text, FailureKind.Permanent, 2 },
        { "event: response.created\ndata: {}\n\nevent: response.failed\ndata: {\"response\":{\"error\":{\"code\":\"rate_limit_error\"}}}\n\n", FailureKind.Throttled, 1 },
        { "event: message_start\ndata: {}\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n", FailureKind.Throttled, 1 },
        { Text + Done, FailureKind.Truncated, 1 },
        { "data: {\"type\":\"message_start\"}\n\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n", FailureKind.Throttled, 1 },
        { "event: response.created\ndata: {}\n\n" + Done, FailureKind.Truncated, 1 },
        { "", FailureKind.Truncated, 0 },
        // All lines are there, but nothing tells the events apart: nothing was handed out.
        { (Text + Finish + Done).Replace("\n\n", "\n", StringComparison.Ordinal), FailureKind.Truncated, 0 },
    };

    [Theory]
    [MemberData(nameof(Complete))]
    public async Task A_complete_stream_hands_out_its_events_and_ends(string stream, int events)
    {
        foreach (int chunk in new[] { 1, 7, 4096 })
        {
            List<SseItem<string>> read = await ReadAsync(stream, chunk);

            Assert.Equal(events, read.Count);
            Assert.DoesNotContain(read, item => item.Data.Contains("[DONE]", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_event_has_its_name_and_its_text()
    {
        List<SseItem<string>> chat = await ReadAsync(Chat, 3);
        Assert.Equal(("message", Text["data: ".Length..^2]), (chat[0].EventType, chat[0].Data));

        List<SseItem<string>> responses = await ReadAsync(Responses, 3);
        Assert.Equal(("response.output_text.delta", "{\"delta\":\"hö\"}"), (responses[1].EventType, responses[1].Data));
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public async Task A_cut_at_any_byte_loses_no_event_unnoticed(string stream, int events)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        for (int length = 0; length < bytes.Length; length++)
        {
            var read = new List<SseItem<string>>();
            try
            {
                await CollectAsync(new MemoryStream(bytes, 0, length), read);
                Assert.Equal((length, events), (length, read.Count));
            }
            catch (HttpIOException cut)
            {
                Assert.Equal(HttpRequestError.ResponseEnded, cut.HttpRequestError);
                Assert.True(GatewayFailure.TryGet(cut, out GatewayFailure? failure));
                Assert.Equal((FailureKind.Truncated, true), (failure.Kind, failure.MayHaveRun));
                Assert.InRange(read.Count, 0, events);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Failed))]
    public async Task Another_end_throws_after_the_events_before_it(string stream, FailureKind kind, int events)
    {
        foreach (int chunk in new[] { 1, 7, 4096 })
        {
            var read = new List<SseItem<string>>();

            var thrown = await Assert.ThrowsAnyAsync<HttpIOException>(() => CollectAsync(new ChunkedStream(stream, chunk), read));

            Assert.Equal((kind, true, events), (GatewayFailure.Classify(thrown).Kind, GatewayFailure.Classify(thrown).MayHaveRun, read.Count));
        }
    }

    [Fact]
    public async Task The_event_of_a_key_that_is_set_aside_tells_for_how_long()
    {
        const string SetAside = "data: {\"error\":{\"message\":\"Inline API key for provider \\\"stub\\\" is temporarily disabled after a provider auth/billing failure. "
            + "Retry after about 1 minute, or switch to a different auth profile/API key.\",\"type\":\"api_error\"}}\n\n";

        var thrown = await Assert.ThrowsAnyAsync<HttpIOException>(() => ReadAsync(SetAside + Done, 4096));

        Assert.Equal(TimeSpan.FromMinutes(1), GatewayFailure.Classify(thrown).RetryAfter);
    }

    [Fact]
    public async Task Silence_has_a_limit_that_comments_lift()
    {
        using var feed = new FeedStream();
        var options = new GatewayOptions { TimeProvider = _time, IdleTimeout = TimeSpan.FromMinutes(1) };
        await using IAsyncEnumerator<SseItem<string>> events = GatewayStream.ReadEventsAsync(feed, options).GetAsyncEnumerator();
        feed.Feed(Text);
        Assert.True(await events.MoveNextAsync());

        // The time of the consumer does not count.
        _time.Advance(TimeSpan.FromHours(1));
        Task<bool> next = events.MoveNextAsync().AsTask();
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromSeconds(59));
        feed.Feed(": still there\n\n");
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => next);
        Assert.IsType<TimeoutException>(thrown.InnerException);
        Assert.Contains(nameof(GatewayOptions.IdleTimeout), thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, _time.ActiveTimers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_caller_can_cancel(bool asArgument)
    {
        using var feed = new FeedStream();
        using var caller = new CancellationTokenSource();
        IAsyncEnumerable<SseItem<string>> stream = asArgument
            ? GatewayStream.ReadEventsAsync(feed, caller.Token)
            : GatewayStream.ReadEventsAsync(feed);
        await using IAsyncEnumerator<SseItem<string>> events = stream.GetAsyncEnumerator(asArgument ? default : caller.Token);
        Task<bool> next = events.MoveNextAsync().AsTask();

        await caller.CancelAsync();

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => next);
        Assert.Equal(caller.Token, thrown.CancellationToken);
        Assert.Null(thrown.InnerException as TimeoutException);
    }

    [Fact]
    public async Task The_last_text_ends_the_reading_although_the_connection_stays_open()
    {
        using var feed = new FeedStream();
        feed.Feed(Text + Finish + Done);

        var read = new List<SseItem<string>>();
        await CollectAsync(feed, read).WaitAsync(VirtualTime.Patience);

        Assert.Equal(2, read.Count);
        Assert.False(feed.IsDisposed);
    }

    [Fact]
    public void Wrong_arguments_are_found_at_once()
    {
        Assert.Throws<ArgumentNullException>(() => GatewayStream.ReadEventsAsync(null!));
        Assert.Throws<ArgumentNullException>(() => GatewayStream.ReadEventsAsync(Stream.Null, null!));
        Assert.ThrowsAny<ArgumentException>(() => GatewayStream.ReadEventsAsync(Stream.Null, new GatewayOptions { IdleTimeout = TimeSpan.Zero }));
    }

    private static async Task<List<SseItem<string>>> ReadAsync(string stream, int chunk)
    {
        var read = new List<SseItem<string>>();
        await CollectAsync(new ChunkedStream(stream, chunk), read);
        return read;
    }

    private static async Task CollectAsync(Stream stream, List<SseItem<string>> into)
    {
        await foreach (SseItem<string> item in GatewayStream.ReadEventsAsync(stream))
        {
            into.Add(item);
        }
    }

    private sealed class ChunkedStream(string text, int chunk) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
