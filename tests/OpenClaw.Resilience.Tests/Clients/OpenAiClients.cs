using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace OpenClaw.Resilience.Tests.Clients;

internal sealed class OpenAiChat(bool isOverHandler = false)
    : ClientUnderTest("OpenAI", isOverHandler ? "over the handler" : "`CompleteChatAsync`", isOverHandler)
{
    public override string Beginning => """{"id":"c","object":"chat.completion",""";

    public static ChatClient Create(HttpClient http) => new("openclaw", new ApiKeyCredential("key"), new OpenAIClientOptions
    {
        Endpoint = new Uri("http://gateway/v1"),
        Transport = new HttpClientPipelineTransport(http),
        RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
        NetworkTimeout = Timeout.InfiniteTimeSpan,
    });

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient http = NewHttpClient(pipeline);
        ChatClient chat = Create(http);
        return await ProtectAsync(pipeline, token => chat.CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: token), cancellationToken);
    }
}

internal sealed class OpenAiChatStream() : ClientUnderTest("OpenAI", "`CompleteChatStreamingAsync`")
{
    public const string Event =
        """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"hel"}}]}""" + "\n\n";

    public override bool IsStream => true;

    public override string Beginning => Event;

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient http = NewHttpClient(pipeline);
        ChatClient chat = OpenAiChat.Create(http);
        return await ReadAsync(pipeline.ExecuteStreamingAsync(
            token => chat.CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: token), cancellationToken));
    }
}
