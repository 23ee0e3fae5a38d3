using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: streams, which are calls only while somebody reads them.</summary>
public sealed class ProtectCallStreamingTests
{
    [Theory]
    [InlineData(
        "await foreach (var update in _chat.{|OCG1001:CompleteChatStreamingAsync|}(messages)) { Console.Write(update); }",
        "await foreach (var update in GatewayPipeline.Shared.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct), cancellationToken)) { Console.Write(update); }")]
    [InlineData(
        "await foreach (var update in _chat.{|OCG1001:CompleteChatStreamingAsync|}(messages).WithCancellation(cancellationToken).ConfigureAwait(false)) { }",
        "await foreach (var update in GatewayPipeline.Shared.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(messages, cancellationToken: ct), cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false)) { }")]
    [InlineData(
        "var queue = new Queue<ChatMessage>(messages);\nawait foreach (var update in _chat.{|OCG1001:CompleteChatStreamingAsync|}(queue.Dequeue())) { }",
        "var queue = new Queue<ChatMessage>(messages);\nvar messages2 = queue.Dequeue();\nawait foreach (var update in GatewayPipeline.Shared.ExecuteStreamingAsync(ct => _chat.CompleteChatStreamingAsync(new ChatMessage[] { messages2 }, cancellationToken: ct), cancellationToken)) { }")]
    public Task A_stream_is_wrapped_where_it_is_read(string loop, string fixedLoop)
        => Verifier.FixedAsync(Code.InMethod(loop), Code.InMethod(fixedLoop, fixedCode: true));

    [Fact]
    public Task A_blocking_stream_is_wrapped_where_it_is_read() => Verifier.FixedAsync(
        Code.InMethod("foreach (var update in _chat.{|OCG1001:CompleteChatStreaming|}(messages)) { }", returns: "void"),
        Code.InMethod(
            "foreach (var update in GatewayPipeline.Shared.ExecuteStreaming(ct => _chat.CompleteChatStreaming(messages, cancellationToken: ct), cancellationToken)) { }",
            fixedCode: true,
            returns: "void"));

    [Fact]
    public Task A_stream_that_feeds_an_iterator_is_wrapped() => Verifier.FixedAsync(
        Code.InClass(
            """
            public async IAsyncEnumerable<string> ReadAsync(IChatClient chat, List<ChatMessage> messages)
            {
                await foreach (var update in chat.{|OCG1001:GetStreamingResponseAsync|}(messages))
                {
                    yield return update.Text;
                }
            }
            """,
            "using Microsoft.Extensions.AI;"),
        Code.InClass(
            """
            public async IAsyncEnumerable<string> ReadAsync(IChatClient chat, List<ChatMessage> messages)
            {
                await foreach (var update in GatewayPipeline.Shared.ExecuteStreamingAsync(ct => chat.GetStreamingResponseAsync(messages, cancellationToken: ct)))
                {
                    yield return update.Text;
                }
            }
            """,
            "using Microsoft.Extensions.AI;\nusing OpenClaw.Resilience;"));

    [Theory]
    [InlineData("var stream = _chat.{|OCG1001:CompleteChatStreamingAsync|}(messages);\nawait foreach (var update in stream) { }")]
    [InlineData("await using var reader = _chat.{|OCG1001:CompleteChatStreamingAsync|}(messages).GetAsyncEnumerator(cancellationToken);")]
    [InlineData("_streams.Add(_chat.{|OCG1001:CompleteChatStreamingAsync|}(messages));\nawait Task.Yield();")]
    [InlineData("foreach (var update in _chat.{|OCG1001:CompleteChatStreaming|}(messages).ToList()) { }\nawait Task.Yield();")]
    public Task A_stream_that_is_stored_or_passed_on_is_not_fixable(string statements)
        => Verifier.NotFixableAsync(Code.InMethod(statements, "private readonly List<object> _streams = new();"));

    [Fact]
    public Task A_stream_that_is_returned_is_not_fixable() => Verifier.NotFixableAsync(
        Code.InClass("public IAsyncEnumerable<StreamingChatCompletionUpdate> Read(ChatClient chat, List<ChatMessage> messages) => chat.{|OCG1001:CompleteChatStreamingAsync|}(messages);"));

    [Theory]
    [InlineData("await using var body = await _http.{|OCG1001:GetStreamAsync|}(\"http://box:18789/v1/responses\");")]
    [InlineData("await using var body = await _http.{|OCG1001:GetStreamAsync|}(\"http://box:18789/v1/responses\", cancellationToken);")]
    public Task A_body_that_is_read_later_is_not_fixable(string statement)
        => Verifier.NotFixableAsync(Code.InMethod(statement.Replace("OCG1001:GetStreamAsync|}", "OCG1001:{|OCG1002:GetStreamAsync|}|}", StringComparison.Ordinal)));
}
