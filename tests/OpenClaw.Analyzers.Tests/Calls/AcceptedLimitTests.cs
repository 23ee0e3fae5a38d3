using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1002 has nothing to say where something limits the wait, or may do so out of sight.</summary>
public sealed class AcceptedLimitTests
{
    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("using var source = new CancellationTokenSource(5000);")]
    [InlineData("using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5));")]
    [InlineData("using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);")]
    [InlineData("using var source = new CancellationTokenSource();\nsource.CancelAfter(5000);")]
    [InlineData("using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);\nsource.CancelAfter(TimeSpan.FromSeconds(5));")]
    [InlineData("CancellationTokenSource? source = new CancellationTokenSource();\nsource?.CancelAfter(5000);")]
    [InlineData("using var timer = new CancellationTokenSource(5000);\nusing var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);")]
    [InlineData("using var timer = new CancellationTokenSource(5000);\nusing var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token, timer.Token);")]
    [InlineData("using var source = OpenClaw.Resilience.Deadline.After(TimeSpan.FromSeconds(5), cancellationToken);")]
    [InlineData("using var source = new CancellationTokenSource();\nusing var watchdog = new Timer(_ => source.Cancel(), null, 5000, Timeout.Infinite);")]
    [InlineData("using var source = new CancellationTokenSource();\n_ = Task.Delay(5000).ContinueWith(_ => source.Cancel());")]
    [InlineData("using var source = new CancellationTokenSource();\n_ = Task.Run(async () => { await Task.Delay(5000); await source.CancelAsync(); });")]
    [InlineData("using var source = new CancellationTokenSource();\nGC.KeepAlive(source);")]
    [InlineData("using var source = new CancellationTokenSource(cancellationToken.CanBeCanceled ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(5));")]
    public Task A_token_that_ends_after_a_time_or_may_is_accepted(string source) => Verifier.SilentAsync(TimeoutCode.InMethod(
        source + "\nawait _socket.ConnectAsync(_uri, source.Token);"));

    [Fact]
    public Task A_timed_token_in_the_place_of_the_parameter_is_accepted() => Verifier.SilentAsync(TimeoutCode.InMethod(
        """
        using var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(TimeSpan.FromSeconds(5));
        cancellationToken = source.Token;
        await _socket.ConnectAsync(_uri, cancellationToken);
        """));

    [Fact]
    public Task A_helper_that_makes_the_timed_source_is_followed() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        public async Task RunAsync(CancellationToken cancellationToken)
        {
            using var source = Limited(cancellationToken);
            await _socket.ConnectAsync(_uri, source.Token);
        }

        private static CancellationTokenSource Limited(CancellationToken outer)
        {
            var linked = CancellationTokenSource.CreateLinkedTokenSource(outer);
            linked.CancelAfter(5000);
            return linked;
        }
        """));

    [Fact]
    public Task A_field_whose_timer_another_type_starts_is_accepted() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        private readonly Session _session = new();

        public Task RunAsync() => _socket.ConnectAsync(_uri, _session.Source.Token);

        class Session
        {
            public CancellationTokenSource Source { get; } = new();
        }

        static class Watchdog
        {
            public static void Start(Session session) => session.Source.CancelAfter(5000);
        }
        """));

    [Fact]
    public Task Callers_that_all_pass_a_limit_are_followed() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        public async Task RunAsync()
        {
            using var limit = new CancellationTokenSource(5000);
            await ConnectAsync(limit.Token);
        }

        private Task ConnectAsync(CancellationToken token) => InnerAsync(token);

        private Task InnerAsync(CancellationToken token) => _socket.ConnectAsync(_uri, token);
        """));

    [Theory]
    [InlineData("private readonly CancellationToken _token;\n\npublic Agent(CancellationToken token) => _token = token;\n\npublic Task ConnectAsync() => _socket.ConnectAsync(_uri, _token);")]
    [InlineData("public Func<CancellationToken, Task> Connector => token => _socket.ConnectAsync(_uri, token);")]
    [InlineData("private Task ConnectAsync(CancellationToken token) => _socket.ConnectAsync(_uri, token);\n\npublic Func<CancellationToken, Task> Connector() => Wrap(ConnectAsync);\n\nprivate static T Wrap<T>(T value) => value;")]
    [InlineData("public Task ConnectAsync(IServiceProvider services) => _socket.ConnectAsync(_uri, (CancellationToken)services.GetService(typeof(CancellationToken))!);")]
    [InlineData("public Task ConnectAsync(CancellationTokenSource source) => _socket.ConnectAsync(_uri, source.Token);")]
    public Task A_token_from_out_of_sight_may_carry_a_limit(string members) => Verifier.SilentAsync(TimeoutCode.WithMembers(members).Replace("static void Main() { }", ""), isLibrary: true);

    [Fact]
    public Task A_method_that_another_library_calls_gets_a_token_of_its_making() => Verifier.SilentAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        class Connector : MemoryStream
        {
            public override Task FlushAsync(CancellationToken token) => new ClientWebSocket().ConnectAsync(new Uri("ws://127.0.0.1:18789/"), token);

            static void Main() { }
        }

        class Stopper : Microsoft.Extensions.Hosting.IHostedService
        {
            public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

            public Task StopAsync(CancellationToken cancellationToken) => new ClientWebSocket().ConnectAsync(new Uri("ws://127.0.0.1:18789/"), cancellationToken);
        }
        """);

    [Fact]
    public Task A_host_with_request_timeouts_limits_the_tokens_of_its_requests() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        public Task AskAsync(CancellationToken requestAborted) => _socket.ConnectAsync(_uri, requestAborted);

        public void Configure(Host host) => host.AddRequestTimeouts();

        public class Host
        {
            public void AddRequestTimeouts() { }
        }
        """));

    [Fact]
    public Task An_iterator_may_get_its_limit_from_WithCancellation() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        public async Task RunAsync()
        {
            using var limit = new CancellationTokenSource(5000);
            await foreach (var item in ItemsAsync().WithCancellation(limit.Token)) Console.WriteLine(item);
        }

        private async IAsyncEnumerable<int> ItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token = default)
        {
            await _socket.ConnectAsync(_uri, token);
            yield return 1;
        }
        """));

    [Theory]
    [InlineData("await Polly.ResiliencePipeline.Empty.ExecuteAsync(async token => await _socket.ConnectAsync(_uri, token), cancellationToken);")]
    [InlineData("await Polly.Policy.TimeoutAsync(5, Polly.Timeout.TimeoutStrategy.Pessimistic).ExecuteAsync(() => _socket.ConnectAsync(_uri, cancellationToken));")]
    [InlineData("await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(token => _socket.ConnectAsync(_uri, token), cancellationToken);")]
    [InlineData("await WithinAsync(_socket.ConnectAsync(_uri, cancellationToken));\nstatic Task WithinAsync(Task task) => task.WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("var tasks = new[] { _socket.ConnectAsync(_uri, cancellationToken), Task.Delay(5000) };\nawait Task.WhenAny(tasks);")]
    [InlineData("await WithinAsync(() => _socket.ConnectAsync(_uri, cancellationToken));\nstatic Task WithinAsync(Func<Task> run) => run().WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("Func<Task> connect = () => _socket.ConnectAsync(_uri, cancellationToken);\nawait Task.WhenAny(connect(), Task.Delay(5000));")]
    [InlineData("using var handler = new SocketsHttpHandler();\nusing var invoker = new HttpClient(handler);\nawait _socket.ConnectAsync(_uri, invoker, cancellationToken);")]
    [InlineData("var buffer = new byte[1];\nwhile (true) await _socket.ReceiveAsync(buffer, cancellationToken);")]
    [InlineData("_socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(15);\nawait _socket.SendAsync(new byte[1], WebSocketMessageType.Text, true, cancellationToken);\nif (_stop.IsCancellationRequested) await _socket.ConnectAsync(_uri, new CancellationTokenSource(5000).Token);")]
    public Task A_wrapper_that_limits_the_wait_or_may_is_accepted(string body) => Verifier.SilentAsync(TimeoutCode.InMethod(body));

    [Theory]
    [InlineData("new HttpClient()")]
    [InlineData("new HttpClient { Timeout = TimeSpan.FromMinutes(5) }")]
    [InlineData("new HttpClient(new TimeoutHandler()) { Timeout = Timeout.InfiniteTimeSpan }")]
    [InlineData("new HttpClient { Timeout = stop.IsCancellationRequested ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(5) }")]
    public Task An_HTTP_client_with_a_limit_or_a_handler_of_its_own_is_accepted(string client) => Verifier.SilentAsync(
        $$"""
        #pragma warning disable OCG1001 // judged by other tests
        class TimeoutHandler : DelegatingHandler { }

        class Agent
        {
            public async Task<string> AskAsync(CancellationToken stop)
            {
                using var http = {{client}};
                using var response = await http.PostAsync("http://127.0.0.1:18789/v1/chat/completions", null, stop);
                return await response.Content.ReadAsStringAsync(stop);
            }

            static void Main() { }
        }
        """);

    [Theory]
    [InlineData("response.EnsureSuccessStatusCode();")]
    [InlineData("using var idle = new CancellationTokenSource(5000);\nawait response.Content.ReadAsStringAsync(idle.Token);")]
    [InlineData("await response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(5));")]
    [InlineData("await ReadAsync(response.Content);\nstatic async Task ReadAsync(HttpContent content) { using var idle = new CancellationTokenSource(5000); await content.ReadAsStringAsync(idle.Token); }")]
    public Task A_body_that_is_not_read_or_read_with_a_limit_is_accepted(string reads) => Verifier.SilentAsync(TimeoutCode.InMethod(
        $"""
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        {reads}
        """));

    [Theory]
    [InlineData("public Task<Stream> OpenAsync(CancellationToken stop) => _http.GetStreamAsync(\"http://127.0.0.1:18789/v1/responses\", stop);")]
    [InlineData("public async Task<Stream> OpenAsync(CancellationToken stop)\n{\n    var stream = await _http.GetStreamAsync(\"http://127.0.0.1:18789/v1/responses\", stop).ConfigureAwait(false);\n    return stream;\n}")]
    public Task A_body_that_somebody_else_reads_is_not_judged(string method) => Verifier.SilentAsync(TimeoutCode.WithMembers("private readonly HttpClient _http = new();\n\n" + method));

    [Theory]
    [InlineData("new OpenAI.OpenAIClientOptions()", "messages, cancellationToken: stop")]
    [InlineData("new OpenAI.OpenAIClientOptions { NetworkTimeout = TimeSpan.FromMinutes(5) }", "messages, cancellationToken: stop")]
    [InlineData("new OpenAI.OpenAIClientOptions { NetworkTimeout = Timeout.InfiniteTimeSpan }", "(System.ClientModel.BinaryContent)null!, new System.ClientModel.Primitives.RequestOptions()")]
    public Task An_SDK_with_a_limit_of_its_own_is_accepted(string options, string arguments) => Verifier.SilentAsync(TimeoutCode.WithMembers(
        $$"""
        public async Task AskAsync(IEnumerable<OpenAI.Chat.ChatMessage> messages, CancellationToken stop)
        {
            var chat = new OpenAI.Chat.ChatClient("m", new System.ClientModel.ApiKeyCredential("k"), {{options}});
            await chat.CompleteChatAsync({{arguments}});
        }
        """));

    [Fact]
    public Task An_abstraction_whose_client_is_out_of_sight_is_not_judged() => Verifier.SilentAsync(TimeoutCode.WithMembers(
        """
        public async Task AskAsync(Microsoft.Extensions.AI.IChatClient chat, IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages)
            => await chat.GetResponseAsync(messages);

        public Task SendAsync(HttpMessageInvoker invoker, CancellationToken stop)
            => invoker.SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions"), stop);

        public Task SendAsync(ClientWebSocket socket, CancellationToken stop) => socket.SendAsync(new byte[1], WebSocketMessageType.Text, true, stop);
        """));
}
