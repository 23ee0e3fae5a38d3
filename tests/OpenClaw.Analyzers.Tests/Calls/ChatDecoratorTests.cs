using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>Chat clients of the user's own around another: one that only hands on protects nobody, any other may.</summary>
public sealed class ChatDecoratorTests
{
    private static string Around(string ask, string call, string members = "", string parameter = "", string begin = "", string compose = "new Decorator(inner)") => $$"""
        using Microsoft.Extensions.AI;
        using Microsoft.Extensions.Logging;
        using System.Runtime.CompilerServices;

        class Decorator : IChatClient
        {
            private readonly IChatClient _inner;
            {{members}}
            public Decorator(IChatClient inner{{parameter}}) => _inner = inner;

            public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions options = null, CancellationToken token = default)
            {
                {{ask}}
            }

            public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
                IEnumerable<ChatMessage> messages, ChatOptions options = null, [EnumeratorCancellation] CancellationToken token = default)
            {
                await foreach (ChatResponseUpdate update in _inner.GetStreamingResponseAsync(messages, options, token))
                {
                    yield return update;
                }
            }

            public object GetService(Type type, object key = null) => type.IsInstanceOfType(this) ? this : _inner.GetService(type, key);

            public void Dispose() => _inner.Dispose();
        }

        class Agent
        {
            private readonly IChatClient _chat;

            public Agent(IChatClient chat) => _chat = chat;

            public async Task AskAsync()
            {
                {{begin}}
                await _chat.{{call}}("hello");
            }

            public static object Compose(IChatClient inner) => {{(parameter.Length == 0 ? compose : "new Decorator(inner, default)")}};

            static void Main() { }
        }

        class Service
        {
            public Task<ChatResponse> RunAsync(IChatClient client) => Task.FromResult<ChatResponse>(null);
        }

        class Breaker
        {
            public void ThrowIfOpen() { }
        }
        """;

    [Theory]
    [InlineData("return await _inner.GetResponseAsync(messages, options, token);", "")]
    [InlineData("options ??= new ChatOptions();\n        return await _inner.GetResponseAsync(messages, options, token);", "private readonly ILogger _log = null; private readonly string _name = \"\";")]
    [InlineData("try { return await _inner.GetResponseAsync(messages, options, token); } finally { Console.WriteLine(); }", "private readonly List<string> _seen = new();")]
    public Task One_that_only_hands_on_protects_nobody(string ask, string members)
        => Verifier.ReportedAsync(Around(ask, "{|OCG1001:GetResponseAsync|}", members));

    [Theory]
    [InlineData("try { return await _inner.GetResponseAsync(messages, options, token); } catch (IOException) { return await _inner.GetResponseAsync(messages, options, token); }", "")]
    [InlineData("while (true) { var answer = await _inner.GetResponseAsync(messages, options, token); if (answer.Text.Length > 0) { return answer; } }", "")]
    [InlineData("Func<Task<ChatResponse>> ask = () => _inner.GetResponseAsync(messages, options, token);\n        return await ask();", "")]
    [InlineData("return await new Service().RunAsync(_inner);", "")]
    [InlineData("await _gate.WaitAsync(token);\n        return await _inner.GetResponseAsync(messages, options, token);", "private readonly SemaphoreSlim _gate = new(1);")]
    [InlineData("return await _inner.GetResponseAsync(messages, options, token);", "private readonly Service _service = new();")]
    [InlineData("return await _inner.GetResponseAsync(messages, options, token);", "private readonly Func<Task> _before = null;")]
    public Task One_that_may_do_more_may_protect(string ask, string members) => Verifier.SilentAsync(Around(ask, "GetResponseAsync", members));

    [Fact]
    public Task One_that_is_made_around_a_client_out_of_sight_is_as_safe_as_that()
        => Verifier.SilentAsync(Around("return await _inner.GetResponseAsync(messages, options, token);", "GetResponseAsync", compose: "new Agent(new Decorator(inner))"));

    [Fact]
    public Task What_it_is_given_may_protect() => Verifier.SilentAsync(
        Around("return await _inner.GetResponseAsync(messages, options, token);", "GetResponseAsync", parameter: ", Service service"));

    [Fact]
    public Task A_breaker_written_by_hand_around_the_call_is_seen() => Verifier.SilentAsync(
        Around("return await _inner.GetResponseAsync(messages, options, token);", "GetResponseAsync", begin: "new Breaker().ThrowIfOpen();"));

    [Theory]
    [InlineData("for (int i = 0; ; i++) { var answer = await base.SendAsync(request, token); if (i == 3 || answer.IsSuccessStatusCode) { return answer; } }", "GetResponseAsync")]
    [InlineData("return await Polly.ResiliencePipeline.Empty.ExecuteAsync(async ct => await base.SendAsync(request, ct), token);", "GetResponseAsync")]
    [InlineData("request.Headers.Add(\"x\", \"y\");\n        return await base.SendAsync(request, token);", "{|OCG1001:GetResponseAsync|}")]
    public Task An_HTTP_handler_of_the_sources_may_be_below_it(string send, string call) => Verifier.ReportedAsync(
        Around("return await _inner.GetResponseAsync(messages, options, token);", call) + $$"""


        class Handler : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)
            {
                {{send}}
            }
        }
        """);
}
