using System.ClientModel;
using System.Text;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Clients;

/// <summary>What the libraries do by themselves when nobody tells them not to. Without a pipeline.</summary>
public sealed class OwnRetryTests
{
    // Anthropic's library waits as long as it is told to; OpenAI's asks nobody and waits not at all.
    private static readonly string Failed = RawServer.Json(502, """{"error":{"message":"m","type":"api_error"}}""", "retry-after-ms: 1\r\n");

    private static readonly Dictionary<string, Func<Uri, Task>> Calls = new()
    {
        ["HttpClient, a POST"] = static async address =>
        {
            using HttpClient client = GatewayHttp.Create(address);
            using HttpResponseMessage response = await client.PostAsync("v1/chat/completions", new StringContent("{}", Encoding.UTF8, "application/json"));
        },
        ["OpenAI"] = static async address =>
        {
            var chat = new OpenAI.Chat.ChatClient("m", new ApiKeyCredential("key"), new OpenAIClientOptions { Endpoint = new Uri(address, "v1") });
            await chat.CompleteChatAsync([new UserChatMessage("hi")]);
        },
        ["Anthropic"] = static async address =>
        {
            using var client = new AnthropicClient { ApiKey = "key", BaseUrl = address.ToString() };
            await client.Messages.Create(AnthropicMessage.Message);
        },
        ["IChatClient"] = static async address =>
        {
            using var client = new AnthropicClient { ApiKey = "key", BaseUrl = address.ToString() };
            using IChatClient chat = client.AsIChatClient("m", 100);
            await chat.GetResponseAsync("hi");
        },
        ["MCP"] = static async address =>
        {
            using var tool = new McpTool();
            tool.PointTo(address);
            await tool.PrepareAsync(GatewayPipeline.For(nameof(OwnRetryTests)));
            await tool.CallUnprotectedAsync();
        },
        ["ClientWebSocket"] = static async address =>
        {
            using var socket = new System.Net.WebSockets.ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, CancellationToken.None);
        },
    };

    // client, requests for one call that fails, the line that switches it off
    public static TheoryData<string, int, string> Rows => new()
    {
        { "HttpClient, a POST", 1, "" },
        { "OpenAI", 4, "RetryPolicy = new ClientRetryPolicy(maxRetries: 0)" },
        { "Anthropic", 3, "MaxRetries = 0" },
        { "IChatClient", 3, "" },
        { "MCP", 1, "" },
        { "ClientWebSocket", 1, "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_failed_call_is_sent_as_often_as_the_documentation_says(string client, int requests, string switchedOffBy)
    {
        int asked = 0;
        Func<RawExchange, Task> fail = exchange =>
        {
            Interlocked.Increment(ref asked);
            return exchange.SendAsync(Failed);
        };
        using var tool = new McpTool();
        await using var server = new RawServer(client == "MCP" ? tool.Serve(fail) : fail);

        Exception? thrown = await Record.ExceptionAsync(() => Calls[client](server.Address));

        Assert.True(thrown is not null || client.StartsWith("HttpClient", StringComparison.Ordinal));
        Assert.Equal(requests, asked);
        string line = switchedOffBy.Length == 0 ? "" : $"`{switchedOffBy}`";
        Assert.Contains($"| {client} | {requests} | {line}", ClientPage.Text, StringComparison.Ordinal);
        Assert.Contains(switchedOffBy, ClientPage.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_body_is_sent_again_by_the_runtime_when_the_connection_ends_before_the_answer()
    {
        await using var server = new RawServer(RawServer.Close);
        using HttpClient client = GatewayHttp.Create(server.Address);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("v1/models"));

        Assert.Equal(4, server.Requests);
        Assert.Contains("| HttpClient, a GET | 4 |", ClientPage.Text, StringComparison.Ordinal);
    }
}
