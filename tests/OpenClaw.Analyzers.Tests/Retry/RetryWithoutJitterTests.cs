using Verifier = OpenClaw.Analyzers.Tests.Verify<OpenClaw.Analyzers.Retry.RetryAnalyzer, OpenClaw.Analyzers.CodeFixes.Retry.AddJitter>;

namespace OpenClaw.Analyzers.Tests.Retry;

/// <summary>Waits that grow for every caller alike.</summary>
public sealed class RetryWithoutJitterTests
{
    private const string Members = """
        private static readonly int[] Table = { 100, 200, 400, 800, 1600 };
        private static readonly TimeSpan[] Spans = { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5) };
        private static readonly int[] Spread = { 100, Random.Shared.Next(400) };
        private readonly SemaphoreSlim _signal = new(0);
        private static TimeSpan For(int attempt) => TimeSpan.FromSeconds(1 << Math.Min(attempt, 5));
        private static TimeSpan Between(int attempt) { int pause = 100 << attempt; return TimeSpan.FromMilliseconds(pause + Random.Shared.Next(pause)); }
        private static Task PauseAsync(int attempt) => Task.Delay(100 * attempt);
        private static IEnumerable<int> Endless() { while (true) { yield return 1; } }

        """;

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("await {|OCG1102:Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), token)|};")]
    [InlineData("await {|OCG1102:Task.Delay(1000 << attempt)|};")]
    [InlineData("await {|OCG1102:Task.Delay(1000 * (attempt + 1))|};")]
    [InlineData("await {|OCG1102:Task.Delay(Table[attempt])|};")]
    [InlineData("await {|OCG1102:Task.Delay(Spans[Math.Min(attempt, Spans.Length - 1)], token)|};")]
    [InlineData("await {|OCG1102:Task.Delay(delay)|}; delay = Math.Min(delay * 2, 30000);")]
    [InlineData("await {|OCG1102:Task.Delay(delay)|}; delay *= 2;")]
    [InlineData("var pause = TimeSpan.FromSeconds(Math.Pow(2, attempt)); await {|OCG1102:Task.Delay(pause, token)|};")]
    [InlineData("await {|OCG1102:Task.Delay(For(attempt))|};")]
    [InlineData("{|OCG1102:Thread.Sleep(For(attempt))|};")]
    [InlineData("await {|OCG1102:Task.Delay(attempt switch { 0 => 100, 1 => 500, _ => 2000 })|};")]
    [InlineData("await {|OCG1102:Task.Delay(attempt < 3 ? 100 << attempt : 800)|};")]
    public Task Waits_without_a_random_part_are_reported(string wait) => Verifier.ReportedAsync(Loop(wait));

    [Theory]
    [InlineData("await Task.Delay(1000);")]
    [InlineData("_log.LogWarning(\"again\");")]
    [InlineData("await Task.Delay((1000 << attempt) + Random.Shared.Next(1000));")]
    [InlineData("await Task.Delay(Random.Shared.Next(1000 << attempt));")]
    [InlineData("int jitter = text.Length; await Task.Delay((1000 << attempt) + jitter);")]
    [InlineData("int more = Random.Shared.Next(9); await Task.Delay((1000 << attempt) + more);")]
    [InlineData("await Task.Delay(Between(attempt));")]
    [InlineData("await Task.Delay(Spread[attempt % 2] << attempt);")]
    [InlineData("await Task.Delay((1000 << attempt) + (int)(DateTime.UtcNow.Ticks % 500));")]
    [InlineData("await Task.Delay((1000 << attempt) + Guid.NewGuid().GetHashCode() % 500);")]
    [InlineData("await Task.Delay(1000 << attempt); await Task.Delay(Random.Shared.Next(9));")]
    [InlineData("await PauseAsync(attempt);")]
    [InlineData("await Task.Delay(given(attempt));")]
    [InlineData("await Task.Delay(Endless().First() << attempt);")]
    [InlineData("await _signal.WaitAsync(1000 << attempt, token);")]
    [InlineData("await OpenClaw.Resilience.Backoff.DelayAsync(attempt, token);")]
    [InlineData("await Task.Delay(OpenClaw.Resilience.Backoff.GetDelay(attempt, TimeSpan.FromSeconds(3)), token);")]
    public Task Waits_with_one_or_out_of_sight_are_silent(string wait) => Verifier.SilentAsync(Loop(wait));

    [Fact]
    public Task A_wait_that_the_server_names_is_silent() => Verifier.SilentAsync(RetryCode.InMethod(
        """
        for (int attempt = 0; attempt < 5; attempt++)
        {
            HttpResponseMessage reply = await _http.PostAsync(Url, new StringContent(text), token);
            if (reply.IsSuccessStatusCode) { return ""; }
            await Task.Delay(reply.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1 << attempt), token);
        }

        return "";
        """));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1102:WaitAndRetryAsync|}(3, attempt => TimeSpan.FromSeconds(Math.Pow(2, attempt)))")]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1102:WaitAndRetryAsync|}(3, attempt => { var pause = 1 << attempt; return TimeSpan.FromSeconds(pause); })")]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1102:WaitAndRetryAsync|}(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5) })")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1102:AddRetry|}(new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential }).Build()")]
    [InlineData("new ResiliencePipelineBuilder().{|OCG1102:AddRetry|}(new RetryStrategyOptions { BackoffType = DelayBackoffType.Linear, UseJitter = false }).Build()")]
    public Task A_policy_without_a_random_part_is_reported(string policy) => Verifier.ReportedAsync(Policies(policy));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => TimeSpan.FromSeconds(Math.Pow(2, attempt)) + TimeSpan.FromMilliseconds(Random.Shared.Next(100)))")]
    [InlineData("Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => OpenClaw.Resilience.Backoff.GetDelay(attempt))")]
    [InlineData("Policy.Handle<ClientResultException>().WaitAndRetryAsync(Enumerable.Range(0, 3).Select(i => TimeSpan.FromSeconds(1 << i)))")]
    [InlineData("Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, _ => TimeSpan.FromSeconds(1))")]
    [InlineData("Policy.Handle<ClientResultException>().RetryAsync(3)")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential, UseJitter = true }).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions { BackoffType = DelayBackoffType.Exponential, DelayGenerator = _ => new ValueTask<TimeSpan?>(TimeSpan.Zero) }).Build()")]
    [InlineData("new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions()).Build()")]
    public Task A_policy_with_one_or_without_growth_is_silent(string policy) => Verifier.SilentAsync(Policies(policy));

    [Theory]
    [Trait("Suite", "Smoke")]
    [InlineData("await {|OCG1102:Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)), token)|};", "await Task.Delay(Backoff.GetDelay(0, TimeSpan.FromSeconds(Math.Pow(2, attempt))), token);")]
    [InlineData("await {|OCG1102:Task.Delay(1000 << attempt)|}.ConfigureAwait(false);", "await Task.Delay(Backoff.GetDelay(0, TimeSpan.FromMilliseconds(1000 << attempt))).ConfigureAwait(false);")]
    [InlineData("{|OCG1102:Thread.Sleep(For(attempt))|}; // a while", "Thread.Sleep(Backoff.GetDelay(0, For(attempt))); // a while")]
    public Task A_wait_gets_a_random_part(string wait, string fixedWait) => Verifier.FixedAsync(Loop(wait), Loop(fixedWait, RetryCode.Import));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1102:WaitAndRetryAsync|}(3, attempt => TimeSpan.FromSeconds(attempt))", "Policy.Handle<ClientResultException>().WaitAndRetryAsync(3, attempt => Backoff.GetDelay(0, TimeSpan.FromSeconds(attempt)))")]
    public Task A_provider_gets_a_random_part(string policy, string fixedPolicy) => Verifier.FixedAsync(Policies(policy), Policies(fixedPolicy, RetryCode.Import));

    [Theory]
    [InlineData("BackoffType = DelayBackoffType.Exponential", "BackoffType = DelayBackoffType.Exponential, UseJitter = true")]
    [InlineData("UseJitter = false, BackoffType = DelayBackoffType.Linear", "UseJitter = true, BackoffType = DelayBackoffType.Linear")]
    public Task Options_get_a_random_part(string options, string fixedOptions)
    {
        return Verifier.FixedAsync(Policies(Pipeline("{|OCG1102:AddRetry|}", options)), Policies(Pipeline("AddRetry", fixedOptions)));

        static string Pipeline(string addRetry, string options) => $"new ResiliencePipelineBuilder().{addRetry}(new RetryStrategyOptions {{ {options} }}).Build()";
    }

    [Theory]
    [InlineData("Task pause = {|OCG1102:Task.Delay(1000 << attempt)|}; await pause;")]
    [InlineData("{|OCG1102:token.WaitHandle.WaitOne(1000 << attempt)|};")]
    public Task Another_wait_is_not_fixable(string wait) => Verifier.NotFixableAsync(Loop(wait));

    [Theory]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1102:WaitAndRetryAsync|}(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5) })")]
    [InlineData("Policy.Handle<ClientResultException>().{|OCG1102:WaitAndRetryAsync|}(3, attempt => { var pause = 1 << attempt; return TimeSpan.FromSeconds(pause); })")]
    public Task Another_provider_is_not_fixable(string policy) => Verifier.NotFixableAsync(Policies(policy));

    [Fact]
    public Task Waits_of_several_documents_are_fixed_at_once() => Verifier.FixedInAllAsync(
        [Loop("await {|OCG1102:Task.Delay(1000 << attempt, token)|};"), Other(Loop("await {|OCG1102:Task.Delay(For(attempt), token)|};"))],
        [Loop("await Task.Delay(Backoff.GetDelay(0, TimeSpan.FromMilliseconds(1000 << attempt)), token);", RetryCode.Import), Other(Loop("await Task.Delay(Backoff.GetDelay(0, For(attempt)), token);", RetryCode.Import))]);

    private static string Other(string source) => source
        .Replace("class Agent", "class Other", StringComparison.Ordinal)
        .Replace("public Agent", "public Other", StringComparison.Ordinal)
        .Replace("static void Main() { }", "", StringComparison.Ordinal);

    private static string Loop(string wait, string import = "") => RetryCode.InMethod(
        $$"""
        int delay = 100;
        Func<int, int> given = n => n;
        for (int attempt = 0; attempt < 5; attempt++)
        {
            try
            {
                return (await _chat.CompleteChatAsync(messages, cancellationToken: token)).Value.Content[0].Text;
            }
            catch (ClientResultException)
            {
                {{wait}}
            }
        }

        return delay + given.ToString();
        """,
        import,
        members: Members);

    private static string Policies(string policy, string import = "") => RetryCode.WithPolly(
        $$"""
        public async Task<string> AskAsync(string text)
            => (await {{policy}}.ExecuteAsync({{(policy.Contains("Builder", StringComparison.Ordinal) ? "async _ => await " : "() => ")}}_chat.CompleteChatAsync(text))).Value.Content[0].Text;
        """,
        import);
}
