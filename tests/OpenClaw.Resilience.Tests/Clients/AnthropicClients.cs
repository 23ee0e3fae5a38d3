using Anthropic;
using Anthropic.Models.Messages;

namespace OpenClaw.Resilience.Tests.Clients;

internal sealed class AnthropicMessage(bool isOverHandler = false)
    : ClientUnderTest("Anthropic", isOverHandler ? "over the handler" : "`Messages.Create`", isOverHandler)
{
    public static MessageCreateParams Message { get; } = new()
    {
        Model = "openclaw",
        MaxTokens = 100,
        Messages = [new UserMessageParam { Content = "hi" }],
    };

    public override string Beginning => """{"id":"m","type":"message",""";

    public static AnthropicClient Create(HttpClient http) => new() { ApiKey = "key", BaseUrl = "http://gateway", HttpClient = http, MaxRetries = 0 };

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient http = NewHttpClient(pipeline);
        using AnthropicClient client = Create(http);
        return await ProtectAsync(pipeline, token => client.Messages.Create(Message, token), cancellationToken);
    }
}

internal sealed class AnthropicMessageStream() : ClientUnderTest("Anthropic", "`Messages.CreateStreaming`")
{
    public const string Event = """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}


        """;

    public const string End = """
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    public const string Error = """
        event: error
        data: {"type":"error","error":{"type":"rate_limit_error","message":"m"}}


        """;

    public override bool IsStream => true;

    public override string Beginning => Event;

    public override string ErrorEvent => Error;

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient http = NewHttpClient(pipeline);
        using AnthropicClient client = AnthropicMessage.Create(http);
        return await ReadAsync(pipeline.ExecuteStreamingAsync(
            token => client.Messages.CreateStreaming(AnthropicMessage.Message, token), cancellationToken));
    }
}
