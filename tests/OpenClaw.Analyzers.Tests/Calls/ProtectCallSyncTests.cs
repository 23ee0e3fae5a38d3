using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: calls that block the thread.</summary>
public sealed class ProtectCallSyncTests
{
    [Theory]
    [InlineData(
        "ChatCompletion reply = _chat.{|OCG1001:CompleteChat|}(messages);",
        "ChatCompletion reply = GatewayPipeline.Shared.Execute(ct => _chat.CompleteChat(messages, cancellationToken: ct), cancellationToken);")]
    [InlineData(
        "string text = _chat.{|OCG1001:CompleteChat|}(\"hello\").Value.Content[0].Text;",
        "string text = GatewayPipeline.Shared.Execute(ct => _chat.CompleteChat(new ChatMessage[] { \"hello\" }, cancellationToken: ct), cancellationToken).Value.Content[0].Text;")]
    [InlineData(
        "lock (messages) { _chat.{|OCG1001:CompleteChat|}(messages); }",
        "lock (messages) { GatewayPipeline.Shared.Execute(ct => _chat.CompleteChat(messages, cancellationToken: ct), cancellationToken); }")]
    public Task A_synchronous_call_is_executed_synchronously(string call, string fixedCall)
        => Verifier.FixedAsync(Code.InMethod(call, returns: "void"), Code.InMethod(fixedCall, fixedCode: true, returns: "void"));

    [Fact]
    public Task Members_without_a_body_are_wrapped_as_well() => Verifier.FixedAsync(
        Code.InClass(
            """
            private static readonly ChatClient Chat = Make();
            private readonly string _greeting = Chat.{|OCG1001:CompleteChat|}("hello").Value.Content[0].Text;

            public Agent() : this(Chat.{|OCG1001:CompleteChat|}("hello").Value.Content[0].Text) { }

            public Agent(string greeting) => _greeting = greeting;

            public string Again => Chat.{|OCG1001:CompleteChat|}("hello").Value.Content[0].Text + _greeting;

            private static ChatClient Make() => null;
            """),
        Code.InClass(
            """
            private static readonly ChatClient Chat = Make();
            private readonly string _greeting = GatewayPipeline.Shared.Execute(ct => Chat.CompleteChat(new ChatMessage[] { "hello" }, cancellationToken: ct)).Value.Content[0].Text;

            public Agent() : this(GatewayPipeline.Shared.Execute(ct => Chat.CompleteChat(new ChatMessage[] { "hello" }, cancellationToken: ct)).Value.Content[0].Text) { }

            public Agent(string greeting) => _greeting = greeting;

            public string Again => GatewayPipeline.Shared.Execute(ct => Chat.CompleteChat(new ChatMessage[] { "hello" }, cancellationToken: ct)).Value.Content[0].Text + _greeting;

            private static ChatClient Make() => null;
            """,
            "using OpenAI.Chat;\nusing OpenClaw.Resilience;"));

    [Fact]
    public Task An_asynchronous_call_is_never_executed_by_the_synchronous_method() => Verifier.FixedAsync(
        Code.InMethod("_chat.{|OCG1001:CompleteChatAsync|}(messages).GetAwaiter().GetResult();", returns: "void"),
        Code.InMethod(
            "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken).GetAwaiter().GetResult();",
            fixedCode: true,
            returns: "void"),
        remaining: Code.InMethod(
            "GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken).GetAwaiter().{|OCG1006:GetResult|}();",
            fixedCode: true,
            returns: "void"));

    // What keeps users from it who write the call by hand: the runtime's overload for it does not compile.
    [Fact]
    public Task The_synchronous_method_does_not_take_an_asynchronous_call() => Verifier.SilentAsync(
        Code.InMethod("{|CS0619:OpenClaw.Resilience.GatewayPipeline.Shared.Execute(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken)|};", returns: "void"));
}
