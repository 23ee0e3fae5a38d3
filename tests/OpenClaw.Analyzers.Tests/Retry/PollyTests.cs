using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddBackoff>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>The policies of Polly 7.</summary>
public sealed class PollyTests
{
    private const string Handle = "Policy.Handle<ClientResultException>()";
    private const string Settings = "private static TimeSpan Pause => TimeSpan.FromSeconds(1);\nprivate static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);\nprivate static TimeSpan Some { get; } = TimeSpan.FromSeconds(1);\n";

    [Fact]
    [Trait("Suite", "Smoke")]
    public Task A_policy_without_waits_gets_growing_ones() => PolicyIsFixedAsync(
        Handle + ".{|OCG1101:RetryAsync|}(3)",
        Handle + ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt))");

    [Theory]
    [InlineData(".{|OCG1101:RetryAsync|}(Count)", ".WaitAndRetryAsync(Count, attempt => Backoff.GetDelay(attempt))")]
    [InlineData(".Or<TimeoutException>()\n        // Three times.\n        .{|OCG1101:RetryAsync|}(3)", ".Or<TimeoutException>()\n        // Three times.\n        .WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, _ => TimeSpan.FromSeconds(1))", ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, retry => TimeSpan.FromSeconds(1))", ".WaitAndRetryAsync(3, retry => Backoff.GetDelay(retry))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, (retry) => TimeSpan.Zero)", ".WaitAndRetryAsync(3, (retry) => Backoff.GetDelay(retry))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, (_, _) => TimeSpan.FromSeconds(1), (e, wait, context) => { })", ".WaitAndRetryAsync(3, (attempt, _) => Backoff.GetDelay(attempt), (e, wait, context) => { })")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, (int _, Context _) => TimeSpan.FromSeconds(1), (e, wait, context) => { })", ".WaitAndRetryAsync(3, (int attempt, Context _) => Backoff.GetDelay(attempt), (e, wait, context) => { })")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, _ => TimeSpan.FromSeconds(1), (e, wait) => { })", ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt), (e, wait) => { })")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, _ => Wait)", ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt, Wait))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, _ => Some)", ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt, Some))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, _ => TimeSpan.FromMinutes(2))", ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt, TimeSpan.FromMinutes(2)))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1) })", ".WaitAndRetryAsync(2, attempt => Backoff.GetDelay(attempt))")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(new TimeSpan[] { Wait, Wait, Wait })", ".WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt, Wait))")]
    public Task Every_form_of_it_is_fixed(string retry, string fixedRetry) => PolicyIsFixedAsync(Handle + retry, Handle + fixedRetry);

    [Theory]
    [InlineData(".{|OCG1101:RetryAsync|}(3, (exception, count) => Console.WriteLine(count))")]
    [InlineData(".{|OCG1101:RetryAsync|}(3, (exception, count) => Task.CompletedTask)")]
    [InlineData(".{|OCG1101:RetryAsync|}(3, (exception, count, context) => { })")]
    [InlineData(".{|OCG1101:RetryAsync|}(retryCount: 3)")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(3, _ => { return TimeSpan.FromSeconds(1); })")]
    [InlineData(".{|OCG1101:WaitAndRetryAsync|}(new[] { Wait, Wait }, (exception, wait) => { })")]
    public Task A_callback_whose_parameters_would_change_is_not_fixable(string retry) => Verifier.NotFixableAsync(Async(Handle + retry));

    [Theory]
    [InlineData("{|OCG1101:RetryForeverAsync|}()", "WaitAndRetryForeverAsync(attempt => Backoff.GetDelay(attempt))")]
    [InlineData("{|OCG1101:WaitAndRetryForeverAsync|}(_ => TimeSpan.FromSeconds(1))", "WaitAndRetryForeverAsync(attempt => Backoff.GetDelay(attempt))")]
    public Task A_policy_that_only_a_cancellation_ends_gets_growing_waits(string retry, string fixedRetry)
        => Verifier.FixedAsync(Cancelled(retry), Cancelled(fixedRetry, RetryCode.Import));

    [Fact]
    public Task A_callback_of_an_endless_policy_is_kept() => Verifier.NotFixableAsync(Cancelled("{|OCG1101:RetryForeverAsync|}(exception => { })"));

    [Theory]
    [InlineData(".RetryAsync()")]
    [InlineData(".RetryAsync(1)")]
    [InlineData(".WaitAndRetryAsync(1, _ => TimeSpan.FromSeconds(1))")]
    [InlineData(".WaitAndRetryAsync(new[] { TimeSpan.FromSeconds(1) })")]
    [InlineData(".WaitAndRetryAsync(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5) })")]
    [InlineData(".WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(Math.Pow(2, attempt)))")]
    [InlineData(".WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(attempt))")]
    [InlineData(".WaitAndRetryAsync(3, _ => TimeSpan.FromMilliseconds(Random.Shared.Next(1000)))")]
    [InlineData(".WaitAndRetryAsync(3, _ => Pause)")]
    [InlineData(".WaitAndRetryAsync(3, For)")]
    [InlineData(".WaitAndRetryAsync(3, attempt => For(attempt))")]
    [InlineData(".WaitAndRetryAsync(Enumerable.Range(0, 3).Select(i => TimeSpan.FromSeconds(1 << i)))")]
    [InlineData(".CircuitBreakerAsync(3, TimeSpan.FromSeconds(1))")]
    public Task Waits_that_change_and_one_repetition_are_silent(string retry) => Verifier.SilentAsync(Async(Handle + retry));

    [Theory]
    [InlineData("Policy.Handle<System.Text.Json.JsonException>().RetryAsync(3)")]
    [InlineData("Policy.Handle<FormatException>().Or<System.Text.Json.JsonException>().RetryAsync(3)")]
    [InlineData("Policy.Handle<HttpRequestException>(e => e.StatusCode == System.Net.HttpStatusCode.Unauthorized).RetryAsync(3)")]
    public Task A_retry_for_a_bad_answer_or_an_expired_key_is_silent(string policy) => Verifier.SilentAsync(Async(policy));

    [Theory]
    [InlineData("Policy.Handle<System.Text.Json.JsonException>().Or<HttpRequestException>().{|OCG1101:RetryAsync|}(3)")]
    [InlineData("Policy<ClientResult<ChatCompletion>>.HandleResult(result => result.GetRawResponse().Status == 503).{|OCG1101:RetryAsync|}(3)")]
    public Task A_retry_for_the_transport_too_is_reported(string policy) => Verifier.ReportedAsync(Async(policy));

    [Fact]
    public Task A_synchronous_policy_is_fixed_as_well() => Verifier.FixedAsync(
        Sync(Handle + ".{|OCG1101:Retry|}(3)"),
        Sync(Handle + ".WaitAndRetry(3, attempt => Backoff.GetDelay(attempt))", RetryCode.Import));

    [Fact]
    public Task Synchronous_equal_waits_are_fixed_as_well() => Verifier.FixedAsync(
        Sync(Handle + ".{|OCG1101:WaitAndRetry|}(3, _ => TimeSpan.FromSeconds(2))"),
        Sync(Handle + ".WaitAndRetry(3, attempt => Backoff.GetDelay(attempt))", RetryCode.Import));

    [Fact]
    public Task A_policy_for_results_is_fixed_as_well() => PolicyIsFixedAsync(
        "Policy<ClientResult<ChatCompletion>>.Handle<ClientResultException>().{|OCG1101:RetryAsync|}(3)",
        "Policy<ClientResult<ChatCompletion>>.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt))");

    [Fact]
    public Task A_policy_in_a_field_is_found() => Verifier.FixedAsync(
        Field("{|OCG1101:RetryAsync|}(3)"),
        Field("WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt))", RetryCode.Import));

    [Fact]
    public Task A_policy_in_a_local_belongs_to_its_method() => Verifier.ReportedAsync(RetryCode.WithPolly($$"""
        public async Task<string> AskAsync(string text)
        {
            var policy = {{Handle}}.{|OCG1101:RetryAsync|}(3);
            return (await policy.ExecuteAsync(() => _chat.CompleteChatAsync(text))).Value.Content[0].Text;
        }

        public async Task<string> ReadAsync(string path)
        {
            var policy = Policy.Handle<IOException>().RetryAsync(3);
            return await policy.ExecuteAsync(() => File.ReadAllTextAsync(path));
        }
        """));

    [Theory]
    [InlineData("public Task<string> ReadAsync(string path) => Policy.Handle<IOException>().RetryAsync(3).ExecuteAsync(() => File.ReadAllTextAsync(path));")]
    [InlineData("public static IAsyncPolicy Shared() => Policy.Handle<IOException>().RetryAsync(3);")]
    [InlineData("public static Task RetryAsync(int count) => Task.FromResult(count);\npublic Task AskAsync() => RetryAsync(3);")]
    public Task What_runs_no_gateway_call_in_sight_is_silent(string members) => Verifier.SilentAsync(RetryCode.WithPolly(members));

    [Fact]
    public Task A_parameter_takes_a_name_that_is_free() => Verifier.FixedAsync(
        RetryCode.WithPolly($$"""
            public async Task AskAsync(string text, int attempt)
            {
                await {{Handle}}.{|OCG1101:RetryAsync|}(attempt + 3).ExecuteAsync(() => _chat.CompleteChatAsync(text));
            }
            """),
        RetryCode.WithPolly(
            $$"""
            public async Task AskAsync(string text, int attempt)
            {
                await {{Handle}}.WaitAndRetryAsync(attempt + 3, attempt2 => Backoff.GetDelay(attempt2)).ExecuteAsync(() => _chat.CompleteChatAsync(text));
            }
            """,
            RetryCode.Import));

    [Fact]
    public Task Several_policies_are_fixed_at_once() => Verifier.FixedAsync(
        RetryCode.WithPolly($$"""
            public async Task AskAsync(string text)
            {
                await {{Handle}}.{|OCG1101:RetryAsync|}(3).ExecuteAsync(() => _chat.CompleteChatAsync(text));
                await {{Handle}}.{|OCG1101:RetryAsync|}(4).ExecuteAsync(() => _chat.CompleteChatAsync(text));
            }
            """),
        RetryCode.WithPolly(
            $$"""
            public async Task AskAsync(string text)
            {
                await {{Handle}}.WaitAndRetryAsync(3, attempt => Backoff.GetDelay(attempt)).ExecuteAsync(() => _chat.CompleteChatAsync(text));
                await {{Handle}}.WaitAndRetryAsync(4, attempt => Backoff.GetDelay(attempt)).ExecuteAsync(() => _chat.CompleteChatAsync(text));
            }
            """,
            RetryCode.Import));

    private static Task PolicyIsFixedAsync(string policy, string fixedPolicy) => Verifier.FixedAsync(Async(policy), Async(fixedPolicy, RetryCode.Import));

    private static string Async(string policy, string import = "") => RetryCode.WithPolly(
        $$"""
        private const int Count = 3;
        {{Settings}}
        private static TimeSpan For(int attempt) => TimeSpan.FromSeconds(attempt);

        public async Task<string> AskAsync(string text)
        {
            var policy = {{policy}};
            return (await policy.ExecuteAsync(() => _chat.CompleteChatAsync(text))).Value.Content[0].Text;
        }
        """,
        import);

    private static string Sync(string policy, string import = "") => RetryCode.WithPolly(
        $$"""
        public string Ask(string text) => {{policy}}.Execute(() => _chat.CompleteChat(text)).Value.Content[0].Text;
        """,
        import);

    private static string Cancelled(string retry, string import = "") => RetryCode.WithPolly(
        $$"""
        public Task AskAsync(ChatMessage[] messages, CancellationToken token)
            => {{Handle}}.{{retry}}.ExecuteAsync(ct => _chat.CompleteChatAsync(messages, cancellationToken: ct), token);
        """,
        import);

    private static string Field(string retry, string import = "") => RetryCode.WithPolly(
        $$"""
        private readonly AsyncRetryPolicy _retry = {{Handle}}.{{retry}};

        public async Task<string> AskAsync(string text)
            => (await _retry.ExecuteAsync(() => _chat.CompleteChatAsync(text))).Value.Content[0].Text;
        """,
        import);
}
