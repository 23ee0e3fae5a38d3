using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.HonourRetryAfter>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Replies that say how long to wait, and loops that do not read it.</summary>
public sealed class RetryAfterIgnoredTests
{
    private const string Reported = "await {|OCG1107:Task.Delay(1000 << attempt, token)|};";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("catch (ClientResultException) { WAIT }")]
    [InlineData("catch (ClientResultException e) when (e.Status == 429) { WAIT }")]
    [InlineData("catch (ClientResultException e) when (e.Status is 429 or >= 500 && attempt < 3) { WAIT }")]
    [InlineData("catch (ClientResultException e) { if (e.Status < 429) { throw; } WAIT }")]
    public Task A_catch_that_holds_the_reply_is_reported(string clause) => Verifier.ReportedAsync(Loop(clause.Replace("WAIT", Reported, StringComparison.Ordinal)));

    [Theory]
    [InlineData("catch (ClientResultException e) when (e.Status >= 500) { await Task.Delay(1000 << attempt, token); }")]
    [InlineData("catch (HttpRequestException e) when ((int?)e.StatusCode == 429) { await Task.Delay(1000 << attempt, token); }")]
    [InlineData("catch (ClientResultException e) { if (e.Status == 429) { throw; } await Task.Delay(1000 << attempt, token); }")]
    [InlineData("catch (ClientResultException e) { await Task.Delay(OpenClaw.Resilience.GatewayFailure.Classify(e).RetryAfter ?? TimeSpan.FromSeconds(attempt), token); }")]
    [InlineData("catch (ClientResultException e) { string? header = null; e.GetRawResponse()?.Headers.TryGetValue(\"retry-after\", out header); _log.LogWarning(header); await Task.Delay(1000 << attempt, token); }")]
    [InlineData("catch (ClientResultException e) { _log.LogWarning(Named(e)); await Task.Delay(1000 << attempt, token); }")]
    [InlineData("catch (ClientResultException) { await Task.Delay(1000, token); }")]
    [InlineData("catch (ClientResultException) { await OpenClaw.Resilience.Backoff.DelayAsync(attempt, token); }")]
    public Task What_reads_it_or_cannot_is_silent(string clause) => Verifier.SilentAsync(Loop(clause));

    [Theory]
    [InlineData("if (reply.IsSuccessStatusCode) { return \"\"; }")]
    [InlineData("if (reply.StatusCode != System.Net.HttpStatusCode.TooManyRequests) { return \"\"; }")]
    public Task A_loop_over_replies_is_reported(string judge) => Verifier.ReportedAsync(Replies(judge + " " + Reported));

    [Theory]
    [InlineData("if (reply.IsSuccessStatusCode) { return \"\"; } if ((int)reply.StatusCode < 500) { break; } await Task.Delay(1000 << attempt, token);")]
    [InlineData("if (reply.IsSuccessStatusCode) { return \"\"; } await Task.Delay(reply.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(attempt), token);")]
    public Task A_loop_that_reads_it_is_silent(string body) => Verifier.SilentAsync(Replies(body));

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("catch (ClientResultException e) { await {|OCG1107:Task.Delay(1000 << attempt, token)|}; }", "catch (ClientResultException e) { await Task.Delay(GatewayFailure.Classify(e).RetryAfter ?? TimeSpan.FromMilliseconds(1000 << attempt), token); }")]
    [InlineData("catch (ClientResultException e) when (e.Status == 429) { {|OCG1107:Thread.Sleep(TimeSpan.FromSeconds(attempt))|}; }", "catch (ClientResultException e) when (e.Status == 429) { Thread.Sleep(GatewayFailure.Classify(e).RetryAfter ?? TimeSpan.FromSeconds(attempt)); }")]
    public Task An_exception_is_asked(string clause, string fixedClause) => Verifier.FixedAsync(Loop(clause), Loop(fixedClause, RetryCode.Import));

    [Fact]
    public Task A_response_is_asked() => Verifier.FixedAsync(
        Replies("if (reply.StatusCode != System.Net.HttpStatusCode.TooManyRequests) { return \"\"; } " + Reported),
        Replies("if (reply.StatusCode != System.Net.HttpStatusCode.TooManyRequests) { return \"\"; } await Task.Delay(GatewayFailure.Classify(reply)?.RetryAfter ?? TimeSpan.FromMilliseconds(1000 << attempt), token);", RetryCode.Import));

    [Theory]
    [InlineData("catch (ClientResultException) { WAIT }")]
    [InlineData("catch (ClientResultException e) { _log.LogWarning(e.Message); {|OCG1107:token.WaitHandle.WaitOne(1000 << attempt)|}; }")]
    [InlineData("catch (ClientResultException e) { _log.LogWarning(e.Message); await {|OCG1107:Task.Delay(attempt > 2 ? 100 : 1000 << attempt, token)|}; }")]
    public Task What_has_no_name_or_another_wait_is_not_fixable(string clause) => Verifier.NotFixableAsync(Loop(clause.Replace("WAIT", Reported, StringComparison.Ordinal)));

    [Fact]
    public Task Waits_of_several_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [Loop("catch (ClientResultException e) { " + Reported + " }"), Other(Loop("catch (ClientResultException e) { " + Reported + " }"))],
        [Loop(Asked, RetryCode.Import), Other(Loop(Asked, RetryCode.Import))]);

    private const string Asked = "catch (ClientResultException e) { await Task.Delay(GatewayFailure.Classify(e).RetryAfter ?? TimeSpan.FromMilliseconds(1000 << attempt), token); }";

    private static string Other(string source) => source
        .Replace("class Agent", "class Other", StringComparison.Ordinal)
        .Replace("public Agent", "public Other", StringComparison.Ordinal)
        .Replace("static void Main() { }", "", StringComparison.Ordinal);

    private static string Loop(string clause, string import = "") => RetryCode.InMethod(
        $$"""
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; }
            {{clause}}
        }

        return "";
        """,
        import,
        members: "private static string Named(ClientResultException e) => e.GetRawResponse()!.Headers.TryGetValue(\"Retry-After\", out string? value) ? value! : \"\";\n");

    private static string Replies(string body, string import = "") => RetryCode.InMethod(
        $$"""
        for (int attempt = 0; attempt < 5; attempt++)
        {
            HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
            {{body}}
        }

        return "";
        """,
        import);
}
