using OpenClaw.Analyzers.Calls;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

public sealed class MissingTimeoutTests
{
    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_connect_that_only_a_shutdown_ends_is_reported_beside_the_missing_protection() => Verifier.ReportedAsync(
        """
        class Agent
        {
            public async Task RunAsync(CancellationToken stoppingToken)
            {
                using var socket = new ClientWebSocket();
                await socket.{|OCG1001:{|OCG1002:ConnectAsync|}|}(new Uri("ws://127.0.0.1:18789/"), stoppingToken);
            }

            static void Main() { }
        }
        """);

    [Theory]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, CancellationToken.None);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, default);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, new CancellationToken());")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, _stop.Token).ConfigureAwait(false);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, invoker: null, cancellationToken);")]
    [InlineData("_socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken).GetAwaiter().GetResult();")]
    [InlineData("await Task.WhenAll(_socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken), Task.Delay(10));")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken).WaitAsync(cancellationToken);")]
    [InlineData("await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken).WaitAsync(Timeout.InfiniteTimeSpan);")]
    [InlineData("var connect = _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);\nawait connect;")]
    [InlineData("var token = cancellationToken.CanBeCanceled ? cancellationToken : _stop.Token;\nawait _socket.{|OCG1002:ConnectAsync|}(_uri, token);")]
    [InlineData("await (_stop.IsCancellationRequested ? Task.CompletedTask : _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken));")]
    [InlineData("await OnceAsync(() => _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken));\nstatic async Task OnceAsync(Func<Task> run) => await run();")]
    [InlineData("await Polly.ResiliencePipeline.Empty.ExecuteAsync(async ignored => await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken));")]
    [InlineData("Console.CancelKeyPress += async (_, _) => await _socket.{|OCG1002:ConnectAsync|}(_uri, default);\nawait Task.Yield();")]
    [InlineData("await Task.Run(async () => await _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken));")]
    [InlineData("await _socket.{|OCG1002:SendAsync|}(new byte[1], WebSocketMessageType.Text, true, cancellationToken);\nawait _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);")]
    public Task A_socket_whose_token_says_nothing_about_time_is_reported(string body) => Verifier.ReportedAsync(TimeoutCode.InMethod(body));

    [Theory]
    [InlineData("new CancellationTokenSource()")]
    [InlineData("new CancellationTokenSource(Timeout.Infinite)")]
    [InlineData("new CancellationTokenSource(Timeout.InfiniteTimeSpan)")]
    [InlineData("new CancellationTokenSource(TimeSpan.FromMilliseconds(-1))")]
    [InlineData("CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token)")]
    [InlineData("CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, default, _stop.Token)")]
    public Task A_source_that_no_timer_ends_is_no_limit(string source) => Verifier.ReportedAsync(TimeoutCode.InMethod(
        $"""
        using var source = {source};
        Console.CancelKeyPress += (_, _) => source.Cancel();
        await _socket.{"{|OCG1002:ConnectAsync|}"}(_uri, source.Token);
        """));

    [Fact]
    public Task A_timer_that_is_switched_off_is_no_limit() => Verifier.ReportedAsync(TimeoutCode.InMethod(
        """
        using var source = new CancellationTokenSource();
        source.CancelAfter(Timeout.InfiniteTimeSpan);
        await _socket.{|OCG1002:ConnectAsync|}(_uri, source.Token);
        """));

    [Fact]
    public Task One_caller_without_a_limit_is_enough() => Verifier.ReportedAsync(TimeoutCode.WithMembers(
        """
        public async Task RunAsync(CancellationToken stoppingToken)
        {
            using var limit = new CancellationTokenSource(5000);
            await ConnectAsync(limit.Token);
            await ConnectAsync(stoppingToken);
        }

        private Task ConnectAsync(CancellationToken token) => _socket.{|OCG1002:ConnectAsync|}(_uri, token);
        """));

    [Fact]
    public Task The_token_of_a_hosted_service_ends_with_the_program() => Verifier.ReportedAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        class Listener : Microsoft.Extensions.Hosting.BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                using var socket = new ClientWebSocket();
                await socket.{|OCG1002:ConnectAsync|}(new Uri("ws://127.0.0.1:18789/"), stoppingToken);
            }
        }
        """,
        isLibrary: true);

    [Theory]
    [InlineData("public Task ConnectAsync(CancellationToken token) => _socket.{|OCG1002:ConnectAsync|}(_uri, token);")]
    [InlineData("public Task ConnectAsync(CancellationToken token = default) => _socket.{|OCG1002:ConnectAsync|}(_uri, token);")]
    [InlineData("public Task ConnectAsync(CancellationToken token) => OpenAsync(token);\n\nprivate Task OpenAsync(CancellationToken token) => _socket.{|OCG1002:ConnectAsync|}(_uri, token);")]
    public Task A_library_that_leaves_the_limit_to_its_callers_is_told_so(string members)
        => Verifier.ReportedAsync(TimeoutCode.WithMembers(members).Replace("static void Main() { }", ""), isLibrary: true);

    [Theory]
    [InlineData("private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };")]
    [InlineData("private readonly HttpClient _http = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromMilliseconds(Timeout.Infinite) };")]
    [InlineData("private readonly HttpClient _http = new();\n\npublic Agent() => _http.Timeout = Timeout.InfiniteTimeSpan;")]
    [InlineData("private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());")]
    public Task An_HTTP_client_without_a_limit_of_its_own_is_reported(string field) => Verifier.ReportedAsync(TimeoutCode.WithMembers(
        $$"""
        {{field}}

        public async Task AskAsync(HttpRequestMessage other, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
            using var response = await _http.{{"{|OCG1002:SendAsync|}"}}(request, cancellationToken);
        }
        """));

    [Fact]
    public Task A_registered_client_without_a_limit_is_reported() => Verifier.ReportedAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        using Microsoft.Extensions.DependencyInjection;

        class Agent
        {
            private readonly IHttpClientFactory _factory;

            public Agent(IHttpClientFactory factory) => _factory = factory;

            public async Task<string> AskAsync(CancellationToken cancellationToken)
            {
                var http = _factory.CreateClient("gateway");
                return await http.{|OCG1002:GetStringAsync|}("http://127.0.0.1:18789/tools/invoke", cancellationToken);
            }

            static void Main() => new ServiceCollection().AddHttpClient("gateway", client => client.Timeout = Timeout.InfiniteTimeSpan);
        }
        """);

    [Theory]
    [InlineData("using var response = await http.{|OCG1002:SendAsync|}(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);\nConsole.WriteLine(await response.Content.ReadAsStringAsync(cancellationToken));")]
    [InlineData("using var response = await http.{|OCG1002:SendAsync|}(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);\nusing var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));\nwhile (await reader.ReadLineAsync(cancellationToken) is { } line) Console.WriteLine(line);")]
    [InlineData("using var stream = await http.{|OCG1002:GetStreamAsync|}(\"http://127.0.0.1:18789/v1/responses\");\nvar first = stream.ReadByte();")]
    [InlineData("await foreach (var item in http.{|OCG1002:GetFromJsonAsAsyncEnumerable|}<string>(\"http://127.0.0.1:18789/v1/responses\", cancellationToken)) Console.WriteLine(item);")]
    public Task A_body_that_is_read_behind_the_headers_is_reported(string body) => Verifier.ReportedAsync(TimeoutCode.InMethod(
        $"""
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
        {body}
        """));

    [Theory]
    [InlineData("await _chat.{|OCG1002:CompleteChatAsync|}(messages, cancellationToken: cancellationToken);")]
    [InlineData("_chat.{|OCG1002:CompleteChat|}(messages);")]
    [InlineData("await foreach (var update in _chat.{|OCG1002:CompleteChatStreamingAsync|}(messages).WithCancellation(cancellationToken)) Console.WriteLine(update);")]
    public Task An_SDK_whose_network_timeout_is_infinite_is_reported(string body) => Verifier.ReportedAsync(TimeoutCode.WithMembers(
        $$"""
        private readonly OpenAI.Chat.ChatClient _chat = new("m", new System.ClientModel.ApiKeyCredential("k"), new OpenAI.OpenAIClientOptions { NetworkTimeout = Timeout.InfiniteTimeSpan });

        public async Task AskAsync(IEnumerable<OpenAI.Chat.ChatMessage> messages, CancellationToken cancellationToken)
        {
            {{body}}
            await Task.Yield();
        }
        """));

    [Theory]
    [InlineData("await _socket.ConnectAsync(_uri, cancellationToken).WaitAsync(TimeSpan.FromSeconds(5));", "Info")]
    [InlineData("_socket.ConnectAsync(_uri, cancellationToken).Wait(5000);", "Info")]
    [InlineData("var connect = _socket.ConnectAsync(_uri, cancellationToken);\nif (await Task.WhenAny(connect, Task.Delay(5000)) != connect) throw new TimeoutException();\nawait connect;", "Info")]
    [InlineData("await _socket.ConnectAsync(_uri, cancellationToken);", "Warning")]
    public async Task Giving_up_the_wait_makes_it_a_suggestion_since_the_call_goes_on(string body, string level)
    {
        var test = new Microsoft.CodeAnalysis.CSharp.Testing.CSharpAnalyzerTest<GatewayCallAnalyzer, Microsoft.CodeAnalysis.Testing.DefaultVerifier>
        {
            TestCode = "using System;\nusing System.Net.WebSockets;\nusing System.Threading;\nusing System.Threading.Tasks;\n"
                + TimeoutCode.InMethod(body.Replace("ConnectAsync", "{|#0:ConnectAsync|}")),
            ReferenceAssemblies = Microsoft.CodeAnalysis.Testing.ReferenceAssemblies.Net.Net100,
        };
        test.TestState.OutputKind = Microsoft.CodeAnalysis.OutputKind.ConsoleApplication;
        string end = "ClientWebSocket has no connect timeout and the token carries no time limit";
        test.ExpectedDiagnostics.Add(new Microsoft.CodeAnalysis.Testing.DiagnosticResult("OCG1002", Enum.Parse<Microsoft.CodeAnalysis.DiagnosticSeverity>(level))
            .WithLocation(0)
            .WithArguments("ClientWebSocket.ConnectAsync", level == "Info" ? "only the wait for it ends, the call itself goes on: " + end : end)
            .WithOptions(Microsoft.CodeAnalysis.Testing.DiagnosticOptions.IgnoreAdditionalLocations));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public Task A_probe_without_a_limit_is_only_a_suggestion() => Verifier.ReportedAsync(TimeoutCode.InMethod(
        """
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        await http.{|OCG1002:GetAsync|}("http://127.0.0.1:18789/health", cancellationToken);
        """));
}
