using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Clients.ClientCreationAnalyzer, OpenClaw.Analyzers.CodeFixes.Clients.DisposeClient>;

namespace OpenClaw.Analyzers.Tests.Clients;

/// <summary>OCG1201 where a disposal would come too early, or cannot be written.</summary>
public sealed class DisposeClientRefusalTests
{
    [Theory]
    [InlineData("public Task<string> AskAsync(CancellationToken stop)", "return http.GetStringAsync(Url, stop);")]
    [InlineData("public Task<string> AskAsync(CancellationToken stop)", "return http.GetStringAsync(Url, stop).WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("public Task<string> AskAsync(CancellationToken stop)", "var text = http.GetStringAsync(Url, stop);\nreturn text;")]
    [InlineData("public Task AskAsync(CancellationToken stop)", "Console.WriteLine(http.GetStringAsync(Url, stop).Result);\nreturn http.GetStringAsync(\"https://example.org/\", stop);")]
    [InlineData("public async Task AskAsync(CancellationToken stop)", "_ = http.GetStringAsync(Url, stop);\nawait Task.Yield();")]
    [InlineData("public async Task AskAsync(CancellationToken stop)", "http.GetStringAsync(Url, stop);\nawait Task.Yield();")]
    [InlineData("public async Task AskAsync(CancellationToken stop)", "var text = http.GetStringAsync(Url, stop);\nawait Task.Yield();")]
    [InlineData("public async Task AskAsync(List<Task> running)", "running.Add(http.GetStringAsync(Url));\nawait Task.Yield();")]
    public Task A_task_that_is_awaited_elsewhere_or_nowhere(string signature, string rest) => NotFixableAsync(signature, rest);

    [Theory]
    [InlineData("public async Task<Stream> OpenAsync()", "return await http.GetStreamAsync(Url);")]
    [InlineData("public async Task<Stream> OpenAsync()", "var response = await http.GetAsync(Url);\nvar stream = await response.Content.ReadAsStreamAsync();\nreturn stream;")]
    [InlineData("public async Task<TextReader> OpenAsync()", "var stream = await http.GetStreamAsync(Url);\nreturn new StreamReader(stream);")]
    [InlineData("public async Task<HttpResponseMessage> OpenAsync()", "return await http.GetAsync(Url);")]
    [InlineData("public async Task<HttpResponseMessage> OpenAsync()", "var response = await http.GetAsync(Url);\nresponse.EnsureSuccessStatusCode();\nreturn response;")]
    [InlineData("public async Task<HttpContent> OpenAsync()", "var response = await http.GetAsync(Url);\nreturn response.Content;")]
    [InlineData("public async Task<object> OpenAsync(List<object> kept)", "kept.Add(await http.GetAsync(Url));\nreturn kept;")]
    [InlineData("public async Task<object> OpenAsync()", "return new { Response = await http.GetAsync(Url) };")]
    [InlineData("public IAsyncEnumerable<string> Open()", "return http.GetFromJsonAsAsyncEnumerable<string>(Url);")]
    public Task A_stream_or_response_that_outlives_the_method(string signature, string rest) => NotFixableAsync(signature, rest);

    [Fact]
    public Task A_response_that_a_field_keeps() => Verifier.NotFixableAsync(ClientCode.WithMembers(
        """
        private HttpResponseMessage _last;

        public async Task AskAsync()
        {
            var http = {|OCG1201:new HttpClient()|};
            _last = await http.GetAsync(Url);
        }
        """));

    [Theory]
    [InlineData("switch (stop.CanBeCanceled)\n{\n    case true:\n        var socket = {|OCG1201:new ClientWebSocket()|};\n        await socket.ConnectAsync(_uri, stop);\n        break;\n}")]
    [InlineData("ClientWebSocket socket = {|OCG1201:new()|}, other = null;\nawait socket.ConnectAsync(_uri, stop);")]
    [InlineData("if (stop.CanBeCanceled) goto end;\nvar socket = {|OCG1201:new ClientWebSocket()|};\nawait socket.ConnectAsync(_uri, stop);\nend:\nConsole.WriteLine();")]
    [InlineData("object socket = {|OCG1201:new ClientWebSocket()|};\nawait ((ClientWebSocket)socket).ConnectAsync(_uri, stop);")]
    [InlineData("for (var socket = {|OCG1201:new ClientWebSocket()|}; ;)\n{\n    await socket.ConnectAsync(_uri, stop);\n}")]
    public Task A_place_where_no_using_declaration_can_stand(string body) => Verifier.NotFixableAsync(ClientCode.InMethod(body));

    [Theory]
    [InlineData("var text = await http.GetStringAsync(Url);")]
    [InlineData("if ((await http.GetStringAsync(Url)).Length == 0)\n{\n    Console.WriteLine();\n}")]
    [InlineData("#if DEBUG\nawait http.GetStringAsync(Url);\n#else\nawait http.GetStringAsync(Url);\n#endif")]
    public Task A_call_whose_statement_cannot_be_put_into_a_try(string call) => Verifier.NotFixableAsync(ClientCode.InMethod(
        $$"""
        var http = {{"{|OCG1201:new HttpClient()|}"}};
        {{call}}
        return http;
        """,
        "public async Task<HttpClient> OpenAsync()"));

    [Fact]
    public Task An_asynchronously_disposable_client_in_code_that_cannot_wait() => Verifier.NotFixableAsync(ClientCode.WithMembers(
        """
        public void Run()
        {
            IAsyncDisposable http = {|OCG1201:new Client()|};
            ((Client)http).Send(new HttpRequestMessage(HttpMethod.Post, Url));
        }

        class Client : HttpClient, IAsyncDisposable
        {
            public ValueTask DisposeAsync() => default;
        }
        """));

    [Theory]
    [InlineData("if (stop.CanBeCanceled) Socket = {|OCG1201:new ClientWebSocket()|};")]
    [InlineData("var socket = Socket = {|OCG1201:new ClientWebSocket()|};")]
    public Task A_field_that_is_overwritten_in_an_expression_of_its_own(string overwrite) => Verifier.NotFixableAsync(ClientCode.WithMembers(
        $$"""
        public ClientWebSocket Socket = new();

        public async Task ReconnectAsync(CancellationToken stop)
        {
            {{overwrite}}
            await Socket.ConnectAsync(_uri, stop);
        }

        public Task ConnectAsync(CancellationToken stop) => Socket.ConnectAsync(_uri, stop);
        """));

    private static Task NotFixableAsync(string signature, string rest)
        => Verifier.NotFixableAsync(ClientCode.InMethod("var http = {|OCG1201:new HttpClient()|};\n" + rest, signature).Replace("OCG1002 //", "OCG1002, CS4014 //"));
}
