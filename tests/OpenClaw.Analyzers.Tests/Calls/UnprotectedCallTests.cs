using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

public sealed class UnprotectedCallTests
{
    [Fact]
    public Task A_call_of_the_OpenAI_client_is_reported_and_wrapped() => Verifier.FixedAsync(
        """
        using OpenAI.Chat;

        class Agent
        {
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task<string> AskAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
            {
                ChatCompletion reply = await _chat.{|OCG1001:CompleteChatAsync|}(messages, cancellationToken: cancellationToken);
                return reply.Content[0].Text;
            }

            static void Main() { }
        }
        """,
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        class Agent
        {
            private readonly ChatClient _chat;

            public Agent(ChatClient chat) => _chat = chat;

            public async Task<string> AskAsync(IEnumerable<ChatMessage> messages, CancellationToken cancellationToken)
            {
                ChatCompletion reply = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), cancellationToken);
                return reply.Content[0].Text;
            }

            static void Main() { }
        }
        """);

    [Fact]
    public Task A_conditional_call_is_not_fixable() => Verifier.NotFixableAsync(
        """
        using OpenAI.Chat;

        class Agent
        {
            public async Task AskAsync(ChatClient chat, IEnumerable<ChatMessage> messages)
            {
                await chat?.{|OCG1001:CompleteChatAsync|}(messages);
            }

            static void Main() { }
        }
        """);
}
