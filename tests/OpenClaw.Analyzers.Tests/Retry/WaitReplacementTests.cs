using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Constant waits that grow after the fix, and the other places that a wait goes to: blocking code, status loops, top-level statements.</summary>
public sealed class WaitReplacementTests
{
    private const string Ask = "return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;";
    private const string Members = """
        private const int PauseMs = 200;
        private readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
        private TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(1);

        """;

    [Theory]
    [InlineData("await {|OCG1101:Task.Delay(1000, token)|};", "await Backoff.DelayAsync(attempt, token);")]
    [InlineData("await {|OCG1101:Task.Delay(1000)|};", "await Backoff.DelayAsync(attempt);")]
    [InlineData("await {|OCG1101:Task.Delay(0)|};", "await Backoff.DelayAsync(attempt);")]
    [InlineData("await {|OCG1101:Task.Delay(TimeSpan.FromSeconds(2), token)|}.ConfigureAwait(false); // two", "await Backoff.DelayAsync(attempt, token).ConfigureAwait(false); // two")]
    [InlineData("await {|OCG1101:Task.Delay(cancellationToken: token, millisecondsDelay: 1000)|};", "await Backoff.DelayAsync(attempt, token);")]
    [InlineData("await {|OCG1101:Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, token)|};", "await Backoff.DelayAsync(attempt, TimeProvider.System, token);")]
    [InlineData("{|OCG1101:Task.Delay(1000)|}.Wait();", "Backoff.DelayAsync(attempt).Wait();")]
    [InlineData("{|OCG1101:Thread.Sleep(1000)|};", "Backoff.Delay(attempt);")]
    [InlineData("{|OCG1101:Thread.Sleep(TimeSpan.FromSeconds(1))|};", "Backoff.Delay(attempt);")]
    public Task A_wait_of_a_literal_time_becomes_the_growing_one(string wait, string growing) => WaitIsReplacedAsync(wait, growing);

    [Theory]
    [InlineData("await {|OCG1101:Task.Delay(PauseMs, token)|};", "await Task.Delay(Backoff.GetDelay(attempt, TimeSpan.FromMilliseconds(PauseMs)), token);")]
    [InlineData("await {|OCG1101:Task.Delay(_pause, token)|};", "await Task.Delay(Backoff.GetDelay(attempt, _pause), token);")]
    [InlineData("await {|OCG1101:Task.Delay(Pause)|};", "await Task.Delay(Backoff.GetDelay(attempt, Pause));")]
    [InlineData("{|OCG1101:Thread.Sleep(_pause)|};", "Thread.Sleep(Backoff.GetDelay(attempt, _pause));")]
    [InlineData("await {|OCG1101:Task.Delay(TimeSpan.FromMinutes(2), token)|};", "await Task.Delay(Backoff.GetDelay(attempt, TimeSpan.FromMinutes(2)), token);")]
    [InlineData("await {|OCG1101:Task.Delay(45000)|};", "await Task.Delay(Backoff.GetDelay(attempt, TimeSpan.FromMilliseconds(45000)));")]
    public Task A_time_that_somebody_named_or_that_is_long_stays_as_the_one_to_grow_from(string wait, string growing) => WaitIsReplacedAsync(wait, growing);

    [Fact]
    public Task Every_equal_wait_of_the_loop_grows() => FixedAsync(
        $$"""
        while (true)
        {
            try { {{Ask}} }
            catch (ClientResultException) { await Task.Delay(1000, token); }
            catch (IOException) { await {|OCG1101:Task.Delay(1000, token)|}; }
        }
        """,
        $$"""
        int attempt = 0;
        while (true)
        {
            try { {{Ask}} }
            catch (ClientResultException) { await Backoff.DelayAsync(attempt++, token); }
            catch (IOException) { await Backoff.DelayAsync(attempt++, token); }
        }
        """);

    [Fact]
    public Task A_wait_at_the_end_of_the_pass_is_replaced_where_it_stands() => FixedAsync(
        $$"""
        int tries = 0;
        while (tries < 5)
        {
            try { {{Ask}} }
            catch (ClientResultException) { _log.LogWarning("again"); }

            tries++;
            await {|OCG1101:Task.Delay(1000, token)|};
        }

        return "";
        """,
        $$"""
        int tries = 0;
        while (tries < 5)
        {
            try { {{Ask}} }
            catch (ClientResultException) { _log.LogWarning("again"); }

            tries++;
            await Backoff.DelayAsync(tries, token);
        }

        return "";
        """);

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
    public Task A_range_that_runs_backwards_is_no_counter() => FixedAsync(
        $$"""
        foreach (int left in Enumerable.Range(0, 5).Reverse())
        {
            try { {{Ask}} }
            catch (ClientResultException) { await {|OCG1101:Task.Delay(1000, token)|}; }
        }

        return "";
        """,
        $$"""
        int attempt = 0;
        foreach (int left in Enumerable.Range(0, 5).Reverse())
        {
            try { {{Ask}} }
            catch (ClientResultException) { await Backoff.DelayAsync(attempt++, token); }
        }

        return "";
        """);

    [Fact]
    public Task A_wait_before_the_next_attempt_grows_where_it_stands() => FixedAsync(
        $$"""
        for (int attempt = 0; attempt < 5; attempt++)
        {
            if (attempt > 0)
                await {|OCG1101:Task.Delay(1000, token)|};
            try { {{Ask}} }
            catch (ClientResultException) { _log.LogWarning("again"); }
        }

        return "";
        """,
        $$"""
        for (int attempt = 0; attempt < 5; attempt++)
        {
            if (attempt > 0)
                await Backoff.DelayAsync(attempt, token);
            try { {{Ask}} }
            catch (ClientResultException) { _log.LogWarning("again"); }
        }

        return "";
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
    [InlineData("\n")]
    [InlineData("\r\n")]
    public Task Comments_and_line_ends_stay(string lineEnd) => Verifier.FixedAsync(
        Commented("{|OCG1101:while|} (true)", "", "", "").ReplaceLineEndings(lineEnd),
        Commented("while (true)", "int attempt = 0;\n", "\n        await Backoff.DelayAsync(attempt++, token);", RetryCode.Import).ReplaceLineEndings(lineEnd));

    [Fact]
    public Task Old_language_versions_get_the_same_code() => Verifier.FixedAsync(
        CSharp73("{|OCG1101:while|} (true)", "", "", ""),
        CSharp73("while (true)", "int attempt = 0;\n        ", "\n                await Backoff.DelayAsync(attempt++, token);", "using OpenClaw.Resilience;\n"),
        LanguageVersion.CSharp7_3);

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
            var chat = new ChatClient("m", "key");
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

        var chat = new ChatClient("m", "key");
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

        var chat = new ChatClient("m", "key");
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

    private static Task WaitIsReplacedAsync(string wait, string growing)
    {
        return FixedAsync(Loop(wait), Loop(growing));

        static string Loop(string wait) => $$"""
            for (int attempt = 0; ; attempt++)
            {
                try { {{Ask}} }
                catch (ClientResultException) when (attempt < 3)
                {
                    {{wait}}
                }
            }
            """;
    }

    private static string Commented(string loop, string counter, string wait, string import) => RetryCode.InMethod(
        $$"""
        {{counter}}// Above the loop.
        {{loop}} // behind its head
        {
            try { {{Ask}} }
            catch (ClientResultException) // behind the catch
            {
                // Above the log.
                _log.LogWarning("again"); // behind the log{{wait}}

                // At the end.
            }
        } // behind the loop
        """,
        import);

    private static string CSharp73(string loop, string counter, string wait, string import) => $$"""
        using System;
        using System.ClientModel;
        using System.Threading;
        using System.Threading.Tasks;
        using OpenAI.Chat;
        {{import}}
        class Agent
        {
            private static async Task AskAsync(ChatClient chat, CancellationToken token)
            {
                {{counter}}{{loop}}
                {
                    try
                    {
                        await chat.CompleteChatAsync("hello");
                        return;
                    }
                    catch (ClientResultException)
                    {
                        Console.WriteLine("again");{{wait}}
                    }
                }
            }

            static void Main() { }
        }
        """;

    private static Task FixedAsync(string body, string fixedBody)
        => Verifier.FixedAsync(RetryCode.InMethod(body, members: Members), RetryCode.InMethod(fixedBody, RetryCode.Import, members: Members));
}
