using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Loops around reads that do more than a pipeline would: they stay loops and get waits.</summary>
public sealed class KeptLoopTests
{
    private const string Embed = "_embeddings.GenerateEmbeddingAsync(text, cancellationToken: token)";
    private const string Members = "public const int Max = 4;\nprivate readonly TimeSpan _pause = TimeSpan.FromSeconds(1);\nprivate static string Map(object value) => value.ToString()!;\n";

    /// <summary>Each of these loops does something that a pipeline would not do: it gets waits only.</summary>
    [Theory]
    [InlineData("A turn may have had effects", "return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;", "", "")]
    [InlineData("The last error is kept", "return (await EMBED).Value.ToString()!;", "last = exception;", "")]
    [InlineData("A token is refreshed", "return (await EMBED).Value.ToString()!;", "Refresh();", "")]
    [InlineData("A metric is kept", "return (await EMBED).Value.ToString()!;", "failures++;", "")]
    [InlineData("The log does more than log", "return (await EMBED).Value.ToString()!;", "_log.LogWarning((failures = 1).ToString());", "")]
    [InlineData("A comment would be lost", "return (await EMBED).Value.ToString()!;", "// The gateway restarts.", "")]
    [InlineData("A comment behind the result would be lost", "return (await EMBED).Value.ToString()!;\n        // The result.", "", "")]
    [InlineData("The counter is sent", "return attempt + (await EMBED).Value.ToString()!;", "", "")]
    [InlineData("Each attempt has a limit of its own", "var limit = new CancellationTokenSource(1000); return (await _embeddings.GenerateEmbeddingAsync(text, cancellationToken: limit.Token)).Value.ToString()!;", "", "")]
    [InlineData("Something is opened first", "using var stream = File.OpenRead(text); return (await EMBED).Value.ToString()!;", "", "")]
    [InlineData("The call is behind a method", "return await EmbedAsync(); async Task<string> EmbedAsync() => (await EMBED).Value.ToString()!;", "", "")]
    [InlineData("The message is built for each attempt", "using var message = new HttpRequestMessage(HttpMethod.Get, \"http://gateway:18789/v1/history\"); return (await _http.SendAsync(message)).ToString();", "", "")]
    [InlineData("The arguments have effects", "return (await _embeddings.GenerateEmbeddingAsync(text + failures++, cancellationToken: token)).Value.ToString()!;", "", "")]
    [InlineData("Two calls", "return (await EMBED).Value.ToString() + (await EMBED).Value;", "", "")]
    [InlineData("A method of the user's reads the result", "return Map(await EMBED);", "", "")]
    [InlineData("The result is written to a file", "var vector = await EMBED; File.WriteAllText(text, \"\"); return vector.ToString()!;", "", "")]
    [InlineData("The result is kept elsewhere", "_log.LogWarning((await EMBED).ToString()); return \"\";", "", "")]
    [InlineData("The status is read behind the call", "HttpResponseMessage reply = await _http.GetAsync(\"http://gateway:18789/v1/history\", token); return reply.EnsureSuccessStatusCode().ToString();", "", "")]
    [InlineData("The body is read behind the call", "var reply = await _http.GetAsync(\"http://gateway:18789/v1/history\", token); return await reply.Content.ReadAsStringAsync();", "", "")]
    [InlineData("Only one status is repeated", "return (await EMBED).Value.ToString()!;", "", "when (attempt < 3 && exception.Status == 503)")]
    [InlineData("The bound is a parameter", "return (await EMBED).Value.ToString()!;", "", "when (attempt < text.Length)")]
    [InlineData("The bound is a local that only the loop reads", "return (await EMBED).Value.ToString()!;", "", "when (attempt < most)")]
    public Task What_the_pipeline_would_not_do_stays_a_loop(string what, string call, string statement, string filter)
    {
        filter = filter.Length > 0 ? filter : "when (attempt < 3)";
        return FixedAsync(Loop("{|OCG1101:for|}", ""), Loop("for", "\n        await Backoff.DelayAsync(attempt, token);"));

        string Loop(string keyword, string wait) => $$"""
            // {{what}}.
            const int most = 3;
            Exception? last = null;
            int failures = 0;
            {{keyword}} (int attempt = 0; ; attempt++)
            {
                try
                {
                    {{call.Replace("EMBED", Embed, StringComparison.Ordinal)}}
                }
                catch (ClientResultException exception) {{filter}}
                {
                    {{(statement.Length > 0 ? statement + "\n        " : "")}}_log.LogWarning(exception, "again");{{wait}}
                }
            }

            void Refresh() => _log.LogWarning($"{last}{failures}{most}");
            """;
    }

    [Fact]
    public Task A_loop_that_also_asks_again_for_a_better_answer_stays_one() => FixedAsync(
        $$"""
        {|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                string vector = (await {{Embed}}).Value.ToString()!;
                if (vector.Length > 0)
                {
                    return vector;
                }
            }
            catch (ClientResultException) when (attempt < 2)
            {
                _log.LogWarning("again");
            }
        }

        return "";
        """,
        $$"""
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                string vector = (await {{Embed}}).Value.ToString()!;
                if (vector.Length > 0)
                {
                    return vector;
                }
            }
            catch (ClientResultException) when (attempt < 2)
            {
                _log.LogWarning("again");
                await Backoff.DelayAsync(attempt, token);
            }
        }

        return "";
        """);

    [Fact]
    public Task A_failure_that_ends_as_another_exception_stays_so() => FixedAsync(
        $$"""
        {|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                return (await {{Embed}}).Value.ToString()!;
            }
            catch (ClientResultException)
            {
            }
        }

        throw new InvalidOperationException("no embedding");
        """,
        $$"""
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                return (await {{Embed}}).Value.ToString()!;
            }
            catch (ClientResultException)
            {
                if (attempt + 1 < 3)
                {
                    await Backoff.DelayAsync(attempt, token);
                }
            }
        }

        throw new InvalidOperationException("no embedding");
        """);

    [Fact]
    public Task A_loop_inside_of_a_pipeline_gets_no_other_pipeline() => FixedAsync(
        Executed("{|OCG1101:for|}", ""),
        Executed("for", "\n            await Backoff.DelayAsync(attempt, ct);"));

    [Fact]
    public Task A_time_that_somebody_set_is_not_forgotten() => FixedAsync(
        $$"""
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return (await {{Embed}}).Value.ToString()!;
            }
            catch (ClientResultException) when (attempt < 3)
            {
                await {|OCG1101:Task.Delay(_pause, token)|};
            }
        }
        """,
        $$"""
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return (await {{Embed}}).Value.ToString()!;
            }
            catch (ClientResultException) when (attempt < 3)
            {
                await Task.Delay(Backoff.GetDelay(attempt, _pause), token);
            }
        }
        """);

    [Fact]
    public Task A_name_that_has_another_meaning_outside_keeps_the_loop() => FixedAsync(
        $$"""
        Func<int, int> length = vector => vector;
        {|OCG1101:for|} (int attempt = 0; ; attempt++)
        {
            try
            {
                var vector = await {{Embed}};
                return vector.Value.ToString()!;
            }
            catch (ClientResultException) when (attempt < 3)
            {
            }
        }
        """,
        $$"""
        Func<int, int> length = vector => vector;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                var vector = await {{Embed}};
                return vector.Value.ToString()!;
            }
            catch (ClientResultException) when (attempt < 3)
            {
                await Backoff.DelayAsync(attempt, token);
            }
        }
        """);

    [Fact]
    public Task A_constant_that_a_comment_explains_keeps_the_loop() => Verifier.FixedAsync(
        RetryCode.InMethod(Read("{|OCG1101:for|}", "return (await " + Embed + ").Value.ToString()!;", "").Replace("< 3", "< Most", StringComparison.Ordinal), members: "// Enough.\nprivate const int Most = 3;\n"),
        RetryCode.InMethod(
            Read("for", "return (await " + Embed + ").Value.ToString()!;", "\n        await Backoff.DelayAsync(attempt, token);").Replace("< 3", "< Most", StringComparison.Ordinal),
            RetryCode.Import,
            members: "// Enough.\nprivate const int Most = 3;\n"));

    private static string Read(string keyword, string call, string wait) => $$"""
        {{keyword}} (int attempt = 0; ; attempt++)
        {
            try
            {
                {{call}}
            }
            catch (ClientResultException) when (attempt < 3)
            {
                _log.LogWarning("again");{{wait}}
            }
        }
        """;

    private static string Executed(string keyword, string wait) => $$"""
        return await OpenClaw.Resilience.GatewayPipeline.Shared.ExecuteAsync(async ct =>
        {
            {{keyword}} (int attempt = 0; ; attempt++)
            {
                try
                {
                    return (await _embeddings.GenerateEmbeddingAsync(text, cancellationToken: ct)).Value.ToString()!;
                }
                catch (ClientResultException) when (attempt < 3)
                {
                    _log.LogWarning("again");{{wait}}
                }
            }
        }, token);
        """;

    private static Task FixedAsync(string body, string fixedBody, LanguageVersion version = LanguageVersion.CSharp11)
        => Verifier.FixedAsync(RetryCode.InMethod(body, members: Members), RetryCode.InMethod(fixedBody, RetryCode.Import, members: Members), version);
}
