using Microsoft.CodeAnalysis.CSharp;
using OpenClaw.Analyzers.Clients;
using OpenClaw.Analyzers.CodeFixes.Clients;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Clients.ClientCreationAnalyzer, OpenClaw.Analyzers.CodeFixes.Clients.DisposeClient>;

namespace OpenClaw.Analyzers.Tests.Clients;

/// <summary>OCG1201: a using declaration, a guard around the call that loses the client, a disposal before an overwrite.</summary>
public sealed class DisposeClientTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_local_becomes_a_using_declaration() => FixedAsync(
        """
        // One socket for each run.
        var socket = {|OCG1201:new ClientWebSocket()|}; // not shared
        socket.Options.SetRequestHeader("Authorization", "Bearer");

        await socket.ConnectAsync(_uri, stop);
        """,
        """
        // One socket for each run.
        using var socket = new ClientWebSocket(); // not shared
        socket.Options.SetRequestHeader("Authorization", "Bearer");

        await socket.ConnectAsync(_uri, stop);
        """);

    [Theory]
    [InlineData("ClientWebSocket socket = {|OCG1201:new()|};", "using ClientWebSocket socket = new();", "await socket.ConnectAsync(_uri, stop);")]
    [InlineData("var http = {|OCG1201:new HttpClient\n{\n    Timeout = TimeSpan.FromMinutes(5),\n}|};", "using var http = new HttpClient\n{\n    Timeout = TimeSpan.FromMinutes(5),\n};", "Console.WriteLine(await http.GetStringAsync(Url, stop));")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "Console.WriteLine(http.GetStringAsync(Url, stop).Result);")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "http.GetStringAsync(Url, stop).Wait();")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "var text = http.GetStringAsync(Url, stop);\nConsole.WriteLine(await text);")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "var first = http.GetStringAsync(Url);\nvar second = http.GetStringAsync(Url);\nvar texts = await Task.WhenAll(first, second);")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "using var response = await http.PostAsync(Url, null).ConfigureAwait(false);\nresponse.EnsureSuccessStatusCode();\nif (response.IsSuccessStatusCode)\n{\n    return;\n}")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "using var reader = new StreamReader(await http.GetStreamAsync(Url, stop));\nConsole.WriteLine(await reader.ReadToEndAsync());")]
    [InlineData("var http = {|OCG1201:new HttpClient()|};", "using var http = new HttpClient();", "await foreach (var item in http.GetFromJsonAsAsyncEnumerable<string>(Url))\n{\n    Console.WriteLine(item);\n}")]
    [InlineData("IAsyncDisposable chat = {|OCG1201:new OwnClient()|};", "await using IAsyncDisposable chat = new OwnClient();", "await ((Microsoft.Extensions.AI.IChatClient)chat).GetResponseAsync(new List<Microsoft.Extensions.AI.ChatMessage>());")]
    public Task What_is_used_up_in_the_block_lets_it_end_there(string declaration, string fixedDeclaration, string use)
        => FixedAsync($"{declaration}\n{use}", $"{fixedDeclaration}\n{use}");

    [Theory]
    [InlineData("await SendAsync(socket);\nstatic async Task SendAsync(ClientWebSocket to) => await to.SendAsync(new byte[1], WebSocketMessageType.Text, true, default);")]
    [InlineData("var text = await ReadAsync(socket).ConfigureAwait(false);\nConsole.WriteLine(text);\nstatic async Task<string> ReadAsync(ClientWebSocket from)\n{\n    var buffer = new byte[1];\n    await from.ReceiveAsync(buffer, default);\n    return Encoding.UTF8.GetString(buffer);\n}")]
    public Task A_helper_that_only_uses_the_client_is_no_obstacle(string use) => FixedAsync(
        "var socket = {|OCG1201:new ClientWebSocket()|};\nawait socket.ConnectAsync(_uri, stop);\n" + use,
        "using var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\n" + use);

    [Theory]
    [InlineData("return await http.GetStringAsync(Url, stop);")]
    [InlineData("var response = await http.PostAsync(Url, null, stop);\nreturn await response.Content.ReadAsStringAsync(stop);")]
    [InlineData("return (await http.GetFromJsonAsync<string[]>(Url, stop))[0];")]
    [InlineData("using var response = await http.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead, stop);\nawait using var stream = await response.Content.ReadAsStreamAsync(stop);\nusing var document = await System.Text.Json.JsonDocument.ParseAsync(stream);\nreturn document.RootElement.GetProperty(\"id\").GetString();")]
    public Task An_answer_that_is_read_before_the_return_may_be_returned(string rest) => Verifier.FixedAsync(
        ClientCode.InMethod("var http = {|OCG1201:new HttpClient()|};\n" + rest, "public async Task<string> AskAsync(CancellationToken stop)"),
        ClientCode.InMethod("using var http = new HttpClient();\n" + rest, "public async Task<string> AskAsync(CancellationToken stop)"));

    [Fact]
    public Task A_disposal_at_the_end_that_a_failure_skips_gets_a_using_as_well() => FixedAsync(
        """
        var http = {|OCG1201:new HttpClient()|};
        Console.WriteLine(await http.GetStringAsync(Url, stop));
        http.Dispose();
        """,
        """
        using var http = new HttpClient();
        Console.WriteLine(await http.GetStringAsync(Url, stop));
        http.Dispose();
        """);

    [Fact]
    public Task A_client_that_is_handed_over_later_is_guarded_until_then() => Verifier.FixedAsync(
        ClientCode.InMethod(
            """
            var http = {|OCG1201:new HttpClient()|};

            // Fails early.
            await http.GetStringAsync(Url, stop); // once
            return http;
            """,
            "public async Task<HttpClient> OpenAsync(CancellationToken stop)"),
        ClientCode.InMethod(
            """
            var http = new HttpClient();

            // Fails early.
            try
            {
                await http.GetStringAsync(Url, stop);
            }
            catch
            {
                http.Dispose();
                throw;
            } // once
            return http;
            """,
            "public async Task<HttpClient> OpenAsync(CancellationToken stop)"));

    [Theory]
    [InlineData("private ClientWebSocket _socket = new();", "_socket = {|OCG1201:new ClientWebSocket()|};", "_socket?.Dispose();\n    _socket = new ClientWebSocket();")]
    [InlineData("private ClientWebSocket _socket = new();", "this._socket = {|OCG1201:new()|};", "this._socket?.Dispose();\n    this._socket = new();")]
    [InlineData("private ClientWebSocket _socket { get; set; } = new();", "_socket = {|OCG1201:new ClientWebSocket()|};", "_socket?.Dispose();\n    _socket = new ClientWebSocket();")]
    [InlineData("private ClientWebSocket _socket = new();", "// A socket serves one connection.\n    _socket = {|OCG1201:new ClientWebSocket()|};", "_socket?.Dispose();\n    // A socket serves one connection.\n    _socket = new ClientWebSocket();")]
    [InlineData("private ClientWebSocket _socket = new();", "switch (stop.CanBeCanceled)\n    {\n        case true:\n            _socket = {|OCG1201:new()|};\n            break;\n    }", "switch (stop.CanBeCanceled)\n    {\n        case true:\n            _socket?.Dispose();\n            _socket = new();\n            break;\n    }")]
    public Task A_field_is_disposed_before_it_is_overwritten(string field, string overwrite, string fixedOverwrite)
        => Verifier.FixedAsync(Reconnect(field, overwrite), Reconnect(field, fixedOverwrite));

    [Fact]
    public Task A_field_that_is_only_asynchronously_disposable_is_awaited() => Verifier.FixedAsync(
        AsynchronousField("_chat = {|OCG1201:new OwnClient()|};"),
        AsynchronousField(
            "if (_chat != null) { await _chat.DisposeAsync(); }\n    _chat = new OwnClient();"));

    [Fact]
    public Task Several_clients_in_one_document_are_fixed_at_once() => FixedAsync(
        """
        var outer = {|OCG1201:new ClientWebSocket()|};
        await outer.ConnectAsync(_uri, stop);
        await Task.Run(async () =>
        {
            var inner = {|OCG1201:new ClientWebSocket()|};
            await inner.ConnectAsync(_uri, stop);
        });
        """,
        """
        using var outer = new ClientWebSocket();
        await outer.ConnectAsync(_uri, stop);
        await Task.Run(async () =>
        {
            using var inner = new ClientWebSocket();
            await inner.ConnectAsync(_uri, stop);
        });
        """);

    [Fact]
    public Task Two_documents_are_fixed_at_once()
    {
        const string Body = "var socket = {|OCG1201:new ClientWebSocket()|};\nawait socket.ConnectAsync(_uri, stop);";
        const string FixedBody = "using var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);";
        return Verifier.FixedInAllAsync([ClientCode.InMethod(Body), Library(ClientCode.InMethod(Body))], [ClientCode.InMethod(FixedBody), Library(ClientCode.InMethod(FixedBody))]);

        static string Library(string source) => source.Replace("class Agent", "class Library").Replace("static void Main() { }", "");
    }

    [Fact]
    public async Task The_fix_needs_no_package_and_promises_none()
    {
        var test = new RuleTest<ClientCreationAnalyzer, DisposeClient>
        {
            TestCode = ClientCode.InMethod("var socket = {|OCG1201:new ClientWebSocket()|};\nawait socket.ConnectAsync(_uri, stop);"),
            CodeActionVerifier = (action, _) => Assert.Equal("Dispose of the client when the block ends", action.Title),
        };
        test.TestState.AdditionalReferences.Clear();
        test.Expect(ClientCode.InMethod("using var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task CSharp_8_is_enough() => Verifier.FixedAsync(OldProgram("var socket = {|OCG1201:new ClientWebSocket()|};"), OldProgram("using var socket = new ClientWebSocket();"), LanguageVersion.CSharp8);

    [Fact]
    public Task Before_CSharp_8_there_is_no_using_declaration() => Verifier.NotFixableAsync(OldProgram("var socket = {|OCG1201:new ClientWebSocket()|};"), LanguageVersion.CSharp7_3);

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(WithChat(ClientCode.InMethod(body)), WithChat(ClientCode.InMethod(fixedBody)));

    private static string WithChat(string source) => source + Chat;

    private const string Chat = """


        class OwnClient : Microsoft.Extensions.AI.IChatClient, IAsyncDisposable
        {
            public Task<Microsoft.Extensions.AI.ChatResponse> GetResponseAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions options = null, CancellationToken cancellationToken = default) => null;

            public IAsyncEnumerable<Microsoft.Extensions.AI.ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, Microsoft.Extensions.AI.ChatOptions options = null, CancellationToken cancellationToken = default) => null;

            public object GetService(Type serviceType, object serviceKey = null) => null;

            public void Dispose() => _stop.Dispose();

            public ValueTask DisposeAsync() => default;

            private readonly CancellationTokenSource _stop = new();
        }
        """;

    private static string Reconnect(string field, string overwrite) => ClientCode.WithMembers(
        $$"""
        {{field}}

        public async Task ReconnectAsync(CancellationToken stop)
        {
            {{overwrite}}
            await _socket.ConnectAsync(_uri, stop);
        }

        public Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);
        """);

    private static string AsynchronousField(string overwrite) => WithChat(ClientCode.WithMembers(
        $$"""
        private IAsyncDisposable _chat = new OwnClient();

        public async Task ReopenAsync()
        {
            {{overwrite}}
            await AskAsync();
        }

        public Task AskAsync() => ((Microsoft.Extensions.AI.IChatClient)_chat).GetResponseAsync(new List<Microsoft.Extensions.AI.ChatMessage>());
        """));

    private static string OldProgram(string declaration) => $$"""
        #pragma warning disable OCG1001, OCG1002 // judged by other tests
        using System;
        using System.Net.WebSockets;
        using System.Threading.Tasks;

        class Agent
        {
            public async Task RunAsync()
            {
                {{declaration}}
                await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), default);
            }

            static void Main() { }
        }
        """;
}
