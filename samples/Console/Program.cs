using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenClaw.Resilience;

// The smallest program worth copying: one plain and one streamed question to the agent behind a gateway.
string address = Environment.GetEnvironmentVariable("OPENCLAW_GATEWAY_URL") ?? "http://127.0.0.1:18789";
var chat = new ChatClient("openclaw", new ApiKeyCredential(Environment.GetEnvironmentVariable("OPENCLAW_GATEWAY_TOKEN") ?? "none"), new OpenAIClientOptions
{
    Endpoint = new Uri(address + "/v1"),
    // The pipeline owns retries and limits: the SDK would repeat a turn at once, and give up after 100 s.
    RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
    NetworkTimeout = Timeout.InfiniteTimeSpan,
});
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

GatewayPipeline gateway = GatewayPipeline.Shared;
try
{
    ChatCompletion reply = await gateway.ExecuteAsync(ct => chat.CompleteChatAsync([new UserChatMessage("Who are you?")], cancellationToken: ct), stop.Token);
    Console.WriteLine(reply.Content[0].Text);

    await foreach (StreamingChatCompletionUpdate part in gateway.ExecuteStreamingAsync(
        ct => chat.CompleteChatStreamingAsync([new UserChatMessage("What can you do?")], cancellationToken: ct), stop.Token))
    {
        Console.Write(string.Concat(part.ContentUpdate.Select(static piece => piece.Text)));
    }

    Console.WriteLine();
    return 0;
}
catch (Exception exception) when (exception is ClientResultException or HttpRequestException or IOException or OperationCanceledException)
{
    GatewayFailure failure = GatewayFailure.Classify(exception, cancellationToken: stop.Token);
    await Console.Error.WriteLineAsync($"{failure.Advice}{(failure.MayHaveRun ? " The turn may have run." : "")}");
    return 1;
}
