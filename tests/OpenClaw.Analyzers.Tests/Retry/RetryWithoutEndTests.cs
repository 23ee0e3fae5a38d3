using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.BoundRetry>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Retries that only success ends.</summary>
public sealed class RetryWithoutEndTests
{
    private const string Ask = "return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("{|OCG1103:while|} (true) { try { ASK } catch (ClientResultException) { _log.LogWarning(\"again\"); } }")]
    [InlineData("{|OCG1103:while|} (true) { try { ASK } catch { } }")]
    [InlineData("{|OCG1103:while|} (true) { try { ASK } catch (ClientResultException) { await Task.Delay(1000); } }")]
    [InlineData("{|OCG1103:while|} (true) { try { ASK } catch (ClientResultException e) when (e.Status == 503) { await Task.Delay(1000); } }")]
    [InlineData("{|OCG1103:while|} (true) { try { ASK } catch (ClientResultException e) { if (e.Status == 404) { throw; } } }")]
    [InlineData("{|OCG1103:for|} (;;) { try { ASK } catch (ClientResultException) { } }")]
    [InlineData("{|OCG1103:for|} (int attempt = 1; ; attempt++) { try { ASK } catch (ClientResultException) { await Task.Delay(100 * attempt); } }")]
    [InlineData("{|OCG1103:for|} (int attempt = 1; attempt < int.MaxValue; attempt++) { try { ASK } catch (ClientResultException) { await Task.Delay(100 * attempt); } } return \"\";")]
    [InlineData("{|OCG1103:do|} { try { ASK } catch (ClientResultException) { } } while (true);")]
    [InlineData("bool done = false; string reply = \"\"; {|OCG1103:while|} (!done) { try { reply = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; done = true; } catch (ClientResultException) { } } return reply;")]
    [InlineData("{|OCG1103:while|} (true) { try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; } catch (Exception) { await Task.Delay(1000); } }")]
    [InlineData("{|OCG1103:while|} (true) { using var limit = new CancellationTokenSource(1000); try { return (await _chat.CompleteChatAsync(messages, cancellationToken: limit.Token)).Value.Content[0].Text; } catch (ClientResultException) { await Task.Delay(1000); } }")]
    [InlineData("{|OCG1103:while|} (true) { try { return (await _chat.CompleteChatAsync(messages, cancellationToken: CancellationToken.None)).Value.Content[0].Text; } catch (ClientResultException) { await Task.Delay(1000); } }")]
    [InlineData("{|OCG1103:while|} (true) { HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text)); if (reply.IsSuccessStatusCode) { return \"\"; } await Task.Delay(1000); }")]
    public Task What_only_success_ends_is_reported(string body) => Verifier.ReportedAsync(RetryCode.InMethod(body.Replace("ASK", Ask, StringComparison.Ordinal)));

    [Theory]
    [InlineData("for (int attempt = 0; attempt < 3; attempt++) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("foreach (int attempt in Enumerable.Range(0, 5)) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("for (int attempt = 0; ; attempt++) { try { ASK } catch (ClientResultException) when (attempt < 3) { } }")]
    [InlineData("int tries = 0; while (true) { try { ASK } catch (ClientResultException) { if (++tries > 3) { throw; } } }")]
    [InlineData("int tries = 0; while (true) { try { ASK } catch (ClientResultException) { tries++; if (tries < 4) { continue; } throw; } }")]
    [InlineData("int tries = 0; while (true) { try { ASK } catch (ClientResultException e) { string reply = tries++ > 3 ? throw new InvalidOperationException(\"\", e) : \"\"; _log.LogWarning(reply); } }")]
    [InlineData("int tries = 0; while (true) { if (tries++ > 3) { return \"\"; } try { ASK } catch (ClientResultException) { } }")]
    [InlineData("int tries = 0; while (true) { try { if (tries++ > 3) { return \"\"; } ASK } catch (ClientResultException) { } }")]
    [InlineData("int tries = 0; while (true) { try { ASK } catch (ClientResultException) { switch (tries++) { case 3: throw; } } }")]
    [InlineData("int tries = 0; while (true) { try { ASK } catch (ClientResultException) when (tries++ < 3) { } catch (InvalidOperationException) { } }")]
    [InlineData("DateTime end = DateTime.UtcNow.AddMinutes(1); while (DateTime.UtcNow < end) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("DateTime end = DateTime.UtcNow.AddMinutes(1); while (true) { try { ASK } catch (ClientResultException) { if (DateTime.UtcNow > end) { throw; } } }")]
    [InlineData("var watch = System.Diagnostics.Stopwatch.StartNew(); while (true) { try { ASK } catch (ClientResultException) { var spent = watch.Elapsed; if (spent.TotalMinutes > 1) { throw; } } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { if (DateTime.UtcNow.Hour == 0) { throw; } } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { if (GaveUp()) { throw; } } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { Count(); } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { ArgumentNullException.ThrowIfNull(messages); } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { await _online.WaitAsync(); } }")]
    [InlineData("while (!token.IsCancellationRequested) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("while (true) { token.ThrowIfCancellationRequested(); try { ASK } catch (ClientResultException) { } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { await Task.Delay(1000, token); } }")]
    [InlineData("while (true) { try { ASK } catch (Exception) { await Task.Delay(1000, token); } }")]
    [InlineData("while (true) { try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; } catch (ClientResultException) { } }")]
    [InlineData("while (true) { try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; } catch (OperationCanceledException) { throw; } catch (Exception) { } }")]
    [InlineData("while (true) { try { return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text; } catch (Exception e) when (e is not OperationCanceledException) { } }")]
    [InlineData("while (true) { using var limit = CancellationTokenSource.CreateLinkedTokenSource(token); try { return (await _chat.CompleteChatAsync(messages, cancellationToken: limit.Token)).Value.Content[0].Text; } catch (ClientResultException) { } }")]
    [InlineData("while (true) { try { ASK } catch (ClientResultException) { await Task.Delay(1000, _stop.Token); } }")]
    [InlineData("while (true) { try { return await SendAsync(token); } catch (HttpRequestException) { } }")]
    [InlineData("while (text.Length > 0) { try { ASK } catch (ClientResultException) { } } return \"\";")]
    [InlineData("bool done = false; while (!done) { try { ASK } catch (ClientResultException) { done = GaveUp(); } } return \"\";")]
    [InlineData("while (true) { using var socket = new ClientWebSocket(); try { await socket.ConnectAsync(new Uri(\"ws://gateway:18789/\"), default); return \"\"; } catch (WebSocketException) { } }")]
    [InlineData("while (true) { HttpResponseMessage reply = await _http.GetAsync(\"http://gateway:18789/v1/history\"); if (reply.IsSuccessStatusCode) { return \"\"; } }")]
    [InlineData("while (true) { try { return await File.ReadAllTextAsync(text); } catch (IOException) { } }")]
    public Task What_else_may_end_it_is_silent(string body) => Verifier.SilentAsync(RetryCode.InMethod(
        body.Replace("ASK", Ask, StringComparison.Ordinal),
        members: """
            private readonly SemaphoreSlim _online = new(0);
            private readonly CancellationTokenSource _stop = new();
            private int _count;
            private bool GaveUp() => _count++ > 3;
            private void Count() { if (_count++ > 3) { throw new InvalidOperationException(); } }
            private async Task<string> SendAsync(CancellationToken token) => await (await _http.PostAsync(Url, new StringContent("{}"), token)).EnsureSuccessStatusCode().Content.ReadAsStringAsync(token);

            """));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1103:RetryForeverAsync|}().ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1103:WaitAndRetryForeverAsync|}(attempt => TimeSpan.FromSeconds(attempt)).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1103:RetryForeverAsync|}().ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), CancellationToken.None)")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1103:AddRetry|}(new RetryStrategyOptions { MaxRetryAttempts = int.MaxValue }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1103:AddRetry|}(new RetryStrategyOptions { MaxRetryAttempts = int.MaxValue }).AddTimeout(TimeSpan.FromMinutes(1)).Build().ExecuteAsync(async ct => await CALL)")]
    public Task A_policy_without_end_is_reported(string execution) => Verifier.ReportedAsync(Policies(execution));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<ClientResultException>().RetryForeverAsync().ExecuteAsync(ct => _chat.CompleteChatAsync(messages, null, ct), token)")]
    [InlineData("Policy.Handle<ClientResultException>().RetryForeverAsync().ExecuteAsync(() => _chat.CompleteChatAsync(messages, null, token))")]
    [InlineData("Policy.Handle<ClientResultException>().RetryForeverAsync().ExecuteAsync(() => Task.FromResult(text))")]
    [InlineData("Policy.TimeoutAsync(60).WrapAsync(Policy.Handle<ClientResultException>().RetryForeverAsync()).ExecuteAsync(() => CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 10 }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { MaxRetryAttempts = _most }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMinutes(1)).AddRetry(new RetryStrategyOptions { MaxRetryAttempts = int.MaxValue }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { MaxRetryAttempts = int.MaxValue }).Build().ExecuteAsync(async ct => await _chat.CompleteChatAsync(messages, null, ct), token)")]
    public Task A_policy_that_something_ends_is_silent(string execution) => Verifier.SilentAsync(Policies(execution));

    [Theory]
    [InlineData("catch (ClientResultException) { _log.LogWarning(\"again\"); return await {|OCG1103:SayAsync|}(messages); }")]
    [InlineData("catch (Exception e) { _log.LogWarning(e, \"again\"); await Task.Delay(1000); return await this.{|OCG1103:SayAsync|}(messages).ConfigureAwait(false); }")]
    public Task A_method_that_calls_itself_again_has_no_end_and_no_fix(string clause) => Verifier.NotFixableAsync(Recursive(clause));

    [Theory]
    [InlineData("catch (ClientResultException) { return await SayAsync(new List<ChatMessage>()); }")]
    [InlineData("catch (ClientResultException) when (_count < 3) { return await SayAsync(messages); }")]
    [InlineData("catch (ClientResultException) { if (_count < 3) { throw; } return await SayAsync(messages); }")]
    [InlineData("catch (ClientResultException) { _count++; return await SayAsync(messages); }")]
    [InlineData("catch (ClientResultException) { Count(); return await SayAsync(messages); }")]
    [InlineData("catch (System.Text.Json.JsonException) { return await SayAsync(messages); }")]
    [InlineData("catch (ClientResultException) { return await SayAsync(messages, 2); }")]
    [InlineData("catch (ClientResultException) { Func<Task<string>> later = () => SayAsync(messages); return later.ToString()!; }")]
    public Task A_recursion_that_something_may_end_is_silent(string clause) => Verifier.SilentAsync(Recursive(clause));

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_loop_gives_up_after_some_attempts() => FixedAsync(
        """
        // Ask.
        {|OCG1103:while|} (true) // until it works
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
            }
            catch (ClientResultException exception) // the gateway
            {
                _log.LogWarning(exception, "again");
                await Task.Delay(TimeSpan.FromSeconds(Random.Shared.Next(10)));
            }
        }
        """,
        """
        // Ask.
        for (int attempt = 1; ; attempt++) // until it works
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
            }
            catch (ClientResultException exception) when (attempt < 5) // the gateway
            {
                _log.LogWarning(exception, "again");
                await Task.Delay(TimeSpan.FromSeconds(Random.Shared.Next(10)));
            }
        }
        """);

    [Fact]
    public Task Every_catch_that_comes_back_counts() => FixedAsync(
        """
        int attempt = 7;
        bool done = false;
        {|OCG1103:while|} (!done)
        {
            try
            {
                text = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
                done = true;
            }
            catch (ClientResultException e) when (e.Status == 503 || e.Status == 429)
            {
                await Task.Delay(Random.Shared.Next(10));
            }
            catch (HttpRequestException e) when (e.InnerException is IOException)
            {
                continue;
            }
            catch (ClientResultException)
            {
                throw;
            }
            catch
            {
                _log.LogWarning("again");
            }
        }

        return text + attempt;
        """,
        """
        int attempt = 7;
        bool done = false;
        for (int attempt2 = 1; !done; attempt2++)
        {
            try
            {
                text = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
                done = true;
            }
            catch (ClientResultException e) when ((e.Status == 503 || e.Status == 429) && attempt2 < 5)
            {
                await Task.Delay(Random.Shared.Next(10));
            }
            catch (HttpRequestException e) when (e.InnerException is IOException && attempt2 < 5)
            {
                continue;
            }
            catch (ClientResultException)
            {
                throw;
            }
            catch when (attempt2 < 5)
            {
                _log.LogWarning("again");
            }
        }

        return text + attempt;
        """);

    [Theory]
    [InlineData("{|OCG1103:RetryForeverAsync|}()", "RetryAsync(5)", "{|OCG1101:RetryAsync|}(5)")]
    [InlineData("{|OCG1103:WaitAndRetryForeverAsync|}(attempt => TimeSpan.FromSeconds(attempt))", "WaitAndRetryAsync(5, attempt => TimeSpan.FromSeconds(attempt))", null)]
    public Task A_policy_gives_up_after_some_attempts(string retry, string fixedRetry, string? remaining) => Verifier.FixedAsync(
        Policies($"Policy.Handle<ClientResultException>().{retry}.ExecuteAsync(() => CALL)"),
        Policies($"Policy.Handle<ClientResultException>().{fixedRetry}.ExecuteAsync(() => CALL)"),
        remaining: remaining is null ? null : Policies($"Policy.Handle<ClientResultException>().{remaining}.ExecuteAsync(() => CALL)"));

    [Fact]
    public Task Options_give_up_after_some_attempts() => Verifier.FixedAsync(Options("{|OCG1103:AddRetry|}", "int.MaxValue"), Options("AddRetry", "5"));

    [Theory]
    [InlineData("{|OCG1103:do|} { try { ASK } catch (ClientResultException) { } } while (true);")]
    [InlineData("{|OCG1103:for|} (int i = 1; ; i++) { try { ASK } catch (ClientResultException) { await Task.Delay(100 * i); } }")]
    [InlineData("{|OCG1103:while|} (true) { HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text)); if (reply.IsSuccessStatusCode) { return \"\"; } await Task.Delay(1000); }")]
    [InlineData("{|OCG1103:while|} (true)\n{\n#if NEVER\n#endif\n    try { ASK } catch (ClientResultException) { }\n}")]
    public Task What_has_no_place_for_a_count_is_not_fixable(string body) => Verifier.NotFixableAsync(RetryCode.InMethod(body.Replace("ASK", Ask, StringComparison.Ordinal)));

    [Theory]
    [InlineData("{|OCG1103:RetryForeverAsync|}(exception => { })")]
    [InlineData("{|OCG1103:WaitAndRetryForeverAsync|}(sleepDurationProvider: attempt => TimeSpan.FromSeconds(attempt))")]
    [InlineData("{|OCG1103:WaitAndRetryForeverAsync|}((attempt, context) => TimeSpan.FromSeconds(attempt))")]
    public Task A_policy_with_another_callback_is_not_fixable(string retry)
        => Verifier.NotFixableAsync(Policies($"Policy.Handle<ClientResultException>().{retry}.ExecuteAsync(() => CALL)"));

    [Fact]
    public Task Loops_of_several_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [RetryCode.InMethod(TwoLoops(true)), RetryCode.InMethod(TwoLoops(true)).Replace("class Agent", "class Other", StringComparison.Ordinal).Replace("public Agent", "public Other", StringComparison.Ordinal).Replace("static void Main() { }", "", StringComparison.Ordinal)],
        [RetryCode.InMethod(TwoLoops(false)), RetryCode.InMethod(TwoLoops(false)).Replace("class Agent", "class Other", StringComparison.Ordinal).Replace("public Agent", "public Other", StringComparison.Ordinal).Replace("static void Main() { }", "", StringComparison.Ordinal)]);

    [Fact]
    public Task It_hides_what_is_wrong_with_the_waits() => Verifier.ReportedAsync(RetryCode.InMethod(
        """
        // Not OCG1101.
        {|OCG1103:while|} (true)
        {
            try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
            catch (ClientResultException) { await Task.Delay(1000); }
        }
        """));

    private static string TwoLoops(bool isEndless) => string.Join('\n', "first,second".Split(',').Select((name, index) => $$"""
        string {{name}};
        {{(isEndless ? "{|OCG1103:while|} (true)" : $"for (int attempt{(index == 0 ? "" : "2")} = 1; ; attempt{(index == 0 ? "" : "2")}++)")}}
        {
            try
            {
                {{name}} = (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text;
                break;
            }
            catch (ClientResultException){{(isEndless ? "" : $" when (attempt{(index == 0 ? "" : "2")} < 5)")}}
            {
                _log.LogWarning("again");
            }
        }

        """)) + "\nreturn first + second;";

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(
        RetryCode.InMethod(body),
        RetryCode.InMethod(fixedBody));

    private static string Recursive(string clause) => RetryCode.InMethod(
        "return await SayAsync(messages);",
        members: $$"""
            private int _count;
            private void Count() { if (_count++ > 3) { throw new InvalidOperationException(); } }
            private Task<string> SayAsync(List<ChatMessage> messages, int times) => Task.FromResult($"{messages}{times}");
            private async Task<string> SayAsync(List<ChatMessage> messages)
            {
                try { return (await _chat.CompleteChatAsync(messages)).Value.Content[0].Text; }
                {{clause}}
            }

            """);

    private static string Policies(string execution) => RetryCode.WithPolly($$"""
        private readonly int _most = int.MaxValue;

        public async Task<string> AskAsync(string text, ChatMessage[] messages, CancellationToken token)
            => _most + (await {{execution.Replace("CALL", "_chat.CompleteChatAsync(text)", StringComparison.Ordinal)}}).ToString()!;
        """);

    private static string Options(string addRetry, string most) => RetryCode.WithPolly($$"""
        public async Task AskAsync(string text)
        {
            var options = new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<ClientResultException>(), BackoffType = DelayBackoffType.Exponential, UseJitter = true };
            options.MaxRetryAttempts = {{most}};
            await new ResiliencePipelineBuilder().{{addRetry}}(options).Build().ExecuteAsync(async ct => await _chat.CompleteChatAsync(new ChatMessage[] { text }, cancellationToken: ct));
        }
        """);
}
