using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.KeepStreamInside>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Streams that are read when the pipeline, or the loop, is over.</summary>
public sealed class StreamEscapesPipelineTests
{
    private const string Silenced = "dotnet_diagnostic.OCG1001.severity = none\ndotnet_diagnostic.OCG1002.severity = none";
    private const string Post = "_http.{|OCG1113:SendAsync|}(new HttpRequestMessage(HttpMethod.Post, Url), HttpCompletionOption.ResponseHeadersRead, ct)";
    private const string WithLimit = "new ResiliencePipelineBuilder().AddRetry(new()).AddTimeout(TimeSpan.FromSeconds(9)).Build()";

    [Theory]
    [InlineData("var stream = await _polly.ExecuteAsync(ct => new ValueTask<AsyncCollectionResult<StreamingChatCompletionUpdate>>(_chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct)));")]
    [InlineData("var stream = await _polly.ExecuteAsync(async ct => _chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct));")]
    [InlineData("var stream = _polly.Execute(ct => _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct));")]
    [InlineData("var stream = _polly.Execute(ct => { var s = _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct); return s; });")]
    [InlineData("var stream = await Policy.Handle<Exception>().RetryAsync(3).ExecuteAsync(() => Task.FromResult(_chat.{|OCG1113:CompleteChatStreamingAsync|}(messages)));")]
    [InlineData("var stream = await _gateway.ExecuteAsync(ct => Task.FromResult(_chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct)));")]
    [InlineData("var response = await _polly.ExecuteAsync(async ct => await " + Post + ");")]
    [InlineData("var response = await _polly.ExecuteAsync(async ct => { var r = await " + Post + "; r.EnsureSuccessStatusCode(); return r; });")]
    [InlineData("var body = await _polly.ExecuteAsync(async ct => await _http.{|OCG1113:GetStreamAsync|}(Url, ct));")]
    public Task A_stream_that_a_pipeline_hands_out_is_reported(string body) => Verifier.ReportedAsync(Method(body), config: Silenced);

    [Theory]
    [InlineData("for (int i = 0; i < 3; i++) { try { return _chat.{|OCG1113:CompleteChatStreamingAsync|}(messages); } catch (ClientResultException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", "async Task<AsyncCollectionResult<StreamingChatCompletionUpdate>>")]
    [InlineData("for (int i = 0; i < 3; i++) { try { var s = _chat.{|OCG1113:CompleteChatStreamingAsync|}(messages); return s; } catch (ClientResultException) { await Task.Delay(1000 << i); } }\nthrow new InvalidOperationException();", "async Task<AsyncCollectionResult<StreamingChatCompletionUpdate>>")]
    [InlineData("CollectionResult<StreamingChatCompletionUpdate> s = null;\nfor (int i = 0; i < 3; i++) { try { s = _chat.{|OCG1113:CompleteChatStreaming|}(messages); break; } catch (ClientResultException) { Thread.Sleep(1000 << i); } }\nforeach (var update in s) { }", "void")]
    public Task A_retry_around_a_stream_that_was_not_begun_is_reported(string body, string returned) => Verifier.ReportedAsync(Method(body, returned), config: Silenced);

    [Theory]
    [InlineData("await _polly.ExecuteAsync(async ct => { await foreach (var update in _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct)) { } });")]
    [InlineData("await _polly.ExecuteAsync(async ct => { var s = _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct); await foreach (var update in s) { } return s; });")]
    [InlineData("await _polly.ExecuteAsync(async ct => { var e = _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct).GetAsyncEnumerator(); await e.MoveNextAsync(); return e; });")]
    [InlineData("await foreach (var update in _gateway.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct))) { }")]
    [InlineData("await _polly.ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, cancellationToken: ct));")]
    [InlineData("await _gateway.ExecuteAsync(ct => _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, Url), HttpCompletionOption.ResponseHeadersRead, ct));")]
    [InlineData("await _retryOnly.ExecuteAsync(async ct => await _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, Url), HttpCompletionOption.ResponseHeadersRead, ct));")]
    [InlineData("await _given.ExecuteAsync(async ct => await _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, Url), HttpCompletionOption.ResponseHeadersRead, ct));")]
    [InlineData("await _polly.ExecuteAsync(async ct => await _http.PostAsync(Url, null, ct));")]
    [InlineData("for (int i = 0; i < 3; i++) { try { foreach (var update in _chat.CompleteChatStreaming(messages)) { } return; } catch (ClientResultException) { await Task.Delay(1000 << i); } }")]
    [InlineData("IAsyncEnumerator<StreamingChatCompletionUpdate> e = null;\nfor (int i = 0; i < 3; i++) { try { e = _chat.CompleteChatStreamingAsync(messages).GetAsyncEnumerator(); await e.MoveNextAsync(); break; } catch (ClientResultException) { await Task.Delay(1000 << i); } }")]
    public Task A_stream_that_is_read_inside_and_a_response_without_a_limit_are_silent(string body) => Verifier.SilentAsync(Method(body), config: Silenced);

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData(
        "await foreach (var update in await _gateway.ExecuteAsync(ct => Task.FromResult(_chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct)))) { }",
        "await foreach (var update in _gateway.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct))) { }")]
    [InlineData(
        "var stream = await _gateway.ExecuteAsync(async ct => _chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct));\nawait foreach (var update in stream) { }",
        "var stream = _gateway.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct));\nawait foreach (var update in stream) { }")]
    [InlineData(
        "foreach (var update in _gateway.Execute(ct => _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct))) { }",
        "foreach (var update in _gateway.ExecuteStreaming(ct => _chat.CompleteChatStreaming(messages, cancellationToken: ct))) { }")]
    public Task A_stream_in_our_pipeline_stays_in_it(string body, string fixedBody) => Verifier.FixedAsync(Method(body), Method(fixedBody));

    [Fact]
    public Task Several_streams_are_fixed_at_once() => Verifier.FixedAsync(
        Method("foreach (var update in _gateway.Execute(ct => _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct))) { }\nforeach (var update in _gateway.Execute(ct => _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct))) { }"),
        Method("foreach (var update in _gateway.ExecuteStreaming(ct => _chat.CompleteChatStreaming(messages, cancellationToken: ct))) { }\nforeach (var update in _gateway.ExecuteStreaming(ct => _chat.CompleteChatStreaming(messages, cancellationToken: ct))) { }"));

    [Theory]
    [InlineData("var stream = await _gateway.ExecuteAsync(ct => Task.FromResult(_chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct)));\nConsole.WriteLine(stream);")]
    [InlineData("AsyncCollectionResult<StreamingChatCompletionUpdate> stream = await _gateway.ExecuteAsync(ct => Task.FromResult(_chat.{|OCG1113:CompleteChatStreamingAsync|}(messages, cancellationToken: ct)));\nawait foreach (var update in stream) { }")]
    [InlineData("foreach (var update in _gateway.Execute(ct => { return _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct); })) { }")]
    [InlineData("foreach (var update in _polly.Execute(ct => _chat.{|OCG1113:CompleteChatStreaming|}(messages, cancellationToken: ct))) { }")]
    public Task Other_pipelines_and_other_uses_are_not_fixable(string body) => Verifier.NotFixableAsync(Method(body));

    private static string Method(string body, string returned = "async Task") => $$"""
        #pragma warning disable CS1998
        using System.ClientModel;
        using OpenAI.Chat;
        using OpenClaw.Resilience;
        using Polly;

        class Agent
        {
            private const string Url = "http://gateway:18789/v1/chat/completions";
            private readonly ChatClient _chat;
            private readonly HttpClient _http;
            private readonly GatewayPipeline _gateway;
            private readonly ResiliencePipeline _polly = {{WithLimit}};
            private readonly ResiliencePipeline _retryOnly = new ResiliencePipelineBuilder().AddRetry(new()).Build();
            private readonly ResiliencePipeline _given;

            public Agent(ChatClient chat, HttpClient http, GatewayPipeline gateway, ResiliencePipeline given)
                => (_chat, _http, _gateway, _given) = (chat, http, gateway, given);

            public {{returned}} AskAsync(List<ChatMessage> messages)
            {
        {{string.Join('\n', body.Split('\n').Select(line => "        " + line))}}
            }

            static void Main() { }
        }
        """;
}
