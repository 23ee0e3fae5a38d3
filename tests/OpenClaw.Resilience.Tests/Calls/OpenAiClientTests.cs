using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>The real OpenAI library over a fake transport: its exceptions, its own retries, its streams.</summary>
public sealed class OpenAiClientTests
{
    private const string Completion = """
        {"id":"c","object":"chat.completion","created":1,"model":"openclaw",
         "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"hello"}}]}
        """;

    private const string Stream = """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"hel"}}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    private readonly VirtualTime _time = new();

    public static TheoryData<int, string, string?, int, FailureKind, bool> Statuses => new()
    {
        { 503, """{"error":{"message":"m","type":"service_unavailable","code":"gateway_unavailable"}}""", "1", 3, FailureKind.Transient, false },
        { 503, """{"error":{"message":"m","type":"api_error"}}""", null, 1, FailureKind.Throttled, true },
        { 502, """{"error":{"message":"upstream provider error","type":"api_error"}}""", null, 1, FailureKind.Transient, true },
        { 429, """{"error":{"message":"m","type":"rate_limit_error"}}""", "2", 1, FailureKind.Throttled, true },
        { 429, """{"error":{"message":"m","type":"rate_limited"}}""", "8", 1, FailureKind.Lockout, false },
        { 401, """{"error":{"message":"Unauthorized","type":"unauthorized"}}""", null, 1, FailureKind.Permanent, false },
        { 401, """{"error":{"message":"key","type":"authentication_error"}}""", null, 1, FailureKind.Permanent, true },
        { 400, """{"error":{"message":"bad","type":"invalid_request_error"}}""", null, 1, FailureKind.Permanent, true },
    };

    [Fact]
    public async Task A_good_call_returns_the_librarys_result()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(200, Completion));
        ChatClient chat = Client(transport);

        ClientResult<ChatCompletion> reply = await Gateways.OpenClaw(_time).ExecuteAsync(
            token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token));

        Assert.Equal("hello", reply.Value.Content[0].Text);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task A_status_is_read_from_the_librarys_exception(
        int status, string body, string? retryAfter, int requests, FailureKind kind, bool mayHaveRun)
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(status, body, retryAfter));
        ChatClient chat = Client(transport);
        Task call = Gateways.OpenClaw(_time).ExecuteAsync(token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token));
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(6));

        var thrown = await Assert.ThrowsAsync<ClientResultException>(() => call);

        Assert.Equal(requests, transport.Requests.Count);
        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((kind, mayHaveRun, status), (failure.Kind, failure.MayHaveRun, failure.StatusCode));
        Assert.Equal(retryAfter is null ? null : TimeSpan.FromSeconds(int.Parse(retryAfter, System.Globalization.CultureInfo.InvariantCulture)), failure.RetryAfter);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 12)]
    public async Task A_refused_connection_is_retried_also_around_the_librarys_own_retries(int ownRetries, int requests)
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Throw(Gateways.Refused));
        ChatClient chat = Client(transport, ownRetries);
        Task call = Gateways.OpenClaw(_time).ExecuteAsync(token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token));
        await _time.SkipWaitsAsync(call, TimeSpan.FromSeconds(5));

        Exception thrown = (await Assert.ThrowsAnyAsync<Exception>(() => call))!;

        Assert.Equal(ownRetries == 0 ? typeof(ClientResultException) : typeof(AggregateException), thrown.GetType());
        Assert.Equal(requests, transport.Requests.Count);
        Assert.False(GatewayFailure.Classify(thrown).MayHaveRun);
    }

    [Fact]
    public async Task One_reset_among_the_librarys_own_attempts_is_not_safe()
    {
        using var transport = new ScriptedHandler(
            ScriptedHandler.Throw(Gateways.Reset), ScriptedHandler.Throw(Gateways.Refused), ScriptedHandler.Throw(Gateways.Refused));
        ChatClient chat = Client(transport, ownRetries: 2);

        var thrown = await Assert.ThrowsAsync<AggregateException>(() => Gateways.OpenClaw(_time).ExecuteAsync(
            token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token)));

        Assert.Equal(3, transport.Requests.Count);
        Assert.True(GatewayFailure.Classify(thrown).MayHaveRun);
    }

    [Fact]
    public async Task The_librarys_own_time_out_is_one_and_no_cancellation()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Hang());
        ChatClient chat = Client(transport, networkTimeout: TimeSpan.FromMilliseconds(20));

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => Gateways.OpenClaw(_time).ExecuteAsync(
            token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token)));

        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Transient, true), (failure.Kind, failure.MayHaveRun));
    }

    [Fact]
    public async Task The_callers_cancellation_reaches_the_transport()
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Hang());
        ChatClient chat = Client(transport);
        using var caller = new CancellationTokenSource();
        Task call = Gateways.OpenClaw(_time).ExecuteAsync(
            token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token), caller.Token);
        await Gateways.EventuallyAsync(() => transport.Requests.Count == 1);

        await caller.CancelAsync();

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(caller.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task A_stream_is_retried_before_its_first_element()
    {
        using var transport = new ScriptedHandler(
            ScriptedHandler.Throw(Gateways.Refused), ScriptedHandler.Answer(200, Stream, mediaType: "text/event-stream"));
        ChatClient chat = Client(transport);
        Task<string> reading = ReadAsync();
        await _time.SkipWaitsAsync(reading, TimeSpan.FromSeconds(5));

        Assert.Equal("hello", await reading);
        Assert.Equal(2, transport.Requests.Count);

        async Task<string> ReadAsync()
        {
            string text = "";
            await foreach (StreamingChatCompletionUpdate update in Gateways.OpenClaw(_time).ExecuteStreamingAsync(
                token => chat.CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: token)))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            }

            return text;
        }
    }

    [Fact]
    public void Synchronous_calls_and_streams_work_too()
    {
        using var transport = new ScriptedHandler(
            ScriptedHandler.Answer(200, Completion), ScriptedHandler.Answer(200, Stream, mediaType: "text/event-stream"));
        ChatClient chat = Client(transport);
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        ClientResult<ChatCompletion> reply = pipeline.Execute(token => chat.CompleteChat([new UserChatMessage("hi")], cancellationToken: token));
        string streamed = string.Concat(pipeline
            .ExecuteStreaming(token => chat.CompleteChatStreaming([new UserChatMessage("hi")], cancellationToken: token))
            .SelectMany(update => update.ContentUpdate)
            .Select(part => part.Text));

        Assert.Equal("hello", reply.Value.Content[0].Text);
        Assert.Equal("hello", streamed);
    }

    private static ChatClient Client(ScriptedHandler transport, int ownRetries = 0, TimeSpan? networkTimeout = null)
        => new("openclaw", new ApiKeyCredential("key"), new OpenAIClientOptions
        {
            Endpoint = new Uri("http://gateway/v1"),
            Transport = new HttpClientPipelineTransport(new HttpClient(new SynchronousHandler(transport))),
            RetryPolicy = ownRetries == 0 ? new ClientRetryPolicy(0) : new ImmediateRetries(ownRetries),
            NetworkTimeout = networkTimeout ?? TimeSpan.FromMinutes(5),
        });

    private sealed class ImmediateRetries(int retries) : ClientRetryPolicy(retries)
    {
        protected override TimeSpan GetNextDelay(PipelineMessage message, int tryCount) => TimeSpan.Zero;
    }
}
