using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Clients.ClientCreationAnalyzer, OpenClaw.Analyzers.CodeFixes.Clients.DisposeClient>;

namespace OpenClaw.Analyzers.Tests.Clients;

public sealed class UndisposedClientTests
{
    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("var socket = {|OCG1201:new ClientWebSocket()|};\nawait socket.ConnectAsync(_uri, stop);")]
    [InlineData("ClientWebSocket socket = {|OCG1201:new()|};\nawait socket.ConnectAsync(_uri, stop);\nawait socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop);")]
    [InlineData("ClientWebSocket? socket = {|OCG1201:new()|};\nawait socket.ConnectAsync(_uri, stop);")]
    [InlineData("WebSocket socket = {|OCG1201:new ClientWebSocket()|};\nawait ((ClientWebSocket)socket).ConnectAsync(_uri, stop);")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};\nConsole.WriteLine(await http.GetStringAsync(Url, stop));")]
    [InlineData("var http = {|OCG1201:new HttpClient { BaseAddress = new Uri(Url) }|};\nusing var response = await http.PostAsJsonAsync(Url, 1, stop);")]
    [InlineData("var http = {|OCG1201:new HttpClient(new SocketsHttpHandler())|};\nConsole.WriteLine(await http.GetStringAsync(Url, stop));")]
    [InlineData("var handler = new HttpClientHandler { UseCookies = false };\nhandler.MaxConnectionsPerServer = 2;\nvar http = {|OCG1201:new HttpClient(handler)|};\nConsole.WriteLine(await http.GetStringAsync(Url, stop));")]
    [InlineData("var http = {|OCG1201:new HttpClient(new HttpClientHandler(), disposeHandler: true)|};\nConsole.WriteLine(await http.GetStringAsync(Url, stop));")]
    [InlineData("var invoker = {|OCG1201:new HttpMessageInvoker(new SocketsHttpHandler())|};\nusing var response = await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, Url), stop);")]
    [InlineData("try\n{\n    var socket = {|OCG1201:new ClientWebSocket()|};\n    await socket.ConnectAsync(_uri, stop);\n}\ncatch (WebSocketException) { }")]
    [InlineData("var socket = {|OCG1201:new ClientWebSocket()|};\nArgumentNullException.ThrowIfNull(socket);\nConsole.WriteLine(socket);\nawait socket.ConnectAsync(_uri, stop);")]
    [InlineData("await Task.Run(async () =>\n{\n    var socket = {|OCG1201:new ClientWebSocket()|};\n    await socket.ConnectAsync(_uri, stop);\n});")]
    public Task A_local_that_nobody_disposes_is_reported(string body) => Verifier.ReportedAsync(ClientCode.InMethod(body));

    [Theory]
    [InlineData("while (true)\n{\n    var socket = {|OCG1201:new ClientWebSocket()|};\n    await socket.ConnectAsync(_uri, stop);\n}")]
    [InlineData("foreach (var address in new[] { _uri })\n{\n    var socket = {|OCG1201:new ClientWebSocket()|};\n    await socket.ConnectAsync(_uri, stop);\n}")]
    public Task A_socket_for_each_pass_of_a_loop_is_reported(string body) => Verifier.ReportedAsync(ClientCode.InMethod(body));

    [Theory]
    [InlineData("var http = {|OCG1201:new HttpClient()|};\nawait http.GetStringAsync(Url, stop);\nreturn http;")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};\nawait http.GetStringAsync(Url, stop);\nvar owner = new List<HttpClient> { http };\nreturn owner[0];")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};\ntry\n{\n    await http.GetStringAsync(Url, stop);\n}\nfinally\n{\n    Console.WriteLine();\n}\n\nreturn http;")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};\nConsole.WriteLine(await http.GetStringAsync(Url, stop));\nhttp.Dispose();\nreturn null;")]
    public Task A_client_that_is_lost_when_the_first_call_throws_is_reported(string body)
        => Verifier.ReportedAsync(ClientCode.InMethod(body, "public async Task<HttpClient?> OpenAsync(CancellationToken stop)").Replace("#pragma warning disable", "#nullable enable\n#pragma warning disable"));

    [Fact]
    public Task A_socket_for_each_pass_of_the_programs_own_loop_is_reported() => Verifier.ReportedAsync(
        """
        #pragma warning disable OCG1001, OCG1002 // judged by other tests
        while (true)
        {
            var socket = {|OCG1201:new ClientWebSocket()|};
            await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), default);
        }
        """);

    [Theory]
    [InlineData("await SendAsync(socket, \"hello\", stop).ConfigureAwait(false);")]
    [InlineData("await socket.SendAsync(\"hello\", stop);")]
    [InlineData("Trace(socket);")]
    public Task A_helper_that_only_uses_the_client_does_not_take_it_over(string use) => Verifier.ReportedAsync(ClientCode.InMethod(
        $$"""
        var socket = {{"{|OCG1201:new ClientWebSocket()|}"}};
        await socket.ConnectAsync(_uri, stop);
        {{use}}
        """)
        .Replace("class Agent", "static class Agent").Replace("private readonly", "private static readonly").Replace("public async", "public static async")
        .Replace("static void Main() { }", """
            static void Main() { }

            static async Task SendAsync(this ClientWebSocket to, string text, CancellationToken stop) => await FrameAsync(to, text, stop);

            static Task FrameAsync(ClientWebSocket to, string text, CancellationToken stop)
                => to.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, stop);

            static void Trace(ClientWebSocket of) => Console.WriteLine(of.State);
            """).Replace("=> await FrameAsync(to, text, stop);", "{ await FrameAsync(to, text, stop); }"));

    [Fact]
    public Task A_client_type_of_the_users_own_is_reported() => Verifier.ReportedAsync(ClientCode.WithMembers(
        """
        public async Task RunAsync()
        {
            var socket = {|OCG1201:new SocketClient()|};
            await socket.SendAsync(new HttpRequestMessage(HttpMethod.Post, Url));
        }

        class SocketClient : HttpClient { }
        """));

    [Theory]
    [InlineData("while (!stop.IsCancellationRequested)\n{\n    _socket = {|OCG1201:new ClientWebSocket()|};\n    await _socket.ConnectAsync(_uri, stop);\n}")]
    [InlineData("do\n{\n    this._socket = {|OCG1201:new()|};\n    await _socket.ConnectAsync(_uri, stop);\n}\nwhile (!stop.IsCancellationRequested);")]
    [InlineData("for (int attempt = 0; ; attempt++)\n{\n    if (attempt == 5) return;\n    _socket = {|OCG1201:new()|};\n    await _socket.ConnectAsync(_uri, stop);\n}")]
    public Task A_field_that_a_loop_overwrites_is_reported(string body) => Verifier.ReportedAsync(ClientCode.WithMembers(
        $$"""
        private ClientWebSocket _socket;

        public async Task RunAsync(CancellationToken stop)
        {
        {{Calls.TimeoutCode.Indented(body, 4)}}
        }
        """));

    [Theory]
    [InlineData("private ClientWebSocket _socket = new();", "public Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);")]
    [InlineData("private ClientWebSocket _socket;", "public Agent() => _socket = new ClientWebSocket();\n\n    public Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);")]
    [InlineData("private ClientWebSocket _socket { get; set; } = new();", "public Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);")]
    [InlineData("private ClientWebSocket _socket;", "public async Task RunAsync(CancellationToken stop)\n    {\n        while (true) await ReconnectAsync(stop);\n    }")]
    [InlineData("private ClientWebSocket _socket;", "public async Task RunAsync(CancellationToken stop)\n    {\n        await ReconnectAsync(stop);\n        await ReconnectAsync(stop);\n    }")]
    [InlineData("private ClientWebSocket _socket;", "public event Action Closed;\n\n    public void Start(CancellationToken stop) => Closed += async () => await ReconnectAsync(stop);")]
    [InlineData("private ClientWebSocket _socket = new();", "public void Dispose() => _socket.Dispose();\n\n    public Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);")]
    public Task A_field_that_a_reconnect_overwrites_is_reported(string field, string other) => Verifier.ReportedAsync(ClientCode.WithMembers(
        $$"""
        {{field}}

        {{other}}

        private async Task ReconnectAsync(CancellationToken stop)
        {
            _socket = {{"{|OCG1201:new ClientWebSocket()|}"}};
            await _socket.ConnectAsync(_uri, stop);
        }
        """));
}
