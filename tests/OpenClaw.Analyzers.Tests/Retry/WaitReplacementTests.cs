using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Constant waits that grow after the fix, where they stand.</summary>
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

    private static Task FixedAsync(string body, string fixedBody)
        => Verifier.FixedAsync(RetryCode.InMethod(body, members: Members), RetryCode.InMethod(fixedBody, RetryCode.Import, members: Members));
}
