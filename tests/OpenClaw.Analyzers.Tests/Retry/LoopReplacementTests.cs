using Microsoft.CodeAnalysis.CSharp;
using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>A loop that is nothing but the retry of a read becomes a call of the pipeline; everything else stays a loop.</summary>
public sealed class LoopReplacementTests
{
    private const string Embed = "_embeddings.GenerateEmbeddingAsync(text, cancellationToken: token)";
    private const string Piped = "GatewayPipeline.Shared.ExecuteAsync(ct => _embeddings.GenerateEmbeddingAsync(text, cancellationToken: ct), CallEffect.None, token)";
    private const string Members = "public const int Max = 4;\nprivate readonly TimeSpan _pause = TimeSpan.FromSeconds(1);\nprivate static string Map(object value) => value.ToString()!;\n";

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_read_and_the_reading_of_its_result_go_into_the_pipeline() => FixedAsync(
        $$"""
        string trimmed = text.Trim();

        // Embeddings fail now and then.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                OpenAIEmbedding embedding = await {{Embed}};

                // As text.
                return string.Join(",", embedding.ToFloats().ToArray());
            }
            catch (ClientResultException exception) when (attempt < Max)
            {
                Console.WriteLine($"failed with {exception.Status}, attempt {attempt}");
                await {|OCG1101:Task.Delay(100, token)|};
            }
        }
        """,
        $$"""
        string trimmed = text.Trim();

        // Embeddings fail now and then.
        OpenAIEmbedding embedding = await {{Piped}};

        // As text.
        return string.Join(",", embedding.ToFloats().ToArray());
        """);

    [Theory]
    [InlineData("{|OCG1101:for|} (int attempt = 0; attempt < 3; attempt++)", "when (attempt < 2)", "_log.LogWarning(exception, \"again {Attempt}\", attempt);", "\nthrow new InvalidOperationException();")]
    [InlineData("{|OCG1101:for|} (int attempt = 1; attempt <= Max; attempt++)", "when (attempt != 4)", "", "\nthrow new InvalidOperationException();")]
    [InlineData("{|OCG1101:for|} (int attempt = 0; ; attempt++)", "", "if (attempt >= Max) { throw; }", "")]
    [InlineData("{|OCG1101:for|} (int attempt = 0; ; ++attempt)", "", "if (attempt == 3) throw;", "")]
    [InlineData("{|OCG1101:for|} (var attempt = 0; ; attempt++)", "when (attempt <= 3)", "_log.LogWarning(\"again\"); continue;", "")]
    [InlineData("int attempt = 0;\n{|OCG1101:while|} (true)", "when (attempt++ < 3)", "_log.LogWarning(\"again\");", "")]
    [InlineData("int attempt = 0;\n{|OCG1101:while|} (true)", "", "attempt++; if (attempt > 3) { throw; }", "")]
    [InlineData("int attempt = 0;\n{|OCG1101:while|} (true)", "", "if (++attempt >= 3) { throw; } _log.LogWarning(\"again\");", "")]
    public Task The_counter_goes_with_the_loop(string head, string filter, string statements, string behind) => FixedAsync(
        $$"""
        {{head}}
        {
            try
            {
                return (await {{Embed}}).Value.ToString()!;
            }
            catch (ClientResultException exception) {{filter}}
            {
                {{statements}}
            }
        }{{behind}}
        """.Replace("(ClientResultException exception)", statements.Contains("exception", StringComparison.Ordinal) ? "(ClientResultException exception)" : "(ClientResultException)", StringComparison.Ordinal),
        $$"""
        return (await {{Piped}}).Value.ToString()!;
        """);

    [Fact]
    public Task A_result_that_is_used_behind_the_loop_stays_assigned() => FixedAsync(
        $$"""
        OpenAIEmbedding embedding;
        {|OCG1101:for|} (int attempt = 0; ; attempt++)
        {
            try
            {
                embedding = await {{Embed}};
                break;
            }
            catch (ClientResultException) when (attempt < 3)
            {
                _log.LogWarning("again");
            }
        }

        return embedding.ToString()!;
        """,
        $$"""
        OpenAIEmbedding embedding;
        embedding = await {{Piped}};

        return embedding.ToString()!;
        """);

    [Fact]
    public Task A_read_over_plain_HTTP_is_replaced_as_well() => FixedAsync(
        """
        {|OCG1101:for|} (int attempt = 0; ; attempt++)
        {
            try
            {
                return await _http.GetStringAsync("http://gateway:18789/v1/history", token);
            }
            catch (HttpRequestException) when (attempt < 3)
            {
                _log.LogWarning("again");
            }
        }
        """,
        """
        return await GatewayPipeline.Shared.ExecuteAsync(ct => _http.GetStringAsync("http://gateway:18789/v1/history", ct), CallEffect.None, token);
        """);

    [Theory]
    [InlineData("return (await _embeddings.GenerateEmbeddingAsync(text).ConfigureAwait(false)).Value.ToString()!;", "return (await GatewayPipeline.Shared.ExecuteAsync(ct => _embeddings.GenerateEmbeddingAsync(text, cancellationToken: ct), CallEffect.None, token).ConfigureAwait(false)).Value.ToString()!;")]
    [InlineData("var found = await _embeddings.GenerateEmbeddingsAsync(new[] { text }, null, token); return string.Join(\",\", found.Value[0].ToFloats().ToArray().Select(value => value));", null)]
    [InlineData("return System.Text.Json.JsonDocument.Parse(await _http.GetStringAsync(\"http://gateway:18789/v1/history\")).RootElement.GetString()!;", "return System.Text.Json.JsonDocument.Parse(await GatewayPipeline.Shared.ExecuteAsync(ct => _http.GetStringAsync(\"http://gateway:18789/v1/history\", ct), CallEffect.None, token)).RootElement.GetString()!;")]
    [InlineData("return (await _embeddings.GenerateEmbeddingAsync(text, cancellationToken: CancellationToken.None)).Value.ToString()!;", "return (await GatewayPipeline.Shared.ExecuteAsync(ct => _embeddings.GenerateEmbeddingAsync(text, cancellationToken: ct), CallEffect.None)).Value.ToString()!;")]
    public Task Every_form_of_reading_the_result_is_kept(string call, string? piped) => FixedAsync(
        Read("{|OCG1101:for|}", call, ""),
        piped ?? Read("for", call, "\n        await Backoff.DelayAsync(attempt, token);"));

    [Fact]
    public async Task The_title_says_that_only_what_may_heal_is_repeated_and_what_a_rejection_is()
    {
        string source = RetryCode.InMethod(
            $$"""
            try
            {
                {|OCG1101:for|} (int attempt = 0; ; attempt++)
                {
                    try { return (await {{Embed}}).Value.ToString()!; }
                    catch (ClientResultException) when (attempt < 3) { }
                }
            }
            catch (ClientResultException)
            {
                return "";
            }
            """);
        string? title = null;
        var test = new RuleTest<Analyzers.Retry.RetryAnalyzer, CodeFixes.Retry.AddBackoff>
        {
            TestCode = source,
            CodeActionVerifier = (action, _) => title = action.Title,
        };
        test.Expect(RetryCode.InMethod(
            $$"""
            try
            {
                return (await {{Piped}}).Value.ToString()!;
            }
            catch (ClientResultException)
            {
                return "";
            }
            """,
            RetryCode.Import));
        await test.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Replace the loop by the gateway's pipeline, which repeats only what may heal (rejections are HttpRequestException)", title);
    }

    [Fact]
    public Task A_chain_of_loops_gets_one_pipeline_at_its_end() => Verifier.FixedAsync(
        RetryCode.InMethod(Outer("{|OCG1101:while|}", "", ""), members: Inner("{|OCG1101:for|} (int attempt = 0; ; attempt++)\n    {\n        try { ASK }\n        catch (ClientResultException) when (attempt < 3) { }\n    }", Embed)),
        RetryCode.InMethod(Outer("while", "int attempt = 0;\n", "\n        await Backoff.DelayAsync(attempt++, token);"), RetryCode.Import, members: Inner("ASK", Piped)));

    [Fact]
    public Task Two_loops_are_replaced_at_once() => Verifier.FixedAsync(
        RetryCode.InMethod(
            $"""
            string first;
            {Endless("first = (await " + Embed + ").Value.ToString()!; break;")}

            return first + await EmbedAsync(text, token);
            """,
            members: Inner(Endless("ASK").ReplaceLineEndings("\n    "), Embed)),
        RetryCode.InMethod(
            $"""
            string first;
            first = (await {Piped}).Value.ToString()!;

            return first + await EmbedAsync(text, token);
            """,
            RetryCode.Import,
            members: Inner("ASK", Piped)));

    [Theory]
    [InlineData("private const int Most = 3;\n", "")]
    [InlineData("private const int Most = 3;\nprivate static int Other => Most;\n", "private const int Most = 3;\nprivate static int Other => Most;\n")]
    public Task A_constant_that_only_the_loop_reads_goes_with_it(string before, string after) => Verifier.FixedAsync(
        RetryCode.InMethod(Endless("return (await " + Embed + ").Value.ToString()!;").Replace("< 3", "< Most", StringComparison.Ordinal), members: before),
        RetryCode.InMethod("return (await " + Piped + ").Value.ToString()!;", RetryCode.Import, members: after));

    [Fact]
    public Task A_constant_at_the_top_of_the_class_goes_with_its_line() => Verifier.FixedAsync(
        TopOfClass("private const int Most = 3;\n\n    ", Endless("return (await embeddings.GenerateEmbeddingAsync(text, cancellationToken: token)).Value.ToString()!;").Replace("< 3", "< Most", StringComparison.Ordinal), ""),
        TopOfClass("", "return (await GatewayPipeline.Shared.ExecuteAsync(ct => embeddings.GenerateEmbeddingAsync(text, cancellationToken: ct), CallEffect.None, token)).Value.ToString()!;", RetryCode.Import + "\n"));

    [Fact]
    public Task Blocking_code_is_executed_blocking() => Verifier.FixedAsync(
        RetryCode.InBlockingMethod(
            """
            {|OCG1101:for|} (int attempt = 0; ; attempt++)
            {
                try
                {
                    return _embeddings.GenerateEmbedding(text, cancellationToken: token).Value.ToString()!;
                }
                catch (ClientResultException) when (attempt < 3)
                {
                }
            }
            """),
        RetryCode.InBlockingMethod(
            "return GatewayPipeline.Shared.Execute(ct => _embeddings.GenerateEmbedding(text, cancellationToken: ct), CallEffect.None, token).Value.ToString()!;",
            RetryCode.Import));

    [Fact]
    public Task The_retry_of_the_SDK_is_switched_off_where_its_client_is_made() => Verifier.FixedAsync(
        RetryCode.InMethod(
            """
            var client = new EmbeddingClient("m", new ApiKeyCredential("key"));
            {|OCG1101:for|} (int attempt = 0; ; attempt++)
            {
                try
                {
                    return (await client.GenerateEmbeddingAsync(text, cancellationToken: token)).Value.ToString()!;
                }
                catch (ClientResultException) when (attempt < 3)
                {
                }
            }
            """).Replace("using OpenAI.Chat;", "using OpenAI;\nusing OpenAI.Chat;", StringComparison.Ordinal),
        RetryCode.InMethod(
            """
            var client = new EmbeddingClient("m", new ApiKeyCredential("key"), new OpenAIClientOptions { RetryPolicy = new ClientRetryPolicy(0) });
            return (await GatewayPipeline.For("api.openai.com", GatewayOptions.ForModelProvider).ExecuteAsync(ct => client.GenerateEmbeddingAsync(text, cancellationToken: ct), CallEffect.None, token)).Value.ToString()!;
            """,
            RetryCode.Import)
            .Replace("using OpenAI.Chat;", "using OpenAI;\nusing OpenAI.Chat;", StringComparison.Ordinal)
            .Replace("using System.ClientModel;", "using System.ClientModel;\nusing System.ClientModel.Primitives;", StringComparison.Ordinal));

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

    private static string Endless(string statements) => $$"""
        {|OCG1101:for|} (int attempt = 0; ; attempt++)
        {
            try { {{statements}} }
            catch (ClientResultException) when (attempt < 3) { }
        }
        """;

    private static string TopOfClass(string constant, string body, string import) => $$"""
        using System.ClientModel;
        using OpenAI.Embeddings;
        {{import}}
        class Agent
        {
            {{constant}}public static async Task<string> EmbedAsync(EmbeddingClient embeddings, string text, CancellationToken token)
            {
                {{body.ReplaceLineEndings("\n        ")}}
            }

            static void Main() { }
        }
        """;

    private static string Outer(string keyword, string counter, string wait) => $$"""
        {{counter}}{{keyword}} (true)
        {
            try { return await EmbedAsync(text, token); }
            catch (ClientResultException)
            {
                _log.LogWarning("from the start");{{wait}}
            }
        }
        """;

    private static string Inner(string body, string call) => $$"""
        private async Task<string> EmbedAsync(string text, CancellationToken token)
        {
            {{body.Replace("ASK", $"return (await {call}).Value.ToString()!;", StringComparison.Ordinal)}}
        }

        """;

    private static Task FixedAsync(string body, string fixedBody, LanguageVersion version = LanguageVersion.CSharp11)
        => Verifier.FixedAsync(RetryCode.InMethod(body, members: Members), RetryCode.InMethod(fixedBody, RetryCode.Import, members: Members), version);
}
