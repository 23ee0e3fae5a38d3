using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Where a wait would break the code or its meaning: reported, and left to the user. And what applying all fixes at once must get right.</summary>
public sealed class RefusalTests
{
    private const string Ask = "return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;";
    private const string AskBlocking = "return _chat.CompleteChat(messages, cancellationToken: token).Value.Content[0].Text;";

    [Theory]
    [InlineData("A lock around the loop", "lock (messages) { {|OCG1101:while|} (true) { try { ASK } catch (ClientResultException) { } } }")]
    [InlineData("A lock inside of the loop", "{|OCG1101:while|} (true) { lock (messages) { try { ASK } catch (ClientResultException) { } } }")]
    [InlineData("A lock around a constant wait", "{|OCG1101_:while|} (true) { try { ASK } catch (ClientResultException) { lock (messages) { {|OCG1101:Thread.Sleep(100)|}; } } }")]
    [InlineData("A finally around the loop", "try { _log.LogWarning(\"\"); } finally { int done = 0; {|OCG1101:while|} (done < 4) { try { _chat.CompleteChat(messages); done = 5; break; } catch (ClientResultException) { } } _log.LogWarning(done.ToString()); } return \"\";")]
    [InlineData("A kept task", "{|OCG1101_:while|} (true) { try { ASK } catch (ClientResultException) { Task pause = {|OCG1101:Task.Delay(100)|}; pause.Wait(); } }")]
    [InlineData("A wait for a handle", "{|OCG1101_:while|} (true) { try { ASK } catch (ClientResultException) { {|OCG1101:token.WaitHandle.WaitOne(100)|}; } }")]
    [InlineData("A bound that has effects", "int i = 0; {|OCG1101:while|} (i < Next()) { i++; try { ASK } catch (ClientResultException) { } } return \"\"; int Next() => Random.Shared.Next();")]
    [InlineData("A bound that two steps move", "int i = 0; {|OCG1101:while|} (i < 5) { try { ASK } catch (ClientResultException) { i++; } i += 2; } return \"\";")]
    [InlineData("A bound of two counts", "int i = 0, j = 9; {|OCG1101:while|} (i < 5 && j > 0) { try { ASK } catch (ClientResultException) { i++; j--; } } return \"\";")]
    [InlineData("A bound by one of two", "int i = 0; {|OCG1101:while|} (i < 5 || text == \"\") { try { ASK } catch (ClientResultException) { i++; } } return \"\";")]
    [InlineData("A range from anywhere", "{|OCG1101:foreach|} (int i in Enumerable.Range(text.Length, 9)) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("No room for a counter", "if (text.Length > 0) {|OCG1101:while|} (true) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("No room for a counter behind a label", "again: {|OCG1101:while|} (true) { try { ASK } catch (ClientResultException) { } }")]
    [InlineData("Directives in the catch", "{|OCG1101:while|} (true) { try { ASK } catch (ClientResultException) {\n#if DEBUG\n_log.LogWarning(\"\");\n#endif\n} }")]
    public Task Is_not_fixable(string what, string body)
    {
        body = body.Replace("{|OCG1101_:while|}", "while", StringComparison.Ordinal).Replace("ASK", AskBlocking, StringComparison.Ordinal);
        string source = RetryCode.InBlockingMethod($"// {what}.\n{body}");

        // A label that nothing goes to is what the case is about.
        return Verifier.NotFixableAsync(source.Replace("again: ", "goto again;\n        again: ", StringComparison.Ordinal));
    }

    [Fact]
    public Task A_tick_of_a_timer_is_not_fixable() => Verifier.NotFixableAsync(RetryCode.InMethod(
        """
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await {|OCG1101:timer.WaitForNextTickAsync(token)|})
        {
            try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
            catch (ClientResultException) { _log.LogWarning("at the next tick"); }
        }

        return "";
        """));

    [Fact]
    public Task A_name_of_the_users_own_keeps_its_meaning() => Verifier.FixedAsync(
        RetryCode.InMethod(Loop("{|OCG1101:for|}", ""), members: "private static class Backoff { }\n"),
        RetryCode.InMethod(Loop("for", "\n        await global::OpenClaw.Resilience.Backoff.DelayAsync(attempt, token);"), members: "private static class Backoff { }\n"));

    [Fact]
    public Task A_name_that_the_directive_would_make_ambiguous_keeps_its_meaning() => Verifier.FixedAsync(
        Ambiguous("{|OCG1101:for|}", ""),
        Ambiguous("for", "\n        await global::OpenClaw.Resilience.Backoff.DelayAsync(attempt, token);"));

    [Fact]
    public Task Loops_of_one_member_get_counters_of_their_own() => Verifier.FixedAsync(
        RetryCode.InMethod(Two("{|OCG1101:while|}", "{|OCG1101:while|}", "", "", "", "")),
        RetryCode.InMethod(
            Two("while", "while", "int attempt = 0;\n", "\n        await Backoff.DelayAsync(attempt++, token);", "int attempt2 = 0;\n", "\n        await Backoff.DelayAsync(attempt2++, token);"),
            RetryCode.Import));

    [Fact]
    public Task A_loop_in_a_loop_is_fixed_with_it() => Verifier.FixedAsync(
        RetryCode.InMethod(Nested("{|OCG1101:for|}", "", "")),
        RetryCode.InMethod(
            Nested("for", "\n                await Backoff.DelayAsync(inner, token);", "\n        await Backoff.DelayAsync(outer, token);"),
            RetryCode.Import),
        // That there are two of them is another rule's finding.
        remaining: RetryCode.InMethod(
            Nested("for", "\n                await Backoff.DelayAsync(inner, token);", "\n        await Backoff.DelayAsync(outer, token);").Replace("return (await _chat.CompleteChatAsync", "return (await _chat.{|OCG1105:CompleteChatAsync|}"),
            RetryCode.Import));

    [Fact]
    public Task Two_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [
            RetryCode.InMethod(Loop("{|OCG1101:for|}", "")),
            Other("{|OCG1101:for|}", "", ""),
        ],
        [
            RetryCode.InMethod(Loop("for", "\n        await Backoff.DelayAsync(attempt, token);"), RetryCode.Import),
            Other("for", "\n                await Backoff.DelayAsync(attempt);", "\nusing OpenClaw.Resilience;"),
        ]);

    [Fact]
    public Task Loops_around_each_other_with_one_call_are_one_finding() => Verifier.ReportedAsync(RetryCode.InMethod(
        $$"""
        for (int outer = 0; ; outer++)
        {
            try
            {
                {|OCG1101:for|} (int inner = 0; ; inner++)
                {
                    try { {{Ask}} }
                    catch (ClientResultException) when (inner < 3) { }
                }
            }
            catch (ClientResultException) when (outer < 3) { _log.LogWarning("once more"); }
        }
        """));

    private static string Loop(string keyword, string wait) => $$"""
        {{keyword}} (int attempt = 0; ; attempt++)
        {
            try { {{Ask}} }
            catch (ClientResultException) when (attempt < 3)
            {
                _log.LogWarning("again");{{wait}}
            }
        }
        """;

    private static string Ambiguous(string keyword, string wait) => RetryCode.InMethod(Loop(keyword, wait), "using Mine;", members: "public Deadline? Until { get; set; }\n")
        + "\n\nnamespace Mine { public class Deadline { } }";

    private static string Two(string first, string second, string counter1, string wait1, string counter2, string wait2) => $$"""
        string draft = "";
        {{counter1}}{{first}} (true)
        {
            try { draft = (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; break; }
            catch (ClientResultException)
            {
                _log.LogWarning("again");{{wait1}}
            }
        }

        {{counter2}}{{second}} (true)
        {
            try { return draft + (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
            catch (ClientResultException)
            {
                _log.LogWarning("again");{{wait2}}
            }
        }
        """;

    private static string Nested(string keyword, string innerWait, string outerWait) => $$"""
        {{keyword}} (int outer = 0; ; outer++)
        {
            try
            {
                await _chat.CompleteChatAsync(messages, cancellationToken: token);
                {{keyword}} (int inner = 0; ; inner++)
                {
                    try { {{Ask}} }
                    catch (ClientResultException) when (inner < 3)
                    {
                        _log.LogWarning("again");{{innerWait}}
                    }
                }
            }
            catch (ClientResultException) when (outer < 3)
            {
                _log.LogWarning("from the start");{{outerWait}}
            }
        }
        """;

    private static string Other(string keyword, string wait, string import) => $$"""
        using System.ClientModel;
        using OpenAI.Chat;{{import}}

        class Other
        {
            public static async Task AskAsync(ChatClient chat)
            {
                {{keyword}} (int attempt = 0; ; attempt++)
                {
                    try { await chat.CompleteChatAsync("hello"); return; }
                    catch (ClientResultException) when (attempt < 3)
                    {
                        Console.WriteLine("again");{{wait}}
                    }
                }
            }
        }
        """;
}
