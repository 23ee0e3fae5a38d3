using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.BoundWait>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1002 where a deadline would change what the code means, or would not cover the call.</summary>
public sealed class BoundWaitRefusalTests
{
    [Theory]
    [InlineData("catch (OperationCanceledException)", "return;")]
    [InlineData("catch (TaskCanceledException)", "return;")]
    [InlineData("catch (System.Threading.Tasks.TaskCanceledException)", "Console.WriteLine(\"stopping\");")]
    [InlineData("catch (OperationCanceledException e)", "Console.WriteLine(e);\n    return;")]
    [InlineData("catch (OperationCanceledException)", "")]
    [InlineData("catch (Exception e) when (e is OperationCanceledException)", "return;")]
    public Task A_time_out_that_would_look_like_a_shutdown(string clause, string handling) => NotFixableAsync(
        $$"""
        try
        {
            await _socket.{{"{|OCG1002:ConnectAsync|}"}}(_uri, cancellationToken);
        }
        {{clause}}
        {
            {{handling}}
        }
        """);

    [Theory]
    [InlineData("using var response = await http.{|OCG1002:SendAsync|}(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);\nConsole.WriteLine(await response.Content.ReadAsStringAsync());")]
    [InlineData("using var stream = await http.{|OCG1002:GetStreamAsync|}(\"http://127.0.0.1:18789/v1/responses\");\nstream.ReadByte();")]
    public Task A_body_that_is_read_after_the_call_has_returned(string read) => NotFixableAsync(
        $"""
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1:18789/v1/chat/completions");
        {read}
        """);

    [Theory]
    [InlineData("var connect = _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);\nawait connect;")]
    [InlineData("_ = _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken);\nawait Task.Yield();")]
    [InlineData("await Task.WhenAny(_socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken), Task.Delay(5000));")]
    [InlineData("_socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken).GetAwaiter().GetResult();")]
    [InlineData("await Task.Run(() => _socket.{|OCG1002:ConnectAsync|}(_uri, cancellationToken));")]
    public Task A_task_that_is_not_awaited_in_its_statement(string body) => NotFixableAsync(body);

    [Theory]
    [InlineData("public Task ConnectAsync(CancellationToken stop) => _socket.{|OCG1002:ConnectAsync|}(_uri, stop);")]
    [InlineData("public async Task ConnectAsync(CancellationToken stop) => await _socket.{|OCG1002:ConnectAsync|}(_uri, stop);")]
    [InlineData("public Task ConnectAsync(CancellationToken stop)\n{\n    return _socket.{|OCG1002:ConnectAsync|}(_uri, stop);\n}")]
    public Task An_elided_await_and_an_expression_body(string member) => Verifier.NotFixableAsync(TimeoutCode.WithMembers(member));

    [Theory]
    [InlineData("while (await http.{|OCG1002:GetStringAsync|}(url) != \"done\") await Task.Yield();")]
    [InlineData("for (var text = \"\"; text != \"done\"; text = await http.{|OCG1002:GetStringAsync|}(url)) await Task.Yield();")]
    [InlineData("if (url.Length == 0) return; else if (await http.{|OCG1002:GetStringAsync|}(url) is { Length: > 0 } text) Console.WriteLine(text);")]
    [InlineData("switch (url.Length)\n{\n    case 0:\n        var text = await http.{|OCG1002:GetStringAsync|}(url);\n        break;\n}")]
    [InlineData("again:\nawait http.{|OCG1002:GetStringAsync|}(url);\nif (url.Length == 0) goto again;")]
    [InlineData("if (url.Length == 0) goto end;\nvar text = await http.{|OCG1002:GetStringAsync|}(url);\nend:\nConsole.WriteLine();")]
    public Task A_place_where_a_deadline_could_not_be_declared_or_would_cover_more_than_the_call(string body) => NotFixableAsync(
        $$"""
        string url = "http://127.0.0.1:18789/tools/invoke";
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        {{body}}
        """);

    [Fact]
    public Task A_token_that_comes_from_an_effect() => NotFixableAsync(
        """
        await _socket.{|OCG1002:ConnectAsync|}(_uri, Next());
        CancellationToken Next() => cancellationToken;
        """);

    [Fact]
    public Task A_directive_inside_the_call() => NotFixableAsync(
        """
        await _socket.{|OCG1002:ConnectAsync|}(
        #if DEBUG
            _uri,
        #else
            _uri,
        #endif
            cancellationToken);
        """);

    [Fact]
    public Task A_declaration_before_CSharp_8() => Verifier.NotFixableAsync(
        """
        #pragma warning disable OCG1001 // judged by other tests
        using System.Net.Http;
        using System.Threading;
        using System.Threading.Tasks;

        class Agent
        {
            private readonly HttpClient _http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

            public async Task<string> AskAsync()
            {
                var text = await _http.{|OCG1002:GetStringAsync|}("http://127.0.0.1:18789/tools/invoke");
                return text;
            }

            static void Main() { }
        }
        """,
        LanguageVersion.CSharp7_3);

    [Fact]
    public Task A_stream_that_is_enumerated_later() => Verifier.NotFixableAsync(TimeoutCode.WithMembers(
        """
        private readonly OpenAI.Chat.ChatClient _chat = new("m", new System.ClientModel.ApiKeyCredential("k"), new OpenAI.OpenAIClientOptions { NetworkTimeout = Timeout.InfiniteTimeSpan });

        public async Task AskAsync(IEnumerable<OpenAI.Chat.ChatMessage> messages)
        {
            await foreach (var update in _chat.{|OCG1002:CompleteChatStreamingAsync|}(messages)) Console.WriteLine(update);
        }
        """));

    private static Task NotFixableAsync(string body) => Verifier.NotFixableAsync(TimeoutCode.InMethod(body));
}
