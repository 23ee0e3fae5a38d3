using Anthropic;
using Microsoft.Extensions.AI;

namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>An <see cref="IChatClient"/> is an adapter over another library; this one is Anthropic's own.</summary>
internal sealed class ChatClientResponse() : ClientUnderTest("IChatClient", "`GetResponseAsync`")
{
    public override string Beginning => """{"id":"m","type":"message",""";

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient http = NewHttpClient(pipeline);
        using AnthropicClient client = AnthropicMessage.Create(http);
        using IChatClient chat = client.AsIChatClient("openclaw", 100);
        return await ProtectAsync(pipeline, token => chat.GetResponseAsync("hi", cancellationToken: token), cancellationToken);
    }
}

internal sealed class ChatClientStream() : ClientUnderTest("IChatClient", "`GetStreamingResponseAsync`")
{
    public override bool IsStream => true;

    public override string Beginning => AnthropicMessageStream.Event;

    public override string ErrorEvent => AnthropicMessageStream.Error;

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient http = NewHttpClient(pipeline);
        using AnthropicClient client = AnthropicMessage.Create(http);
        using IChatClient chat = client.AsIChatClient("openclaw", 100);
        return await ReadAsync(pipeline.ExecuteStreamingAsync(token => chat.GetStreamingResponseAsync("hi", cancellationToken: token), cancellationToken));
    }
}
