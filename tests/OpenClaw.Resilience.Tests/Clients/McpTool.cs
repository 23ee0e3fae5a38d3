using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using OpenClaw.Resilience.Tests.Support;

namespace OpenClaw.Resilience.Tests.Clients;

internal sealed class McpTool(bool isOverHandler = false) : ClientUnderTest("MCP", isOverHandler ? "over the handler" : "`CallToolAsync`", isOverHandler)
{
    private HttpClient? _http;
    private HttpClientTransport? _transport;
    private McpClient? _client;

    public override string Beginning => """{"jsonrpc":"2.0",""";

    public override Func<RawExchange, Task> Serve(Func<RawExchange, Task> fail) => exchange => (string?)JsonNode.Parse(exchange.Body)?["method"] switch
    {
        "tools/call" => fail(exchange),
        "initialize" => AnswerAsync(exchange, "result", """{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}"""),
        { } method when method.StartsWith("notifications/", StringComparison.Ordinal) => exchange.SendAsync("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"),
        _ => AnswerAsync(exchange, "error", """{"code":-32601,"message":"unknown method"}"""),
    };

    public override async Task PrepareAsync(GatewayPipeline pipeline)
    {
        CountRequests(false);
        _http = NewHttpClient(pipeline);
        _transport = new HttpClientTransport(
            new HttpClientTransportOptions
            {
                Endpoint = new Uri("http://gateway/mcp"),
                TransportMode = HttpTransportMode.StreamableHttp,
                EnableStandaloneGetStream = false,
                OwnsSession = false,
            },
            _http);
        _client = await McpClient.CreateAsync(_transport);
        CountRequests(true);
    }

    public override async Task<object?> CallAsync(GatewayPipeline pipeline, CancellationToken cancellationToken)
        => await ProtectAsync(pipeline, token => _client!.CallToolAsync("search", cancellationToken: token).AsTask(), cancellationToken);

    public Task CallUnprotectedAsync() => _client!.CallToolAsync("search").AsTask();

    protected override void DisposeClient()
    {
        _client?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _transport?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _http?.Dispose();
    }

    private static Task AnswerAsync(RawExchange exchange, string member, string value)
        => exchange.SendAsync(RawServer.Json(200, $$"""{"jsonrpc":"2.0","id":{{JsonNode.Parse(exchange.Body)!["id"]!.ToJsonString()}},"{{member}}":{{value}}}"""));
}
