using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Calls.GatewayCallAnalyzer, OpenClaw.Analyzers.CodeFixes.Calls.ProtectCall>;

namespace OpenClaw.Analyzers.Tests.Calls;

/// <summary>OCG1001 mended: comments, line breaks and directives stay where a person put them.</summary>
public sealed class ProtectCallLayoutTests
{
    [Fact]
    public Task Comments_around_and_inside_the_call_stay() => Verifier.FixedAsync(
        Code.InMethod(
            """
            // ask
            var reply = await _chat.{|OCG1001:CompleteChatAsync|}( // first
                messages, // the history
                /* no options */ null,
                cancellationToken); // done
            """),
        Code.InMethod(
            """
            // ask
            var reply = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync( // first
                messages, // the history
                /* no options */ null,
                ct), cancellationToken); // done
            """,
            fixedCode: true));

    [Fact]
    public Task A_call_over_several_lines_keeps_them() => Verifier.FixedAsync(
        Code.InMethod(
            """
            var reply = await _chat
                .{|OCG1001:CompleteChatAsync|}(
                    messages,
                    new ChatCompletionOptions
                    {
                        Temperature = 0.5f,
                    },
                    cancellationToken)
                .ConfigureAwait(false);
            """),
        Code.InMethod(
            """
            var reply = await GatewayPipeline.Shared.ExecuteAsync(ct => _chat
                .CompleteChatAsync(
                    messages,
                    new ChatCompletionOptions
                    {
                        Temperature = 0.5f,
                    },
                    ct), cancellationToken)
                .ConfigureAwait(false);
            """,
            fixedCode: true));

    [Fact]
    public Task A_comment_above_stays_with_the_call_when_a_local_goes_before_it() => Verifier.FixedAsync(
        Code.InMethod(
            """
            Console.WriteLine();

            // ask
            await _chat.{|OCG1001:CompleteChatAsync|}(messages.ToArray(), null, cancellationToken);
            """),
        Code.InMethod(
            """
            Console.WriteLine();

            var messages2 = messages.ToArray();
            // ask
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, null, ct), cancellationToken);
            """,
            fixedCode: true));

    [Fact]
    public Task Directives_around_the_call_stay() => Verifier.FixedAsync(
        Code.InMethod(
            """
            #region ask
            await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, cancellationToken);
            #endregion
            #pragma warning disable CS1591
            await _chat.{|OCG1001:CompleteChatAsync|}(messages, null, cancellationToken);
            """),
        Code.InMethod(
            """
            #region ask
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);
            #endregion
            #pragma warning disable CS1591
            await GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), cancellationToken);
            """,
            fixedCode: true));

    [Fact]
    public Task A_call_with_directives_inside_is_not_fixable() => Verifier.NotFixableAsync(
        Code.InMethod(
            """
            await _chat.{|OCG1001:CompleteChatAsync|}(
            #if DEBUG
                messages,
            #else
                messages,
            #endif
                null, cancellationToken);
            """));

    [Fact]
    public Task Line_ends_of_the_file_are_kept() => Verifier.FixedAsync(
        WithCarriageReturns(Code.InMethod("await _chat.{|OCG1001:CompleteChatAsync|}(messages.ToArray(), null, cancellationToken);")),
        WithCarriageReturns(Code.InMethod(
            "var messages2 = messages.ToArray();\nawait GatewayPipeline.Shared.ExecuteAsync(ct => _chat.CompleteChatAsync(messages2, null, ct), cancellationToken);",
            fixedCode: true)));

    [Fact]
    public Task A_file_header_stays_at_the_top() => Verifier.FixedAsync(
        """
        // Copyright somebody.

        class Agent
        {
            public Task AskAsync(OpenAI.Chat.ChatClient chat) => chat.{|OCG1001:CompleteChatAsync|}("hello");

            static void Main() { }
        }
        """,
        """
        // Copyright somebody.

        using OpenClaw.Resilience;

        class Agent
        {
            public Task AskAsync(OpenAI.Chat.ChatClient chat) => GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new OpenAI.Chat.ChatMessage[] { "hello" }, cancellationToken: ct));

            static void Main() { }
        }
        """);

    [Fact]
    public Task The_directive_goes_where_the_file_keeps_its_others() => Verifier.FixedAsync(
        """
        namespace App
        {
            using System.Text;
            using OpenAI.Chat;
            using Polly;

            class Agent
            {
                public Task AskAsync(ChatClient chat, List<ChatMessage> messages) => chat.{|OCG1001:CompleteChatAsync|}(messages);

                static void Main() { }
            }
        }
        """,
        """
        namespace App
        {
            using System.Text;
            using OpenAI.Chat;
            using OpenClaw.Resilience;
            using Polly;

            class Agent
            {
                public Task AskAsync(ChatClient chat, List<ChatMessage> messages) => GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(messages, cancellationToken: ct));

                static void Main() { }
            }
        }
        """);

    [Fact]
    public Task Top_level_statements_are_mended_like_those_of_a_method() => Verifier.FixedAsync(
        """
        using OpenAI.Chat;

        ChatClient chat = Make();
        var queue = new Queue<ChatMessage>();

        // ask
        var reply = await chat.{|OCG1001:CompleteChatAsync|}(queue.Dequeue());
        Console.WriteLine(reply.Value.Content[0].Text);

        static ChatClient Make() => null;
        """,
        """
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        ChatClient chat = Make();
        var queue = new Queue<ChatMessage>();

        var messages = queue.Dequeue();
        // ask
        var reply = await GatewayPipeline.Shared.ExecuteAsync(ct => chat.CompleteChatAsync(new ChatMessage[] { messages }, cancellationToken: ct));
        Console.WriteLine(reply.Value.Content[0].Text);

        static ChatClient Make() => null;
        """);

    private static string WithCarriageReturns(string source) => source.Replace("\n", "\r\n", StringComparison.Ordinal);
}
