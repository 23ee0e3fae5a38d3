using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Clients.ClientCreationAnalyzer, OpenClaw.Analyzers.CodeFixes.Clients.DisposeClient>;

namespace OpenClaw.Analyzers.Tests.Clients;

/// <summary>OCG1201 has nothing to say where the client is disposed of, belongs to somebody else, or lives as long as the program.</summary>
public sealed class OwnershipTests
{
    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("using var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);")]
    [InlineData("using (var socket = new ClientWebSocket())\n{\n    await socket.ConnectAsync(_uri, stop);\n}")]
    [InlineData("var socket = new ClientWebSocket();\nusing (socket)\n{\n    await socket.ConnectAsync(_uri, stop);\n}")]
    [InlineData("var socket = new ClientWebSocket();\nusing var owner = socket;\nawait socket.ConnectAsync(_uri, stop);")]
    [InlineData("var http = new HttpClient();\ntry\n{\n    await http.GetStringAsync(Url, stop);\n}\nfinally\n{\n    http.Dispose();\n}")]
    [InlineData("ClientWebSocket socket = null;\ntry\n{\n    socket = new ClientWebSocket();\n    await socket.ConnectAsync(_uri, stop);\n}\nfinally\n{\n    socket?.Dispose();\n}")]
    [InlineData("var http = new HttpClient();\ntry\n{\n    await http.GetStringAsync(Url, stop);\n}\ncatch (HttpRequestException)\n{\n}\n\nhttp.Dispose();")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nsocket.Dispose();")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\n((IDisposable)socket).Dispose();")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\n(socket as IDisposable)?.Dispose();")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nif (socket is IDisposable owned) owned.Dispose();")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nsocket.Abort();")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nawait socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, stop);")]
    public Task A_method_that_disposes_is_accepted(string body) => Verifier.SilentAsync(ClientCode.InMethod(body));

    [Theory]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nreturn socket;")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nawait socket.SendAsync(new byte[1], WebSocketMessageType.Text, true, stop);\nreturn socket;")]
    [InlineData("var http = new HttpClient();\ntry\n{\n    await http.GetStringAsync(Url, stop);\n}\ncatch\n{\n    http.Dispose();\n    throw;\n}\n\nreturn http;")]
    [InlineData("var http = new HttpClient();\ntry\n{\n    await http.GetStringAsync(Url, stop);\n}\ncatch\n{\n    Drop(http);\n    throw;\n}\n\nreturn http;\nstatic void Drop(object owned) { }")]
    [InlineData("var http = new HttpClient();\n_owned.Add(http);\nawait http.GetStringAsync(Url, stop);\nreturn null;")]
    [InlineData("var http = new HttpClient();\n_owner = http;\nawait http.GetStringAsync(Url, stop);\nreturn null;")]
    [InlineData("var http = new HttpClient();\nreturn stop.IsCancellationRequested ? null : (object)http.GetStringAsync(Url, stop).ContinueWith(_ => http.Dispose());")]
    [InlineData("var http = new HttpClient();\nstop.Register(() => http.CancelPendingRequests());\nawait http.GetStringAsync(Url, stop);\nreturn null;")]
    [InlineData("var socket = new ClientWebSocket();\n_owner = new { Socket = socket };\nawait socket.ConnectAsync(_uri, stop);\nreturn null;")]
    [InlineData("var socket = new ClientWebSocket();\nsocket.Own(_owned);\nawait socket.ConnectAsync(_uri, stop);\nreturn null;")]
    [InlineData("var socket = new ClientWebSocket();\nsocket?.Own(_owned);\nawait socket.ConnectAsync(_uri, stop);\nreturn null;")]
    [InlineData("var socket = new ClientWebSocket();\nawait CloseAsync(socket);\nawait socket.ConnectAsync(_uri, stop);\nreturn null;\nstatic async Task CloseAsync(ClientWebSocket given) { await Task.Yield(); given.Dispose(); }")]
    [InlineData("var socket = new ClientWebSocket();\nKeep(socket);\nawait socket.ConnectAsync(_uri, stop);\nreturn null;\nvoid Keep(ClientWebSocket given) => _owner = given;")]
    [InlineData("var socket = new ClientWebSocket();\n_ = LoopAsync(socket);\nawait socket.ConnectAsync(_uri, stop);\nreturn null;\nstatic async Task LoopAsync(ClientWebSocket given) { await Task.Yield(); Console.WriteLine(given.State); }")]
    [InlineData("var socket = new ClientWebSocket();\nvar loop = Loop(socket);\nawait socket.ConnectAsync(_uri, stop);\nreturn loop;\nstatic IEnumerable<object> Loop(ClientWebSocket given) { yield return given.State; }")]
    [InlineData("var socket = new ClientWebSocket();\nSwap(ref socket);\nawait socket.ConnectAsync(_uri, stop);\nreturn null;\nstatic void Swap<T>(ref T value) { }")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nsocket = new ClientWebSocket();\nawait socket.ConnectAsync(_uri, stop);\nreturn socket;")]
    [InlineData("var http = new HttpClient();\nMicrosoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(new Microsoft.Extensions.DependencyInjection.ServiceCollection(), http);\nawait http.GetStringAsync(Url, stop);\nreturn null;")]
    public Task A_client_that_somebody_else_gets_is_theirs(string body) => Verifier.SilentAsync(ClientCode.InMethod(
        body, "public async Task<object> OpenAsync(CancellationToken stop)")
        .Replace("    private const string", "    private readonly List<object> _owned = new();\n    private object _owner;\n    private const string")
        + "\nstatic class Owner { public static void Own(this object value, List<object> owned) => owned.Add(value); }");

    [Theory]
    [InlineData("var http = new HttpClient(_shared);")]
    [InlineData("var http = new HttpClient(_shared, disposeHandler: false);")]
    [InlineData("var http = new HttpClient(new HttpClientHandler(), disposeHandler: false);")]
    [InlineData("var http = new HttpClient(new HttpClientHandler(), stop.CanBeCanceled);")]
    [InlineData("var http = new HttpClient(new Tracing { InnerHandler = _shared });")]
    [InlineData("var http = new HttpClient(new Tracing(_shared));")]
    [InlineData("var handler = _shared;\nvar http = new HttpClient(handler);")]
    [InlineData("var handler = new HttpClientHandler();\nvar other = new HttpClient(handler);\nvar http = new HttpClient(handler);")]
    public Task A_handler_that_others_use_is_not_disposed_with_the_client(string creation) => Verifier.SilentAsync(ClientCode.WithMembers(
        $$"""
        private static readonly HttpClientHandler _shared = new();

        public async Task RunAsync(CancellationToken stop)
        {
        {{Calls.TimeoutCode.Indented(creation, 4)}}
            await http.GetStringAsync(Url, stop);
        }

        class Tracing : DelegatingHandler
        {
            public Tracing() { }

            public Tracing(HttpMessageHandler inner) : base(inner) { }
        }
        """));

    [Fact]
    public Task A_handler_made_before_a_loop_is_shared_by_its_passes() => Verifier.SilentAsync(ClientCode.InMethod(
        """
        var handler = new HttpClientHandler();
        for (int i = 0; i < 3; i++)
        {
            var http = new HttpClient(handler);
            await http.GetStringAsync(Url, stop);
        }
        """));

    [Theory]
    [InlineData("public void Dispose() { }", false)]
    [InlineData("public void Dispose() => GC.SuppressFinalize(this);", false)]
    [InlineData("void IDisposable.Dispose() { }", false)]
    [InlineData("public void Dispose() => _http.Dispose();", true)]
    [InlineData("void IDisposable.Dispose() => _http.Dispose();", true)]
    public Task A_client_whose_disposal_does_nothing_needs_none(string dispose, bool isReported) => Verifier.ReportedAsync(
        $$"""
        #pragma warning disable OCG1001, OCG1002, OCG1006 // judged by other tests
        using Microsoft.Extensions.AI;

        class Agent
        {
            public async Task AskAsync()
            {
                IChatClient chat = {{(isReported ? "{|OCG1201:new OwnClient()|}" : "new OwnClient()")}};
                await chat.GetResponseAsync("hi");
            }

            static void Main() { }
        }

        class OwnClient : IChatClient
        {
            private readonly HttpClient _http = new();

            public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions options = null, CancellationToken cancellationToken = default) => null;

            public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions options = null, CancellationToken cancellationToken = default) => null;

            public object GetService(Type serviceType, object serviceKey = null) => null;

            {{dispose}}
        }
        """);

    [Theory]
    [InlineData("", "{ }", false)]
    [InlineData("protected override void Dispose(bool disposing) => GC.SuppressFinalize(this);", "{ }", true)]
    [InlineData("", "=> _http.Dispose();", true)]
    public Task A_client_that_only_hands_its_disposal_on_needs_as_much_as_the_inner_one(string outer, string dispose, bool isReported) => Verifier.ReportedAsync(
        $$"""
        #pragma warning disable OCG1001, OCG1002, OCG1006 // judged by other tests
        using Microsoft.Extensions.AI;

        class Agent
        {
            public async Task AskAsync()
            {
                IChatClient inner = new OwnClient();
                IChatClient chat = {{(isReported ? "{|OCG1201:new LoggingClient(inner)|}" : "new LoggingClient(inner)")}};
                await chat.GetResponseAsync("hi");
            }

            static void Main() { }
        }

        class LoggingClient : DelegatingChatClient
        {
            public LoggingClient(IChatClient inner) : base(inner) { }

            {{outer}}
        }

        class OwnClient : IChatClient
        {
            private readonly HttpClient _http = new();

            public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions options = null, CancellationToken cancellationToken = default) => null;

            public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions options = null, CancellationToken cancellationToken = default) => null;

            public object GetService(Type serviceType, object serviceKey = null) => null;

            public void Dispose() {{dispose}}
        }
        """);

    [Fact]
    public Task An_adapter_over_a_client_of_the_callers_is_left_alone() => Verifier.SilentAsync(
        """
        #pragma warning disable OCG1001, OCG1002 // judged by other tests
        using Microsoft.Extensions.AI;

        class Agent
        {
            public async Task AskAsync(IChatClient inner, HttpClient http)
            {
                var logging = new LoggingClient(inner);
                await logging.GetResponseAsync("hi");
                var anthropic = new AnthropicClient(new Options { HttpClient = http });
                await anthropic.GetResponseAsync("hi");
            }

            static void Main() { }
        }

        class LoggingClient : DelegatingChatClient
        {
            public LoggingClient(IChatClient inner) : base(inner) { }
        }

        class Options : IDisposable
        {
            public HttpClient HttpClient { get; set; }

            public void Dispose() => HttpClient.Dispose();
        }

        class AnthropicClient : DelegatingChatClient
        {
            public AnthropicClient(Options options) : base(null) { }
        }
        """);

    [Theory]
    [InlineData("var chat = new OpenAI.Chat.ChatClient(\"m\", \"k\");\nawait chat.CompleteChatAsync(\"hi\");")]
    [InlineData("var http = factory.CreateClient();\nawait http.GetStringAsync(Url);")]
    [InlineData("var http = new HttpClient();\nawait http.GetStringAsync(\"https://example.org/\");")]
    [InlineData("var socket = new ClientWebSocket();\nawait socket.ConnectAsync(new Uri(\"wss://example.org/feed\"), default);")]
    public Task A_client_that_needs_no_disposal_or_calls_no_gateway_is_not_judged(string body)
        => Verifier.SilentAsync(ClientCode.InMethod(body, "public async Task RunAsync(IHttpClientFactory factory)"));

    [Theory]
    [InlineData("while (true)\n{\n    var http = new HttpClient();\n    await http.GetStringAsync(Url);\n}")]
    [InlineData("void Map(Func<Task> value) { }\nMap(async () =>\n{\n    var http = new HttpClient();\n    await http.GetStringAsync(Url);\n});")]
    [InlineData("while (true) await OnceAsync();\nasync Task OnceAsync()\n{\n    var http = new HttpClient();\n    await http.GetStringAsync(Url);\n}")]
    public Task A_pooled_client_for_each_call_is_worse_with_a_disposal(string body) => Verifier.SilentAsync(ClientCode.InMethod(body));

    [Fact]
    public Task A_local_of_the_program_itself_ends_with_it() => Verifier.SilentAsync(
        """
        #pragma warning disable OCG1001, OCG1002 // judged by other tests
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), default);
        """);

    [Fact]
    public Task A_local_of_an_asynchronous_Main_ends_with_the_program() => Verifier.SilentAsync(
        """
        #pragma warning disable OCG1001, OCG1002 // judged by other tests
        class Agent
        {
            static async Task Main()
            {
                var socket = new ClientWebSocket();
                await socket.ConnectAsync(new Uri("ws://127.0.0.1:18789/"), default);
            }
        }
        """);

    [Theory]
    [InlineData("_socket?.Dispose();\n_socket = new ClientWebSocket();")]
    [InlineData("var old = _socket;\nold?.Dispose();\n_socket = new ClientWebSocket();")]
    [InlineData("Interlocked.Exchange(ref _socket, null)?.Dispose();\n_socket = new ClientWebSocket();")]
    [InlineData("Drop();\n_socket = new ClientWebSocket();")]
    [InlineData("if (_socket is null)\n{\n    _socket = new ClientWebSocket();\n}")]
    [InlineData("if (_socket != null) continue;\n_socket = new ClientWebSocket();")]
    [InlineData("if (_socket?.State == WebSocketState.Open)\n{\n    return;\n}\n\n_socket = new ClientWebSocket();")]
    [InlineData("_socket ??= new ClientWebSocket();")]
    [InlineData("if (_isConnected) break;\n_socket = new ClientWebSocket();")]
    [InlineData("if (IsClosed())\n{\n    _socket = new ClientWebSocket();\n}")]
    public Task A_field_that_is_disposed_or_empty_before_is_accepted(string body) => Verifier.SilentAsync(ClientCode.WithMembers(
        $$"""
        private ClientWebSocket _socket;

        public async Task RunAsync(CancellationToken stop)
        {
            while (true)
            {
        {{Calls.TimeoutCode.Indented(body, 8)}}
                await _socket.ConnectAsync(_uri, stop);
            }
        }

        private bool _isConnected;

        private bool IsClosed() => !_isConnected;

        private void Drop() => _socket?.Dispose();
        """));

    [Theory]
    [InlineData("private readonly ClientWebSocket _socket = new();\n\npublic Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);")]
    [InlineData("private readonly ClientWebSocket _socket;\n\npublic Agent() => _socket = new ClientWebSocket();\n\npublic Task ConnectAsync(CancellationToken stop) => _socket.ConnectAsync(_uri, stop);")]
    [InlineData("private ClientWebSocket _socket;\n\npublic async Task ConnectAsync(CancellationToken stop)\n{\n    _socket = new ClientWebSocket();\n    await _socket.ConnectAsync(_uri, stop);\n}")]
    [InlineData("private ClientWebSocket _socket = new();\n\npublic async Task ConnectAsync(CancellationToken stop)\n{\n    _socket = new ClientWebSocket();\n    await _socket.ConnectAsync(_uri, stop);\n}")]
    [InlineData("private ClientWebSocket _socket = new();\n\npublic async Task RunAsync(CancellationToken stop)\n{\n    while (true) await ConnectAsync(stop);\n}\n\npublic async Task ConnectAsync(CancellationToken stop)\n{\n    _socket = new ClientWebSocket();\n    await _socket.ConnectAsync(_uri, stop);\n}\n\npublic async Task DisconnectAsync()\n{\n    await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);\n    _socket.Dispose();\n}")]
    public Task A_field_that_is_set_once_or_in_turn_with_a_disposal_is_accepted(string members) => Verifier.SilentAsync(ClientCode.WithMembers(members));

    [Theory]
    [InlineData("var session = new Session { Socket = new ClientWebSocket() };\nawait session.Socket.ConnectAsync(_uri, stop);")]
    [InlineData("var session = Next();\nsession.Socket = new ClientWebSocket();\nawait session.Socket.ConnectAsync(_uri, stop);")]
    [InlineData("Next().Socket = new();\nawait _session.Socket.ConnectAsync(_uri, stop);")]
    public Task A_field_of_another_object_may_be_a_new_one_each_time(string body) => Verifier.SilentAsync(ClientCode.WithMembers(
        $$"""
        private Session _session;

        public async Task RunAsync(CancellationToken stop)
        {
            while (true)
            {
        {{Calls.TimeoutCode.Indented(body, 8)}}
            }
        }

        private Session Next() => _session = new Session();

        class Session
        {
            public ClientWebSocket Socket;
        }
        """));

    [Fact]
    public Task A_new_owner_for_each_pass_overwrites_nothing() => Verifier.SilentAsync(ClientCode.WithMembers(
        """
        public async Task RunAsync(CancellationToken stop)
        {
            while (true)
            {
                var session = new Session();
                await session.ConnectAsync(_uri, stop);
            }
        }

        class Session
        {
            private ClientWebSocket _socket;

            public async Task ConnectAsync(Uri uri, CancellationToken stop)
            {
                _socket = new ClientWebSocket();
                await _socket.ConnectAsync(uri, stop);
            }
        }
        """));
}
