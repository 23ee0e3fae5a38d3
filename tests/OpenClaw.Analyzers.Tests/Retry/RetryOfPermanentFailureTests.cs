using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.RepeatOnlyTransient>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Retries of failures that are the same at the next attempt.</summary>
public sealed class RetryOfPermanentFailureTests
{
    private const string Ask = "return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;";
    private const string Post = "HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);";

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("catch ({|OCG1104:Exception|}) { }")]
    [InlineData("{|OCG1104:catch|} { }")]
    [InlineData("catch ({|OCG1104:Exception|} e) { _log.LogWarning(e, \"again\"); await Task.Delay(100 << attempt, token); }")]
    [InlineData("catch ({|OCG1104:Exception|}) when (attempt < 3) { }")]
    [InlineData("catch ({|OCG1104:Exception|} e) when (e is not OperationCanceledException) { }")]
    [InlineData("catch ({|OCG1104:Exception|} e) when (!(e is TaskCanceledException) && attempt < 3) { }")]
    [InlineData("catch ({|OCG1104:Exception|}) when (!token.IsCancellationRequested) { }")]
    [InlineData("catch (OperationCanceledException) { throw; } catch ({|OCG1104:Exception|}) { }")]
    [InlineData("catch (System.Text.Json.JsonException) { return \"\"; } catch ({|OCG1104:Exception|}) { }")]
    [InlineData("catch ({|OCG1104:Exception|}) { if (attempt == 3) { throw; } }")]
    [InlineData("catch ({|OCG1104:Exception|} e) { if (e is OperationCanceledException) { throw; } }")]
    [InlineData("catch ({|OCG1104:Exception|} e) { if (e is IOException) { _log.LogWarning(\"lost\"); } }")]
    [InlineData("catch (ClientResultException e) when (e.Status == 503) { } catch ({|OCG1104:Exception|}) { }")]
    [InlineData("catch ({|OCG1104:ClientResultException|} e) when (e.Status >= 400) { }")]
    [InlineData("catch ({|OCG1104:ClientResultException|} e) when (e.Status is 403 or 429 or >= 500) { }")]
    [InlineData("catch ({|OCG1104:ClientResultException|} e) when (e.Status != 401 && attempt < 3) { }")]
    [InlineData("catch ({|OCG1104:HttpRequestException|} e) when ((int?)e.StatusCode > 399) { }")]
    [InlineData("catch ({|OCG1104:HttpRequestException|} e) when (e.StatusCode != null && e.StatusCode != System.Net.HttpStatusCode.NotFound) { }")]
    public Task A_catch_that_takes_what_will_not_heal_is_reported(string clauses) => Verifier.ReportedAsync(Loop(clauses));

    [Theory]
    [InlineData("catch (ClientResultException) { }")]
    [InlineData("catch (HttpRequestException) when (attempt < 3) { }")]
    [InlineData("catch (ClientResultException e) when (e.Status == 503) { }")]
    [InlineData("catch (ClientResultException e) when (e.Status is 408 or 429 or >= 500) { }")]
    [InlineData("catch (ClientResultException e) when (e.Status is >= 500 and < 600 || e.Status == 429) { }")]
    [InlineData("catch (HttpRequestException e) when (e.StatusCode == null || (int)e.StatusCode >= 500) { }")]
    [InlineData("catch (HttpRequestException e) when ((int)(e.StatusCode ?? 0) >= 500) { }")]
    [InlineData("catch (Exception e) when (IsTransient(e)) { }")]
    [InlineData("catch (Exception e) when (attempt < 3 && IsTransient(e)) { }")]
    [InlineData("catch (Exception e) when (OpenClaw.Resilience.GatewayFailure.IsTransient(e)) { }")]
    [InlineData("catch (Exception e) when (e is HttpRequestException or IOException) { }")]
    [InlineData("catch (Exception e) when (e is ClientResultException { Status: 503 }) { }")]
    [InlineData("catch (Exception e) when (e.Message.Contains(\"overloaded\")) { }")]
    [InlineData("catch (Exception) when (CanGoOn()) { }")]
    [InlineData("catch (ClientResultException e) when (e.Status < 500) { throw; } catch (Exception) { }")]
    [InlineData("catch (ClientResultException) { throw; } catch (Exception) { }")]
    [InlineData("catch (UnauthorizedAccessException) { throw; } catch (Exception) { }")]
    [InlineData("catch (Exception e) { if (!IsTransient(e)) { throw; } }")]
    [InlineData("catch (Exception e) { if (!IsTransient(e)) break; }")]
    [InlineData("catch (Exception e) { if (IsTransient(e)) { continue; } throw; }")]
    [InlineData("catch (Exception e) { bool heals = IsTransient(e); if (!heals || attempt == 3) { throw; } }")]
    [InlineData("catch (Exception e) { int status = (e as ClientResultException)?.Status ?? 0; if (status < 500) { throw; } }")]
    [InlineData("catch (Exception e) { switch (e) { case ClientResultException: throw; } }")]
    [InlineData("catch (Exception e) { Check(e); }")]
    [InlineData("catch (Exception e) { last = e; } if (last is ClientResultException { Status: 401 }) { throw last; }")]
    public Task What_excludes_it_or_cannot_be_told_is_silent(string clauses) => Verifier.SilentAsync(Loop(clauses));

    [Theory]
    [InlineData("REPLY if (reply.IsSuccessStatusCode) { return \"\"; } await Task.Delay(100 << attempt, token);")]
    [InlineData("REPLY if (!reply.IsSuccessStatusCode) { await Task.Delay(100 << attempt, token); continue; } return \"\";")]
    [InlineData("REPLY if (reply.IsSuccessStatusCode) { return \"\"; } if (reply.StatusCode == System.Net.HttpStatusCode.BadRequest) { throw new InvalidOperationException(); } await Task.Delay(100 << attempt, token);")]
    public Task A_loop_that_comes_back_after_a_bad_status_is_reported(string body) => Verifier.ReportedAsync(Replies("{|OCG1104:for|}", body));

    [Theory]
    [InlineData("REPLY if (reply.StatusCode != System.Net.HttpStatusCode.TooManyRequests) { return \"\"; } await Task.Delay(100 << attempt, token);")]
    [InlineData("REPLY if (reply.IsSuccessStatusCode) { return \"\"; } if ((int)reply.StatusCode < 500) { throw new InvalidOperationException(); } await Task.Delay(100 << attempt, token);")]
    [InlineData("REPLY if (reply.IsSuccessStatusCode) { return \"\"; } int code = (int)reply.StatusCode; if (code is >= 400 and < 500) { return \"refused\"; } await Task.Delay(100 << attempt, token);")]
    [InlineData("REPLY if (reply.IsSuccessStatusCode) { return \"\"; } if (!IsRepeatable(reply)) { break; } await Task.Delay(100 << attempt, token);")]
    [InlineData("REPLY if (reply.IsSuccessStatusCode || !IsRepeatable(reply)) { return \"\"; } await Task.Delay(100 << attempt, token);")]
    [InlineData("REPLY if (reply.StatusCode is System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.TooManyRequests) { await Task.Delay(100 << attempt, token); continue; } return \"\";")]
    public Task A_loop_that_looks_at_the_status_is_silent(string body) => Verifier.SilentAsync(Replies("for", body));

    [Fact]
    public Task A_socket_is_connected_again_whatever_happened() => Verifier.SilentAsync(RetryCode.InMethod(
        """
        for (int attempt = 0; attempt < 9; attempt++)
        {
            using var socket = new ClientWebSocket();
            try { await socket.ConnectAsync(new Uri("ws://gateway:18789/"), token); return ""; }
            catch (Exception) { await Task.Delay(100 << attempt, token); }
        }

        return "";
        """));

    [Theory]
    [InlineData("Policy.{|OCG1104:Handle|}<Exception>().RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<TimeoutException>().{|OCG1104:Or|}<Exception>().RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.{|OCG1104:Handle|}<Exception>(e => e is not OperationCanceledException).RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy<ClientResult<ChatCompletion>>.{|OCG1104:HandleResult|}(r => r.GetRawResponse().Status >= 400).RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1104:AddRetry|}(new RetryStrategyOptions()).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().{|OCG1104:Handle|}<Exception>() }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { ShouldHandle = _ => {|OCG1104:PredicateResult.True()|} }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1104:AddRetry|}(new RetryStrategyOptions()).Build().ExecuteAsync(async ct => (await _http.PostAsync(Url, null, ct)).EnsureSuccessStatusCode())")]
    public Task A_policy_that_handles_what_will_not_heal_is_reported(string execution) => Verifier.ReportedAsync(Policies(execution));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<Exception>(e => e is ClientResultException { Status: 503 }).RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<Exception>(OpenClaw.Resilience.GatewayFailure.IsTransient).RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy<ClientResult<ChatCompletion>>.HandleResult(r => r.GetRawResponse().Status is 429 or >= 500).RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("Policy.Handle<Exception>().RetryAsync(3).ExecuteAsync(() => Task.FromResult(text))")]
    [InlineData("Policy.Handle<Exception>().CircuitBreakerAsync(3, TimeSpan.FromSeconds(9)).ExecuteAsync(() => CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { ShouldHandle = new PredicateBuilder().Handle<ClientResultException>() }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { ShouldHandle = args => PredicateResult.False() }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { ShouldHandle = args => new ValueTask<bool>(args.Outcome.Exception is ClientResultException { Status: 503 }) }).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(_options).Build().ExecuteAsync(async ct => await CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions()).Build().ExecuteAsync(async ct => await _http.PostAsync(Url, null, ct))")]
    public Task A_policy_that_excludes_it_or_cannot_be_told_is_silent(string execution) => Verifier.SilentAsync(Policies(execution));

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_last_failure_that_is_thrown_gets_a_filter() => FixedAsync(
        """
        // Ask.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
            }
            catch ({|OCG1104:Exception|} e) when (attempt < 3 || text.Length == 0) // any
            {
                _log.LogWarning(e, "again");
                await Task.Delay(Random.Shared.Next(100 << attempt), token);
            }
        }
        """,
        """
        // Ask.
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
            }
            catch (Exception e) when ((attempt < 3 || text.Length == 0) && GatewayFailure.IsTransient(e)) // any
            {
                _log.LogWarning(e, "again");
                await Task.Delay(Random.Shared.Next(100 << attempt), token);
            }
        }
        """);

    [Theory]
    [InlineData("catch ({|OCG1104:Exception|})", "catch (Exception exception) when (GatewayFailure.IsTransient(exception))")]
    [InlineData("{|OCG1104:catch|} // any", "catch (Exception exception) when (GatewayFailure.IsTransient(exception)) // any")]
    public Task A_clause_without_a_name_gets_one(string clause, string fixedClause)
    {
        return FixedAsync(Body(clause), Body(fixedClause));

        static string Body(string clause) => $$"""
            for (int attempt = 0; attempt < 4; attempt++)
            {
                try
                {
                    {{Ask}}
                }
                {{clause}}
                {
                    if (attempt == 3)
                    {
                        throw;
                    }

                    await Task.Delay(Random.Shared.Next(100 << attempt), token);
                }
            }

            return "";
            """;
    }

    [Fact]
    public Task A_loop_that_goes_on_behind_its_end_is_left() => FixedAsync(
        """
        Exception? last = null;
        for (int attempt = 0; attempt < 4; attempt++)
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
            }
            catch ({|OCG1104:Exception|} e)
            {
                last = e;
                await Task.Delay(Random.Shared.Next(100 << attempt), token);
            }
        }

        throw new InvalidOperationException("no reply", last);
        """,
        """
        Exception? last = null;
        for (int attempt = 0; attempt < 4; attempt++)
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
            }
            catch (Exception e)
            {
                last = e;
                if (!GatewayFailure.IsTransient(e))
                {
                    break;
                }
                await Task.Delay(Random.Shared.Next(100 << attempt), token);
            }
        }

        throw new InvalidOperationException("no reply", last);
        """);

    [Theory]
    [InlineData("Policy.{|OCG1104:Handle|}<Exception>()", "Policy.Handle<Exception>(GatewayFailure.IsTransient)")]
    [InlineData("Policy.Handle<TimeoutException>().{|OCG1104:Or|}<Exception>()", "Policy.Handle<TimeoutException>().Or<Exception>(GatewayFailure.IsTransient)")]
    public Task A_policy_gets_a_predicate(string policy, string fixedPolicy) => Verifier.FixedAsync(
        Policies(policy + ".WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt)).ExecuteAsync(() => CALL)"),
        Policies(fixedPolicy + ".WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt)).ExecuteAsync(() => CALL)", RetryCode.Import));

    [Theory]
    [InlineData("", "{|OCG1104:AddRetry|}(new RetryStrategyOptions { GROWN })", "AddRetry(new RetryStrategyOptions { GROWN, ShouldHandle = new PredicateBuilder().Handle<Exception>(exception => exception is not OperationCanceledException && GatewayFailure.IsTransient(exception)) })")]
    [InlineData("<ClientResult<ChatCompletion>>", "{|OCG1104:AddRetry|}(new RetryStrategyOptions<ClientResult<ChatCompletion>> { GROWN })", "AddRetry(new RetryStrategyOptions<ClientResult<ChatCompletion>> { GROWN, ShouldHandle = new PredicateBuilder<ClientResult<ChatCompletion>>().Handle<Exception>(exception => exception is not OperationCanceledException && GatewayFailure.IsTransient(exception)) })")]
    [InlineData("", "AddRetry(new RetryStrategyOptions { GROWN, ShouldHandle = new PredicateBuilder().{|OCG1104:Handle|}<Exception>() })", "AddRetry(new RetryStrategyOptions { GROWN, ShouldHandle = new PredicateBuilder().Handle<Exception>(GatewayFailure.IsTransient) })")]
    public Task Options_get_a_predicate(string result, string addRetry, string fixedRetry)
    {
        return Verifier.FixedAsync(Pipeline(addRetry), Pipeline(fixedRetry, RetryCode.Import));

        string Pipeline(string addRetry, string import = "") => Policies(
            $"new ResiliencePipelineBuilder{result}().{addRetry.Replace("GROWN", "BackoffType = DelayBackoffType.Exponential", StringComparison.Ordinal)}.Build().ExecuteAsync(async ct => await CALL)",
            import);
    }

    [Theory]
    [InlineData("Policy.{|OCG1104:Handle|}<Exception>(e => e is not OperationCanceledException).RetryAsync(3).ExecuteAsync(() => CALL)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { ShouldHandle = _ => {|OCG1104:PredicateResult.True()|} }).Build().ExecuteAsync(async ct => await CALL)")]
    public Task A_predicate_of_its_own_is_not_fixable(string execution) => Verifier.NotFixableAsync(Policies(execution));

    [Fact]
    public Task A_bad_status_is_not_fixable() => Verifier.NotFixableAsync(Replies("{|OCG1104:for|}", "REPLY if (reply.IsSuccessStatusCode) { return \"\"; } await Task.Delay(100 << attempt, token);"));

    [Fact]
    public Task A_catch_inside_of_a_switch_cannot_leave_the_loop() => Verifier.NotFixableAsync(RetryCode.InMethod(
        $$"""
        for (int attempt = 0; attempt < 4; attempt++)
        {
            switch (text)
            {
                default:
                    try { {{Ask}} }
                    catch ({|OCG1104:Exception|}) { _log.LogWarning("again"); }

                    break;
            }
        }

        return "";
        """));

    [Fact]
    public Task Catches_of_several_documents_are_fixed_at_once()
    {
        return Verifier.FixedInAllAsync(
            [Document("Agent", "{|OCG1104:Exception|}", "", ""), Document("Other", "{|OCG1104:Exception|}", "", "")],
            [Document("Agent", "Exception", " && GatewayFailure.IsTransient(e)", RetryCode.Import), Document("Other", "Exception", " && GatewayFailure.IsTransient(e)", RetryCode.Import)]);

        static string Document(string name, string type, string filter, string import)
        {
            string source = RetryCode.InMethod(
                string.Join('\n', Enumerable.Repeat(
                    $$"""
                    for (int attempt = 0; ; attempt++)
                    {
                        try
                        {
                            text += (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
                            break;
                        }
                        catch ({{type}} e) when (attempt < 3{{filter}})
                        {
                            _log.LogWarning(e, "again");
                        }
                    }
                    """,
                    2)) + "\nreturn text;",
                import);
            return name == "Agent" ? source
                : source.Replace("class Agent", "class Other", StringComparison.Ordinal).Replace("public Agent", "public Other", StringComparison.Ordinal).Replace("static void Main() { }", "", StringComparison.Ordinal);
        }
    }

    private static Task FixedAsync(string body, string fixedBody) => Verifier.FixedAsync(RetryCode.InMethod(body), RetryCode.InMethod(fixedBody, RetryCode.Import));

    private static string Loop(string clauses) => RetryCode.InMethod(
        $$"""
        Exception? last = null;
        for (int attempt = 0; attempt < 4; attempt++)
        {
            try { {{Ask}} }
            {{clauses}}
        }

        return $"{last}";
        """,
        members: """
            private static bool IsTransient(Exception exception) => exception is ClientResultException { Status: 503 };
            private static bool CanGoOn() => Random.Shared.Next() > 3;
            private static void Check(Exception exception) { if (!IsTransient(exception)) { throw exception; } }

            """);

    private static string Replies(string keyword, string body) => RetryCode.InMethod(
        $$"""
        {{keyword}} (int attempt = 0; attempt < 5; attempt++)
        {
            {{body.Replace("REPLY", Post, StringComparison.Ordinal)}}
        }

        return "";
        """,
        members: "private static bool IsRepeatable(HttpResponseMessage reply) => (int)reply.StatusCode >= 500;\n");

    private static string Policies(string execution, string import = "") => RetryCode.WithPolly(
        $$"""
        private const string Url = "http://gateway:18789/v1/chat/completions";
        private readonly HttpClient _http = new();
        private RetryStrategyOptions _options;

        public async Task<string> AskAsync(string text, RetryStrategyOptions options)
        {
            _options = options;
            return _options + (await {{execution.Replace("CALL", "_chat.CompleteChatAsync(text)", StringComparison.Ordinal)}}).ToString()!;
        }
        """,
        import);
}
