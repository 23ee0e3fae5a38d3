using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Where the wait goes besides a catch: blocking code, status loops, top-level statements, old language versions.</summary>
public sealed partial class WaitPlaceTests
{
    private const string Ask = "return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;";

    [Fact]
    public Task A_counter_from_further_out_would_go_on_where_another_loop_left_it() => FixedAsync(
        $$"""
        int tries = 0;
        foreach (ChatMessage message in messages)
        {
            {|OCG1101:while|} (true)
            {
                try { {{Ask}} }
                catch (ClientResultException)
                {
                    tries++;
                }
            }
        }

        return "";
        """,
        $$"""
        int tries = 0;
        foreach (ChatMessage message in messages)
        {
            int attempt = 0;
            while (true)
            {
                try { {{Ask}} }
                catch (ClientResultException)
                {
                    tries++;
                    await Backoff.DelayAsync(attempt++, token);
                }
            }
        }

        return "";
        """);

    [Fact]
    public Task Blocking_code_waits_blocking() => Verifier.FixedAsync(
        RetryCode.InBlockingMethod(
            """
            {|OCG1101:for|} (int attempt = 0; ; attempt++)
            {
                try
                {
                    return _chat.CompleteChat(messages, cancellationToken: token).Value.Content[0].Text;
                }
                catch (ClientResultException) when (attempt < 3)
                {
                }
            }
            """),
        RetryCode.InBlockingMethod(
            """
            for (int attempt = 0; ; attempt++)
            {
                try
                {
                    return _chat.CompleteChat(messages, cancellationToken: token).Value.Content[0].Text;
                }
                catch (ClientResultException) when (attempt < 3)
                {
                    Backoff.Delay(attempt);
                }
            }
            """,
            RetryCode.Import));

    [Theory]
    [InlineData("call()")]
    [InlineData("call.Invoke()")]
    public Task The_retry_helper_that_runs_what_it_is_given_is_fixed(string invocation)
    {
        const string Use = "return (await RetryAsync(() => _chat.CompleteChatAsync(messages, cancellationToken: token))).Value.Content[0].Text;";
        return Verifier.FixedAsync(
            RetryCode.InMethod(Use, members: Helper("{|OCG1101:for|}", "")),
            RetryCode.InMethod(Use, RetryCode.Import, members: Helper("for", "\n            await Backoff.DelayAsync(attempt);")));

        string Helper(string keyword, string wait) => $$"""
            private static async Task<T> RetryAsync<T>(Func<Task<T>> call, int most = 3)
            {
                {{keyword}} (int attempt = 0; attempt < most; attempt++)
                {
                    try
                    {
                        return await {{invocation}};
                    }
                    catch (ClientResultException) when (attempt < most - 1)
                    {
                        Console.WriteLine("again");{{wait}}
                    }
                }

                throw new InvalidOperationException();
            }

            """;
    }

    [Theory]
    [InlineData("if (reply.IsSuccessStatusCode)\n    {\n        return await reply.Content.ReadAsStringAsync();\n    }", "\n    if (attempt + 1 < 3)\n    {\n        await Backoff.DelayAsync(attempt, token);\n    }")]
    [InlineData("if (reply.IsSuccessStatusCode)\n    {\n        break;\n    }\n\n    _log.LogWarning(\"again\");", "\n    if (attempt + 1 < 3)\n    {\n        await Backoff.DelayAsync(attempt, token);\n    }")]
    public Task A_loop_over_the_status_waits_at_the_end_of_the_pass(string judge, string wait)
    {
        return FixedAsync(Loop("{|OCG1101:for|}", ""), Loop("for", wait));

        string Loop(string keyword, string wait) => $$"""
            {{keyword}} (int attempt = 0; attempt < 3; attempt++)
            {
                HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
                {{judge}}{{wait}}
            }

            return "";
            """;
    }

    [Fact]
    public Task Status_and_exception_share_the_wait_at_the_end() => FixedAsync(
        """
        {|OCG1101:while|} (true)
        {
            try
            {
                HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
                if (reply.IsSuccessStatusCode)
                {
                    return await reply.Content.ReadAsStringAsync();
                }
            }
            catch (HttpRequestException)
            {
                _log.LogWarning("again");
            }
        }
        """,
        """
        int attempt = 0;
        while (true)
        {
            try
            {
                HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
                if (reply.IsSuccessStatusCode)
                {
                    return await reply.Content.ReadAsStringAsync();
                }
            }
            catch (HttpRequestException)
            {
                _log.LogWarning("again");
            }
            await Backoff.DelayAsync(attempt++, token);
        }
        """);

    [Fact]
    public Task A_section_of_a_switch_takes_the_counter() => FixedAsync(
        $$"""
        switch (text)
        {
            case "ask":
                {|OCG1101:while|} (true)
                {
                    try { {{Ask}} }
                    catch (ClientResultException)
                    {
                        _log.LogWarning("again");
                    }
                }
            default:
                return "";
        }
        """,
        $$"""
        switch (text)
        {
            case "ask":
                int attempt = 0;
                while (true)
                {
                    try { {{Ask}} }
                    catch (ClientResultException)
                    {
                        _log.LogWarning("again");
                        await Backoff.DelayAsync(attempt++, token);
                    }
                }
            default:
                return "";
        }
        """);

    [Fact]
    public Task A_success_by_a_flag_does_not_wait() => FixedAsync(
        """
        bool done = false;
        {|OCG1101:while|} (!done)
        {
            try
            {
                await _chat.CompleteChatAsync(messages, cancellationToken: token);
                done = true;
            }
            catch (ClientResultException)
            {
            }
        }

        return "";
        """,
        """
        bool done = false;
        int attempt = 0;
        while (!done)
        {
            try
            {
                await _chat.CompleteChatAsync(messages, cancellationToken: token);
                done = true;
            }
            catch (ClientResultException)
            {
                await Backoff.DelayAsync(attempt++, token);
            }
        }

        return "";
        """);

    [Theory]
    [InlineData("await Task.Yield();", "await Backoff.DelayAsync(attempt);")]
    [InlineData("Span<byte> bytes = stackalloc byte[8];", "Backoff.Delay(attempt);")]
    public Task Top_level_statements_await_where_they_do_already(string first, string wait)
    {
        return Verifier.FixedAsync(Program("{|OCG1101:for|}", "", ""), Program("for", "\n        " + wait, "using OpenClaw.Resilience;\n"));

        string Program(string keyword, string wait, string import) => $$"""
            using System.ClientModel;
            using OpenAI.Chat;
            {{import}}
            {{first}}
            var chat = Activator.CreateInstance<ChatClient>();
            {{keyword}} (int attempt = 0; ; attempt++)
            {
                try
                {
                    chat.CompleteChat("hello");
                    break;
                }
                catch (ClientResultException) when (attempt < 3)
                {
                    Console.WriteLine("again");{{wait}}
                }
            }
            """;
    }

    [Fact]
    public Task A_local_function_of_top_level_statements_that_is_not_asynchronous_blocks() => Verifier.FixedAsync(
        """
        using System.ClientModel;
        using OpenAI.Chat;

        var chat = Activator.CreateInstance<ChatClient>();
        await Task.Yield();
        Ask();

        void Ask()
        {
            {|OCG1101:for|} (int attempt = 0; ; attempt++)
            {
                try { chat.CompleteChat("hello"); break; }
                catch (ClientResultException) when (attempt < 3) { }
            }
        }
        """,
        """
        using System.ClientModel;
        using OpenAI.Chat;
        using OpenClaw.Resilience;

        var chat = Activator.CreateInstance<ChatClient>();
        await Task.Yield();
        Ask();

        void Ask()
        {
            for (int attempt = 0; ; attempt++)
            {
                try { chat.CompleteChat("hello"); break; }
                catch (ClientResultException) when (attempt < 3)
                {
                    Backoff.Delay(attempt);
                }
            }
        }
        """);

    [Fact]
    public Task A_step_behind_the_try_statement_is_still_to_come() => FixedAsync(
        $$"""
        int attempt = 0;
        {|OCG1101:do|}
        {
            try { {{Ask}} }
            catch (ClientResultException) { _log.LogWarning("again"); }

            attempt++;
        }
        while (attempt < 3);
        return "";
        """,
        $$"""
        int attempt = 0;
        do
        {
            try { {{Ask}} }
            catch (ClientResultException)
            {
                _log.LogWarning("again");
                if (attempt + 1 < 3)
                {
                    await Backoff.DelayAsync(attempt, token);
                }
            }

            attempt++;
        }
        while (attempt < 3);
        return "";
        """);

    private static Task FixedAsync(string body, string fixedBody)
        => Verifier.FixedAsync(RetryCode.InMethod(body), RetryCode.InMethod(fixedBody, RetryCode.Import));
}
