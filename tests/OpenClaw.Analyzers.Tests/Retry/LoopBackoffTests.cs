using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>The wait that a loop around calls with effects gets: such a loop stays a loop.</summary>
public sealed class LoopBackoffTests
{
    private const string Ask = "return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;";
    private const string Wait = "await Backoff.DelayAsync(attempt, token);";

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task The_wait_goes_into_the_catch_and_not_behind_the_last_attempt() => FixedAsync(
        $$"""
        // Three times, as the gateway restarts.
        {|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException exception)
            {
                // A comment stays.
                _log.LogWarning(exception, "again");
            }
        }

        return "";
        """,
        $$"""
        // Three times, as the gateway restarts.
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException exception)
            {
                // A comment stays.
                _log.LogWarning(exception, "again");
                if (attempt + 1 < 3)
                {
                    await Backoff.DelayAsync(attempt, token);
                }
            }
        }

        return "";
        """);

    [Theory]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++)", "", "attempt + 1 < 3")]
    [InlineData("for (var attempt = 1; attempt <= Max; attempt++)", "", "attempt < Max")]
    [InlineData("for (int attempt = 0; attempt != Max; ++attempt)", "", "attempt + 1 != Max")]
    [InlineData("for (int attempt = 0; !token.IsCancellationRequested && attempt < Max; attempt += 1)", "", "attempt + 1 < Max")]
    [InlineData("foreach (int attempt in Enumerable.Range(0, Max))", "", "attempt + 1 < Max")]
    [InlineData("foreach (int attempt in Enumerable.Range(1, 3))", "", "attempt < 3")]
    [InlineData("int attempt = 0; while (attempt < Max)", "attempt++;", "attempt < Max")]
    [InlineData("int attempt = 0; while (attempt++ < Max)", "", "attempt < Max")]
    [InlineData("int attempt = 0; while (++attempt < Max)", "", "attempt + 1 < Max")]
    public Task The_condition_of_the_loop_tells_whether_another_attempt_follows(string head, string step, string more)
    {
        (string before, string loop) = head.Split("; ") is [var declaration, var rest] && !head.StartsWith("for", StringComparison.Ordinal) ? (declaration + ";\n", rest) : ("", head);
        string keyword = loop[..loop.IndexOf(' ', StringComparison.Ordinal)];
        string steps = step.Length > 0 ? $"\n        {step}" : "";
        string marked = string.Concat($"{{|OCG1101:{keyword}|}}", loop.AsSpan(keyword.Length));
        return FixedAsync(
            $$"""
            {{before}}{{marked}}
            {
                try
                {
                    {{Ask}}
                }
                catch (ClientResultException)
                {
                    _log.LogWarning("again");{{steps}}
                }
            }

            return "";
            """,
            $$"""
            {{before}}{{loop}}
            {
                try
                {
                    {{Ask}}
                }
                catch (ClientResultException)
                {
                    _log.LogWarning("again");{{steps}}
                    if ({{more}})
                    {
                        {{Wait}}
                    }
                }
            }

            return "";
            """);
    }

    [Theory]
    [InlineData("for (int left = 3; left > 0; left--)", "left > 1")]
    [InlineData("for (int left = 3; left >= 0; left--)", "left > 0")]
    [InlineData("for (int left = Max; left > Min; --left)", "left - 1 > Min")]
    public Task A_loop_that_counts_down_gets_a_counter_that_counts_up(string head, string more) => FixedAsync(
        $$"""
        {|OCG1101:for|}{{head[3..]}}
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException)
            {
            }
        }

        return "";
        """,
        $$"""
        int attempt = 0;
        {{head}}
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException)
            {
                if ({{more}})
                {
                    await Backoff.DelayAsync(attempt++, token);
                }
            }
        }

        return "";
        """);

    [Fact]
    public Task A_loop_without_an_end_gets_a_counter_first() => FixedAsync(
        $$"""
        string attempt = text;

        // Until it works.
        {|OCG1101:while|} (true)
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException)
            {
                continue;
            }
        }
        """,
        $$"""
        string attempt = text;

        int attempt2 = 0;
        // Until it works.
        while (true)
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException)
            {
                await Backoff.DelayAsync(attempt2++, token);
                continue;
            }
        }
        """);

    [Theory]
    [InlineData("long attempts = 0;", "attempts++;")]
    [InlineData("var statistics = new int[1];", "statistics[0]++;")]
    [InlineData("", "_failures++;")]
    public Task What_counts_something_else_is_not_taken_for_the_counter(string before, string step) => FixedAsync(
        $$"""
        {{before}}
        {|OCG1101:while|} (true)
        {
            try { {{Ask}} }
            catch (ClientResultException)
            {
                {{step}}
            }
        }
        """,
        $$"""
        {{before}}
        int attempt = 0;
        while (true)
        {
            try { {{Ask}} }
            catch (ClientResultException)
            {
                {{step}}
                await Backoff.DelayAsync(attempt++, token);
            }
        }
        """);

    [Theory]
    [InlineData("catch (ClientResultException) when (attempt < 2)", "_log.LogWarning(\"again\");")]
    [InlineData("catch (ClientResultException) when (attempt < 3 - 1)", "_log.LogWarning(\"again\");")]
    [InlineData("catch (ClientResultException)", "if (attempt == 2) { throw; }")]
    [InlineData("catch (ClientResultException)", "if (attempt >= 2) throw;")]
    public Task A_bound_inside_the_catch_has_asked_already(string clause, string statement) => FixedAsync(
        $$"""
        {|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)
        {
            try { {{Ask}} }
            {{clause}}
            {
                {{statement}}
            }
        }

        return "";
        """,
        $$"""
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try { {{Ask}} }
            {{clause}}
            {
                {{statement}}
                {{Wait}}
            }
        }

        return "";
        """);

    [Theory]
    [InlineData("when (exception.Status == 503)")]
    [InlineData("when (attempt < 3)")]
    public Task A_filter_that_does_not_end_the_attempts_does_not_save_the_question(string filter) => FixedAsync(
        $$"""
        {|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)
        {
            try { {{Ask}} }
            catch (ClientResultException exception) {{filter}}
            {
                _log.LogWarning(exception, "again");
            }
        }

        return "";
        """,
        $$"""
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try { {{Ask}} }
            catch (ClientResultException exception) {{filter}}
            {
                _log.LogWarning(exception, "again");
                if (attempt + 1 < 3)
                {
                    {{Wait}}
                }
            }
        }

        return "";
        """);

    [Fact]
    public Task The_wait_stands_on_every_way_back() => FixedAsync(
        $$"""
        {|OCG1101:for|} (int attempt = 0; ; attempt++)
        {
            try { {{Ask}} }
            catch (ClientResultException exception)
            {
                if (exception.Status == 503 && attempt < 5)
                {
                    _log.LogWarning("draining");
                    continue;
                }

                if (exception.Status == 502)
                    continue;
                throw;
            }
        }
        """,
        $$"""
        for (int attempt = 0; ; attempt++)
        {
            try { {{Ask}} }
            catch (ClientResultException exception)
            {
                if (exception.Status == 503 && attempt < 5)
                {
                    _log.LogWarning("draining");
                    {{Wait}}
                    continue;
                }

                if (exception.Status == 502)
                {
                    {{Wait}}
                    continue;
                }
                throw;
            }
        }
        """);

    [Fact]
    public Task Every_transport_catch_gets_one_and_a_content_failure_none() => FixedAsync(
        $$"""
        {|OCG1101:for|} (int attempt = 0; ; attempt++)
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException) when (attempt < 3)
            {
                _log.LogWarning("refused");
            }
            catch (TaskCanceledException) when (attempt < 3)
            {
                _log.LogWarning("late");
            }
            catch (FormatException) when (attempt < 3)
            {
                _log.LogWarning("nonsense");
            }
        }
        """,
        $$"""
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                {{Ask}}
            }
            catch (ClientResultException) when (attempt < 3)
            {
                _log.LogWarning("refused");
                {{Wait}}
            }
            catch (TaskCanceledException) when (attempt < 3)
            {
                _log.LogWarning("late");
                {{Wait}}
            }
            catch (FormatException) when (attempt < 3)
            {
                _log.LogWarning("nonsense");
            }
        }
        """);

    private static Task FixedAsync(string body, string fixedBody, LanguageVersion version = LanguageVersion.CSharp11)
    {
        const string Members = "private int _failures;\nprivate const int Max = 4;\nprivate const int Min = 1;\nprivate int Failures => _failures;\n";
        return Verifier.FixedAsync(RetryCode.InMethod(body, members: Members), RetryCode.InMethod(fixedBody, RetryCode.Import, members: Members), version);
    }
}
