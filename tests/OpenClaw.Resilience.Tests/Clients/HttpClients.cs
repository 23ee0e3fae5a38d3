using System.Text;

namespace OpenClaw.Resilience.Tests.Clients;

internal sealed class SentMessage() : ClientUnderTest("HttpClient", "`SendAsync` of the pipeline")
{
    public override string Beginning => """{"id":"c",""";

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient client = NewHttpClient(pipeline);
        using var request = new HttpRequestMessage(HttpMethod.Post, ChatPath) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        return await pipeline.SendAsync(client, request, cancellationToken);
    }
}

internal sealed class StreamedMessage() : ClientUnderTest("HttpClient", "`SendAsync`, streamed")
{
    public override bool IsStream => true;

    public override string Beginning => OpenAiChatStream.Event;

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient client = NewHttpClient(pipeline);
        using var request = new HttpRequestMessage(HttpMethod.Post, ChatPath) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        HttpResponseMessage response = await pipeline.SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return response;
        }

        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                CountElement();
            }
        }

        return null;
    }
}

internal sealed class PostedMessage() : ClientUnderTest("HttpClient", "`EnsureSuccessStatusCode` in `ExecuteAsync`")
{
    public override string Beginning => """{"id":"c",""";

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
    {
        using HttpClient client = NewHttpClient(pipeline);
        return await ProtectAsync(pipeline, async token =>
        {
            using HttpResponseMessage response = await client.PostAsync(ChatPath, new StringContent("{}", Encoding.UTF8, "application/json"), token);
            response.EnsureSuccessStatusCode();
            return (object?)await response.Content.ReadAsStringAsync(token);
        }, cancellationToken);
    }
}
