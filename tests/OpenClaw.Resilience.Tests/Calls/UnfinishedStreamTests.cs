using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenClaw.Resilience.Tests.Clients;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Calls;

/// <summary>Streams of a chat that end without an exception and without a finish reason.</summary>
public sealed class UnfinishedStreamTests
{
    private readonly VirtualTime _time = new();
    private int _attempts;

    // What a gateway sends for each failure of its provider, with status 200.
    private const string ErrorStream = """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant"}}]}

        data: {"error":{"message":"upstream provider error","type":"api_error"}}

        data: [DONE]


        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_error_event_that_the_OpenAI_library_hides_is_a_failure(bool isSynchronous)
    {
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(200, ErrorStream, mediaType: "text/event-stream"));
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);
        ChatClient chat = Client(transport);

        HttpIOException thrown = isSynchronous
            ? Assert.ThrowsAny<HttpIOException>(() => pipeline.ExecuteStreaming(
                token => chat.CompleteChatStreaming([new UserChatMessage("hi")], cancellationToken: token)).Count())
            : await Assert.ThrowsAnyAsync<HttpIOException>(() => CountAsync(pipeline.ExecuteStreamingAsync(
                token => chat.CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: token))));

        Assert.True(GatewayFailure.TryGet(thrown, out GatewayFailure? failure));
        Assert.Equal((FailureKind.Truncated, FailureClass.Infrastructure, true), (failure.Kind, failure.Class, failure.MayHaveRun));
        Assert.Single(transport.Requests);
        Assert.Equal(5, pipeline.State.FreePermits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_of_the_Anthropic_library_ends_with_its_last_event(bool isComplete)
    {
        string stream = AnthropicMessageStream.Event + (isComplete ? AnthropicMessageStream.End : "");
        using var transport = new ScriptedHandler(ScriptedHandler.Answer(200, stream, mediaType: "text/event-stream"));
        using var http = new HttpClient(transport);
        using AnthropicClient client = AnthropicMessage.Create(http);
        using IChatClient chat = client.AsIChatClient("m", 100);
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        Exception?[] ends =
        [
            await EndOf(pipeline.ExecuteStreamingAsync(token => client.Messages.CreateStreaming(AnthropicMessage.Message, token))),
            await EndOf(pipeline.ExecuteStreamingAsync(token => chat.GetStreamingResponseAsync("hi", cancellationToken: token))),
        ];

        Assert.Equal(2, transport.Requests.Count);
        Assert.All(ends, end => Assert.Equal(!isComplete, end is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }));

        static async Task<Exception?> EndOf<T>(IAsyncEnumerable<T> stream) => await Record.ExceptionAsync(() => CountAsync(stream));
    }

    [Fact]
    public async Task Other_sequences_of_the_Anthropic_library_end_as_they_like()
        => Assert.Equal(1, await CountAsync(Gateways.OpenClaw(_time).ExecuteStreamingAsync(token => Elements.Of(token, AnthropicMessage.Message))));

    [Fact]
    public async Task A_finish_reason_anywhere_in_the_stream_is_enough()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        Assert.Equal(3, await CountAsync(pipeline.ExecuteStreamingAsync(
            token => Elements.Of(token, Part(), Part("stop"), Part()))));
        Assert.Single(pipeline.ExecuteStreaming(_ => Enumerable.Repeat(Part("stop"), 1)));
    }

    [Fact]
    public async Task A_consumer_that_leaves_early_sees_no_failure()
    {
        await foreach (StreamingChatCompletionUpdate update in Gateways.OpenClaw(_time).ExecuteStreamingAsync(
            token => Elements.Of(token, Part(), Part("stop"))))
        {
            Assert.Null(update.FinishReason);
            break;
        }
    }

    [Fact]
    public async Task A_stream_without_any_element_is_tried_again_when_the_call_has_no_effects()
    {
        Task<int> reading = CountAsync(Gateways.OpenClaw(_time).ExecuteStreamingAsync(
            token => ++_attempts == 1 ? Elements.Of<StreamingChatCompletionUpdate>(token) : Elements.Of(token, Part("stop")), CallEffect.None));
        await _time.SkipWaitsAsync(reading, TimeSpan.FromSeconds(5));

        Assert.Equal((1, 2), (await reading, _attempts));
    }

    [Fact]
    public async Task A_source_that_stops_when_the_caller_cancels_has_not_failed()
    {
        using var caller = new CancellationTokenSource();
        int seen = 0;

        await foreach (StreamingChatCompletionUpdate update in Gateways.OpenClaw(_time).ExecuteStreamingAsync(Polite, caller.Token))
        {
            seen++;
            await caller.CancelAsync();
        }

        Assert.Equal(1, seen);

        static async IAsyncEnumerable<StreamingChatCompletionUpdate> Polite([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            while (!token.IsCancellationRequested)
            {
                await Task.Yield();
                yield return Part();
            }
        }
    }

    [Fact]
    public async Task What_an_adapter_makes_of_the_librarys_elements_is_judged_too()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        await Assert.ThrowsAnyAsync<HttpIOException>(() => CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of(token, new Adapted(null, Part())))));
        Assert.Equal(1, await CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of(token, new Adapted("stop", Part())))));
    }

    [Fact]
    public async Task A_client_that_never_names_a_reason_is_not_judged()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        Assert.Equal(1, await CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of(token, new Adapted(null, null)))));
        Assert.Equal(1, await CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of(token, new Adapted(null, "text")))));
        Assert.Equal(0, await CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of<Adapted>(token))));
    }

    [Fact]
    public async Task Elements_whose_finish_reason_cannot_be_missing_are_not_looked_at()
    {
        GatewayPipeline pipeline = Gateways.OpenClaw(_time);

        Assert.Equal(1, await CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of(token, new Number(0)))));
        Assert.Equal(1, await CountAsync(pipeline.ExecuteStreamingAsync(token => Elements.Of(token, new HidingNumber(0)))));
    }

    private static async Task<int> CountAsync<T>(IAsyncEnumerable<T> stream)
    {
        int count = 0;
        await foreach (T element in stream)
        {
            count++;
        }

        return count;
    }

    private static ChatClient Client(ScriptedHandler transport)
        => new("openclaw", new ApiKeyCredential("key"), new OpenAIClientOptions
        {
            Endpoint = new Uri("http://gateway/v1"),
            Transport = new HttpClientPipelineTransport(new HttpClient(new SynchronousHandler(transport))),
            RetryPolicy = new ClientRetryPolicy(0),
        });

    private static StreamingChatCompletionUpdate Part(string? reason = null)
    {
        string json = $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":{{(reason is null ? "null" : $"\"{reason}\"")}}}]}""";
        return ModelReaderWriter.Read<StreamingChatCompletionUpdate>(BinaryData.FromString(json))!;
    }

    /// <summary>As an adapter makes it from what a library gave it.</summary>
    private sealed record Adapted(string? FinishReason, object? RawRepresentation);

    private record Number(int FinishReason);

    private sealed record HidingNumber(int Value) : Number(Value)
    {
        public new int FinishReason => Value;
    }
}
